"""The commands that the front door answers by itself."""
