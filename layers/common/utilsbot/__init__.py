"""The shared language of every function; it knows no command and imports nothing of ours."""

__version__ = "0.1.0"
