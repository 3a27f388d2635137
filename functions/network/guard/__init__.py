"""The one way to addresses that users give: parse, resolve once, check, connect to just that.

docs/decisions/0006 says what of it is a library's and why; the table of hostile addresses is in
tests/functions/network/test_hostile_addresses.py.
"""
