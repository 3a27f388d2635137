"""A stand-in for Discord: its side of interactions, its API, and the limits that it enforces.

Written from Discord's documentation and not from `utilsbot.discord`, so that each checks the other.
"""
