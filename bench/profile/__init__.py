"""Measures what one command of each group takes, for the cost model and the simulation."""
