"""Measures each function with the share of a core that Lambda gives to a size of memory."""
