"""Which words there are, and which one is asked for. `words/README.md` says where they are from."""

import hmac
import secrets
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "words"


class WordLists:
    """The lists beside this module, read when they are first needed."""

    def accepts(self, word: str) -> bool:
        """Whether a word may be guessed."""
        return word in _accepted()

    def random(self, avoid: Collection[str]) -> str:
        """An answer that nobody can foresee, none of those to avoid if any other is left."""
        return secrets.choice([word for word in answers() if word not in avoid] or answers())

    def daily(self, day: date, secret: bytes) -> str:
        """The answer of a UTC day.

        The answers come in an order that only the secret tells, each once before any comes again.
        """
        cycle, place = divmod(day.toordinal(), len(answers()))
        return _order(cycle, secret)[place]


@cache
def answers() -> tuple[str, ...]:
    """Every answer."""
    return tuple((_FOLDER / "answers.txt").read_text("ascii").split())


@cache
def _accepted() -> frozenset[str]:
    return frozenset((*answers(), *(_FOLDER / "guesses.txt").read_text("ascii").split()))


@cache
def _order(cycle: int, secret: bytes) -> tuple[str, ...]:
    def rank(word: str) -> bytes:
        return hmac.digest(secret, f"wordle/{cycle}/{word}".encode(), "sha256")

    return tuple(sorted(answers(), key=rank))
