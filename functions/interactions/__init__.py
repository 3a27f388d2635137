"""The front door: verifies, gates and acknowledges interactions; answers the Info commands."""

COMMANDS = ("help", "info", "invite", "ping", "version")
