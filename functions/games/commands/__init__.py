"""The games group's commands."""
