"""The sandbox: runs developers' code for /eval and /run, with no permission, secret or network.

No command lives here. docs/system.md says what protects whom, and from what.
"""
