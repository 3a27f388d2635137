"""The kept measurement is of the code as it is: what a command calls and writes has not changed."""

import pytest

from bench.profile import measuring
from cli.pricing.measured import load

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("profile")]


def test_calls_and_writes_are_those_that_were_measured() -> None:
    """Otherwise `python -m bench.profile` and `make docs` bring the bill up to date."""
    kept = load().groups["tools"]
    found = measuring.patiently("tools", 2, load().functions["tools"].memory_mb).group
    switches = {"InteractionsFunction BatchGetItem"}  # read now and then

    assert found.writes == kept.writes
    assert found.calls.keys() - switches == kept.calls.keys() - switches
    assert found.log_bytes == pytest.approx(kept.log_bytes, rel=0.05)
    assert found.metric_bytes == pytest.approx(kept.metric_bytes, rel=0.05)
    assert found.edits == kept.edits
