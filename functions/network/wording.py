"""Words that several of the group's texts need."""

from collections.abc import Iterable
from functools import reduce

from utilsbot.i18n import _


def together(parts: Iterable[str]) -> str:
    """As `one and other and third`; at least one."""
    return reduce(lambda one, other: _("{one} and {other}").format(one=one, other=other), parts)
