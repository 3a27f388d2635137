"""Time that tests own."""

from utilsbot.clock import Clock


class FakeClock:
    """Time that stands still until it is moved; sleeping moves it."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        """Args: now: epoch seconds to begin with."""
        self.seconds = now
        self.slept: list[float] = []
        self.clock = Clock(lambda: self.seconds, lambda: self.seconds, self.sleep)

    def sleep(self, seconds: float) -> None:
        """Notes the wait and moves on."""
        self.slept.append(seconds)
        self.seconds += seconds

    def advance(self, seconds: float) -> None:
        """Moves on without a wait."""
        self.seconds += seconds
