"""Calls of services: tried again, within their time, and broken off."""

from collections.abc import Callable

import pytest

from functions.network.calls import Calls
from functions.network.failures import ProviderFailed
from tests.functions.network.loopback import Ticks, meter

_BUSY = ProviderFailed("is busy", word="503", again=True)
_REFUSES = ProviderFailed("refuses", word="403")
_LIMITED = ProviderFailed("asks us to slow down", word="429", blames_it=False)


def _ask(*outcomes: ProviderFailed | str) -> Callable[[float], str]:
    left = list(outcomes)

    def ask(left_s: float) -> str:
        assert left_s > 0
        outcome = left.pop(0)
        if isinstance(outcome, ProviderFailed):
            raise outcome
        return outcome

    return ask


def test_what_may_pass_is_tried_again_after_a_wait() -> None:
    """Every try is measured; the wait grows and is never the same."""
    ticks = Ticks()
    used = meter(ticks)

    assert Calls(ticks.sleep).call("api", _ask(_BUSY, "fine"), used, budget_s=10) == "fine"
    assert [call.outcome for call in used.calls] == ["503", "ok"]
    assert 0.2 <= ticks.now - 1000 <= 0.8


def test_tries_end() -> None:
    """And the last failure is what is told."""
    ticks = Ticks()
    used = meter(ticks)
    with pytest.raises(ProviderFailed, match="is busy"):
        Calls(ticks.sleep).call("api", _ask(*[_BUSY] * 9), used, budget_s=10, tries=3)

    assert len(used.calls) == 3


@pytest.mark.parametrize("failure", [_REFUSES, _LIMITED])
def test_what_will_not_pass_is_not_tried_again(failure: ProviderFailed) -> None:
    """A refusal, and above all a rate limit."""
    used = meter()
    with pytest.raises(ProviderFailed):
        Calls(Ticks().sleep).call("api", _ask(failure), used, budget_s=10)

    assert len(used.calls) == 1


def test_no_try_begins_when_the_time_is_over() -> None:
    """Neither the budget's nor the invocation's."""
    ticks = Ticks()
    used = meter(ticks, left_s=5)

    def slow(left_s: float) -> str:
        ticks.now += 4.9
        raise _BUSY

    with pytest.raises(ProviderFailed, match="is busy"):
        Calls(ticks.sleep).call("api", slow, used, budget_s=60, tries=5)
    with pytest.raises(ProviderFailed, match="could not be asked in time"):
        Calls(ticks.sleep).call("api", slow, meter(ticks, left_s=0), budget_s=60)
    assert len(used.calls) == 1


def test_a_service_that_keeps_failing_is_left_alone() -> None:
    """For a while nobody waits for it; other services are asked as before."""
    ticks = Ticks()
    calls = Calls(ticks.sleep, failures_until_open=3)
    for _ in range(3):
        with pytest.raises(ProviderFailed, match="refuses"):
            calls.call("api", _ask(_REFUSES), meter(), budget_s=10)
    used = meter()

    with pytest.raises(ProviderFailed, match="left alone for a moment"):
        calls.call("api", _ask(), used, budget_s=10)
    assert used.calls == []
    assert calls.call("other", _ask("fine"), meter(), budget_s=10) == "fine"


def test_after_the_pause_one_call_decides() -> None:
    """If it succeeds, the service is asked as before."""
    calls = Calls(Ticks().sleep, failures_until_open=1, open_s=0)
    with pytest.raises(ProviderFailed):
        calls.call("api", _ask(_REFUSES), meter(), budget_s=10)

    assert calls.call("api", _ask("fine"), meter(), budget_s=10) == "fine"
    assert calls.call("api", _ask("fine"), meter(), budget_s=10) == "fine"


def test_what_is_not_the_services_fault_opens_no_circuit() -> None:
    """A rate limit, or a page that cannot be photographed."""
    calls = Calls(Ticks().sleep, failures_until_open=2)
    for _ in range(5):
        with pytest.raises(ProviderFailed, match="slow down"):
            calls.call("api", _ask(_LIMITED), meter(), budget_s=10)

    assert calls.call("api", _ask("fine"), meter(), budget_s=10) == "fine"
