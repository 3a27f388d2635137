"""The `utilsbot` command line."""
