"""The front door: verifies, gates and acknowledges every interaction, and answers the Info commands."""

COMMANDS = ("help", "info", "invite", "ping", "version")
