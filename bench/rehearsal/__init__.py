"""`make rehearse`: the real `sam build` and `sam deploy`, against ministack and stand-ins."""
