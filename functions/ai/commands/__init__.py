"""The AI group's commands, one module each."""
