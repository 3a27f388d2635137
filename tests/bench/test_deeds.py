"""bench.deeds: a run can be repeated, and has something of everything."""

from bench.chaos import FAULTS
from bench.deeds import Script, Shown
from functions.catalog import CATALOG
from local.faults import AVAILABLE

URL = "http://127.0.0.1:1"


def test_the_same_seed_does_the_same() -> None:
    """Under the same ids, which the faults' decisions follow from."""
    first, second = ([d.body for n in range(3) for d in Script(7, URL).user(n)] for _ in "ab")

    assert first == second
    assert first != [d.body for n in range(3) for d in Script(8, URL).user(n)]


def test_every_group_is_used() -> None:
    """Each with commands that need no outside service."""
    names = {deed.name.partition(" ")[0] for deed in Script(1, URL).user(0)}
    groups = {module.group for module in CATALOG if module.spec.name in names}

    assert groups == {module.group for module in CATALOG}


def test_every_fault_is_switched_on() -> None:
    """A new fault cannot be forgotten."""
    assert FAULTS.keys() == AVAILABLE.keys()
    assert all(0 < chance < 1 for chance in FAULTS.values())


def test_right_answers_are_told_from_wrong_ones() -> None:
    """The check of each deed refuses an empty message."""
    nothing = Shown("", (), (), ())

    assert all(deed.check(nothing) for number in range(3) for deed in Script(1, URL).user(number))
