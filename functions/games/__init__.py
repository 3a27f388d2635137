"""The games group. docs/games.md says what a second game would add."""

COMMANDS = ("wordle",)
