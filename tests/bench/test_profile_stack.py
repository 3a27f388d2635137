"""The kept measurement is of the code as it is: what a command calls and writes has not changed."""

import pytest

from bench.profile import measuring
from cli.pricing.measured import load

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("profile")]


@pytest.mark.parametrize("name", ["tools", "interactions"])
def test_calls_and_writes_are_those_that_were_measured(name: str) -> None:
    """Otherwise `python -m bench.profile` and `make docs` bring the bill up to date."""
    kept = load()
    found = measuring.profile(name, 2, kept.functions[name].memory_mb)

    assert found.group.writes == kept.groups[name].writes
    assert found.group.calls.keys() - {"InteractionsFunction BatchGetItem"} == (
        kept.groups[name].calls.keys() - {"InteractionsFunction BatchGetItem"}
    )
    assert found.group.log_bytes == pytest.approx(kept.groups[name].log_bytes, rel=0.05)
    assert found.group.metric_bytes == pytest.approx(kept.groups[name].metric_bytes, rel=0.05)
    assert found.group.edits == kept.groups[name].edits
