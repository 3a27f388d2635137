"""The measuring of external calls."""

import pytest

from tests.fakes import FakeClock
from utilsbot.meter import ApiCall, Meter


@pytest.fixture
def meter(fake_clock: FakeClock) -> Meter:
    """A meter with ten seconds left."""
    return Meter(fake_clock.clock.monotonic, fake_clock.seconds + 10)


def test_a_call_is_noted_with_its_time_and_outcome(meter: Meter, fake_clock: FakeClock) -> None:
    """What the block says, or `ok`."""
    with meter.call("ip-api"):
        fake_clock.advance(0.25)
    with meter.call("gemini") as call:
        call.tokens = 7
        call.fail("429")

    assert meter.calls == [
        ApiCall("ip-api", "ok", failed=False, duration_ms=250),
        ApiCall("gemini", "429", failed=True, duration_ms=0, tokens=7),
    ]


def test_an_exception_is_a_failure_unless_more_is_known(meter: Meter) -> None:
    """It goes on; the note has its type, or the word that was set before."""

    def fail(api: str, word: str) -> None:
        with meter.call(api) as call:
            if word:
                call.fail(word)
            raise ZeroDivisionError

    for api, word in (("a", ""), ("b", "timeout")):
        with pytest.raises(ZeroDivisionError):
            fail(api, word)

    assert [(call.outcome, call.failed) for call in meter.calls] == [
        ("ZeroDivisionError", True),
        ("timeout", True),
    ]


def test_time_runs_out(meter: Meter, fake_clock: FakeClock) -> None:
    """A call gets what it wants, then what is left, then nothing."""
    assert meter.left_s(4) == 4
    fake_clock.advance(8)
    assert meter.left_s(4) == 2
    fake_clock.advance(8)
    assert meter.left_s(4) == 0
