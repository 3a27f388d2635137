"""Progress: about one edit a second, and never any harm."""

import pytest

from tests.fakes import FakeClock
from utilsbot.errors import DiscordError, OutcomeUnknown, RateLimited, TokenExpired, UserError
from utilsbot.progress import SLOW_AFTER, Progress
from utilsbot.reply import Reply


class _Screen:
    """Notes what is shown; raises what it is told to."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.trouble: Exception | None = None

    def __call__(self, reply: Reply) -> None:
        if self.trouble:
            raise self.trouble
        self.shown.append(reply.content)


@pytest.fixture
def screen() -> _Screen:
    """An empty one."""
    return _Screen()


@pytest.fixture
def progress(screen: _Screen, fake_clock: FakeClock) -> Progress:
    """Progress on that screen."""
    return Progress(screen, fake_clock.clock.monotonic)


def test_it_shows_one_state_a_second(
    progress: Progress, screen: _Screen, fake_clock: FakeClock
) -> None:
    """The first at once, then the newest whenever a second has passed."""
    for number in range(21):
        progress(Reply(str(number)))
        fake_clock.advance(0.25)

    assert screen.shown == ["0", "4", "8", "12", "16", "20"]


def test_a_long_run_slows_down(progress: Progress, screen: _Screen, fake_clock: FakeClock) -> None:
    """30 edits in 60 s are what a channel takes, and it is not ours alone."""
    for _ in range(60):
        progress(Reply("x"))
        fake_clock.advance(1)

    assert len(screen.shown) <= SLOW_AFTER + 23


def test_a_rate_limit_is_waited_out_without_waiting(
    progress: Progress, screen: _Screen, fake_clock: FakeClock
) -> None:
    """Nothing is shown until Discord wants it again, and the command goes on meanwhile."""
    screen.trouble = RateLimited(5.0, "user")
    progress(Reply("a"))
    screen.trouble = None
    for _ in range(6):
        progress(Reply("b"))
        fake_clock.advance(1)

    assert screen.shown == ["b"]
    assert fake_clock.slept == []


@pytest.mark.parametrize(
    "trouble", [DiscordError("502", status=502), UserError("too large"), ValueError("too long")]
)
def test_no_trouble_reaches_the_command(
    progress: Progress, screen: _Screen, fake_clock: FakeClock, trouble: Exception
) -> None:
    """An edit that fails is skipped; the next one may work."""
    screen.trouble = trouble
    progress(Reply("a"))
    screen.trouble = None
    fake_clock.advance(1)
    progress(Reply("b"))

    assert screen.shown == ["b"]


def test_an_edit_that_nobody_answered_is_remembered(
    progress: Progress, screen: _Screen, fake_clock: FakeClock
) -> None:
    """Discord may still carry it out, even after the final reply; others it certainly did not."""
    for trouble in (RateLimited(1, "user"), DiscordError("503", status=503)):
        screen.trouble = trouble
        progress(Reply("a"))
        fake_clock.advance(2)
    assert not progress.adrift

    screen.trouble = OutcomeUnknown("no answer")
    progress(Reply("b"))
    assert progress.adrift


def test_a_dead_token_is_left_alone(
    progress: Progress, screen: _Screen, fake_clock: FakeClock
) -> None:
    """Once the message is gone, nothing more is tried."""
    screen.trouble = TokenExpired("gone", status=404, code=10008)
    progress(Reply("a"))
    screen.trouble = None
    fake_clock.advance(1000)
    progress(Reply("b"))

    assert screen.shown == []
