"""The tests; their paths mirror the sources'."""
