"""The custom ids of our components: all state that a button needs, so that old ones answer.

`password/again/16/1` is the action `again` of /password with the arguments "16" and "1". Parts are
percent-encoded, so any text survives. Discord's limit is 100 characters (components/reference.mdx).
"""

from typing import NamedTuple
from urllib.parse import quote, unquote

MAX_LENGTH = 100


class CustomId(NamedTuple):
    """A custom id taken apart."""

    command: str
    """The command's slug."""
    action: str
    arguments: tuple[str, ...] = ()


def build(command: str, action: str, *arguments: str | int) -> str:
    """The custom id of an action.

    Raises:
        ValueError: it would be longer than Discord's 100 characters.
    """
    text = "/".join(quote(str(part), safe=" :,+=@!*()") for part in (command, action, *arguments))
    if len(text) > MAX_LENGTH:
        raise ValueError(f"custom id of {len(text)} characters: {text}")
    return text


def parse(text: str) -> CustomId | None:
    """The parts of a custom id, or None if it is none of ours."""
    if not text or len(text) > MAX_LENGTH:
        return None
    try:
        command, action, *arguments = (unquote(part, errors="strict") for part in text.split("/"))
    except ValueError:  # too few parts, or bytes that are not UTF-8
        return None
    return CustomId(command, action, tuple(arguments))
