"""Text that Discord's Markdown cannot take apart: code blocks, inline code, escaped text."""

import re

_ZERO_WIDTH_SPACE = "\u200b"
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_SPECIAL = re.compile(r"[\\*_~`|<>#\[\]()@:-]|(?<=\d)\.(?=\s)")


def code_block(text: str, language: str = "") -> str:
    """A fenced block that shows the text whatever is in it.

    Discord knows fences of exactly three backticks, so runs of three in the text get invisible
    spaces between them; `is_exact` tells whether what is shown is the text itself. At most twice as
    long as the text, and 8 characters and the language more.

    Args:
        text: any text; empty text shows as an empty block.
        language: for highlighting: letters, digits, and + - . # _.
    """
    safe = re.sub("`(?=``)", "`" + _ZERO_WIDTH_SPACE, text)
    body = safe if safe.strip("\n") else _ZERO_WIDTH_SPACE
    return f"```{language}\n{body}\n```"


def is_exact(text: str) -> bool:
    """Whether a code block shows, and copying it gives, this very text.

    It does not with runs of three backticks, characters that cannot be seen, or line breaks at
    the ends, which Discord drops.
    """
    unseen = _INVISIBLE.search(text) or "```" in text
    return bool(text) and not unseen and text.strip("\n") == text


def inline_code(text: str) -> str:
    """Code within a line; line breaks become spaces."""
    flat = " ".join(text.splitlines())
    if "`" not in flat:
        return f"`{flat if flat.strip() else _ZERO_WIDTH_SPACE}`"
    spread = re.sub("`(?=`)", "`" + _ZERO_WIDTH_SPACE, flat)
    return f"`` {spread} ``"


def escape(text: str) -> str:
    """The text as plain text: no formatting, no link, no mention, no heading or list."""
    return _SPECIAL.sub(r"\\\g<0>", text)
