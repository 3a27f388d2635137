"""The commands of the tools group."""
