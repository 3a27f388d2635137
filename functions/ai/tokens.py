"""Estimates of tokens before anybody has counted them."""

from functions.ai.model import Blob, Prompt

BYTES_PER_TOKEN = 4
"""Google's rule of thumb for English; other scripts have more bytes a character and so more tokens
(ai.google.dev/gemini-api/docs/tokens)."""
TOKENS_PER_IMAGE = 1120
"""The most that a picture costs the 3.x models at their default resolution (media_resolution)."""


def estimate(part: str | Blob) -> int:
    """About how many tokens a text or a picture is; rather too many than too few."""
    if isinstance(part, Blob):
        return TOKENS_PER_IMAGE
    return -(-len(part.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def prompt_tokens(prompt: Prompt) -> int:
    """About how many tokens a whole prompt is."""
    parts = [part for message in prompt.messages for part in message.parts]
    return estimate(prompt.system) + sum(map(estimate, parts))
