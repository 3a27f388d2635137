"""Discord's ids, and the reference id that we make of an interaction's id.

Source: discord-api-docs, reference.mdx, Snowflakes.
"""

EPOCH_MS = 1_420_070_400_000
"""Discord's epoch, 2015-01-01, in Unix milliseconds."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def is_snowflake(text: object) -> bool:
    """Whether it is a snowflake as JSON carries it: decimal text below 2**64."""
    return (
        isinstance(text, str)
        and text.isascii()
        and text.isdecimal()
        and len(text) <= 20
        and int(text) < 2**64
    )


def created_at(snowflake: str) -> float:
    """When Discord made the id: epoch seconds."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000


def reference_id(interaction_id: str) -> str:
    """A short name for an interaction that a user can read aloud: `142M-73K0-04001`.

    It is the id itself in another base, so it finds the log line and the stored command without
    a table, whichever function failed.
    """
    number, digits = int(interaction_id), ""
    for _ in range(13):  # 13 digits of 5 bits hold the 64 bits
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def interaction_id(reference: str) -> str:
    """The interaction's id that a reference id stands for; case, hyphens and look-alikes forgiven.

    Raises:
        ValueError: it is no reference id.
    """
    text = reference.strip().upper().replace("-", "").replace(" ", "")
    text = text.replace("O", "0").replace("I", "1").replace("L", "1")
    number = 0
    for letter in text:
        number = number * 32 + _ALPHABET.index(letter)
    if not text or number >= 2**64:
        raise ValueError("not a reference id")
    return str(number)
