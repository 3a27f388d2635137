"""local.faults: the specification of faults, and its decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.faults import AVAILABLE, OF_AWS, BadFaults, Faults, parse

CHANCES = ",".join(f"{name}=0.5" for name in AVAILABLE)


def _decisions(faults: Faults, name: str, key: str = "", times: int = 40) -> list[bool]:
    return [faults.happens(name, key) for _ in range(times)]


@pytest.mark.parametrize("name", AVAILABLE)
def test_the_same_seed_gives_the_same_faults(name: str) -> None:
    """A failing run can be repeated: when, in which form, how long."""
    first, second, other = (parse(f"{CHANCES},seed={seed}") for seed in (7, 7, 8))

    assert _decisions(first, name) == _decisions(second, name) != _decisions(other, name)
    assert first.between(name, 0, 9, "a") == second.between(name, 0, 9, "a")
    forms = [[faults.one_of(name, "xyz", "a") for _ in range(20)] for faults in (first, second)]
    assert forms[0] == forms[1]
    assert set(forms[0]) == set("xyz")


def test_neither_another_fault_nor_another_interaction_shifts_a_decision() -> None:
    """What happens to an interaction does not depend on the order in which the others come."""
    alone, mixed = parse(f"{CHANCES},seed=1"), parse(f"{CHANCES},seed=1")
    mixed.happens("duplicate_delivery", "1")
    _decisions(mixed, "discord_429", "2")

    assert _decisions(alone, "discord_429", "1") == _decisions(mixed, "discord_429", "1")


def test_nothing_happens_without_a_specification() -> None:
    """The empty specification is the normal case."""
    faults = parse("")

    assert not any(faults.happens(name) for name in AVAILABLE)
    assert (str(faults), faults.on, faults.of_aws) == ("none", {}, False)


def test_a_name_alone_means_always() -> None:
    """As `=1`."""
    assert all(_decisions(parse("discord_404_race"), "discord_404_race"))


def test_what_is_on_is_told() -> None:
    """`GET /health` shows it; a fault of AWS needs the proxy."""
    faults = parse("discord_429=0,worker_crash=0.25")

    assert (faults.on, faults.of_aws) == ({"worker_crash": 0.25}, False)
    assert all(parse(name).of_aws for name in OF_AWS)


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
    st.dictionaries(st.sampled_from(sorted(AVAILABLE)), st.floats(0, 1, width=16)),
    st.integers(0, 2**32),
)
def test_a_specification_survives_printing(probabilities: dict[str, float], seed: int) -> None:
    """What /health prints can be given again."""
    spec = ",".join([*(f"{n}={p!r}" for n, p in probabilities.items()), f"seed={seed}"])
    faults = parse(spec)

    again = parse(str(faults))

    assert again.probabilities == pytest.approx(faults.probabilities, rel=1e-4)
    assert not probabilities or again.seed == seed
