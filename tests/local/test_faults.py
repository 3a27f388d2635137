"""local.faults: the specification of faults, and its decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.faults import AVAILABLE, PLANNED, BadFaults, parse


def test_the_same_seed_gives_the_same_faults() -> None:
    """A failing run can be repeated."""
    spec = "discord_429=0.5,seed=7"

    assert [parse(spec).happens("discord_429") for _ in range(50)] != [True] * 50
    first, second = parse(spec), parse(spec)
    assert [first.happens("discord_429") for _ in range(50)] == [
        second.happens("discord_429") for _ in range(50)
    ]


def test_one_fault_does_not_shift_another() -> None:
    """Each has its own stream, however often the others are asked."""
    alone, mixed = (
        parse("discord_429=0.5,seed=1"),
        parse("duplicate_delivery=0.5,discord_429=0.5,seed=1"),
    )
    mixed.happens("duplicate_delivery")

    assert [alone.happens("discord_429") for _ in range(20)] == [
        mixed.happens("discord_429") for _ in range(20)
    ]


def test_nothing_happens_without_a_specification() -> None:
    """The empty specification is the normal case."""
    faults = parse("")

    assert not any(faults.happens(name) for name in AVAILABLE)
    assert str(faults) == "none"


def test_a_name_alone_means_always() -> None:
    """As `=1`."""
    assert parse("discord_404_race").happens("discord_404_race")


@pytest.mark.parametrize("name", PLANNED)
def test_a_planned_fault_says_so(name: str) -> None:
    """Its name is known, and it is an error and not silence."""
    with pytest.raises(BadFaults, match=f"{name} is not available yet"):
        parse(f"{name}=0.1")


@pytest.mark.parametrize(
    "spec",
    [
        "nonsense=1",
        "discord_429=2",
        "discord_429=-1",
        "discord_429=x",
        "discord_429=nan",
        "seed=x",
        "discord_429=1,discord_429=1",
    ],
)
def test_a_wrong_specification_is_refused(spec: str) -> None:
    """Unknown names, numbers out of range, and repetitions."""
    with pytest.raises(BadFaults):
        parse(spec)


@given(
    st.dictionaries(st.sampled_from(sorted(AVAILABLE)), st.floats(0, 1, width=16), min_size=1),
    st.integers(0, 2**32),
)
def test_a_specification_survives_printing(probabilities: dict[str, float], seed: int) -> None:
    """What /health prints can be given again."""
    spec = ",".join([*(f"{n}={p!r}" for n, p in probabilities.items()), f"seed={seed}"])
    faults = parse(spec)

    again = parse(str(faults))

    assert seed == again.seed
    assert again.probabilities == pytest.approx(faults.probabilities, rel=1e-4)
