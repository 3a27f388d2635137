"""Time that tests own, and what Lambda and SQS hand to a function."""

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


class FakeQueue:
    """Notes what was put back."""

    def __init__(self) -> None:
        self.delays: list[int] = []

    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """As SqsQueue."""
        self.delays.append(delay_s)


class FakeLambda:
    """The context that a function gets."""

    aws_request_id = "r"

    def __init__(self, remaining_ms: int) -> None:
        """Args: remaining_ms: what it always says is left."""
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda's."""
        return self._remaining_ms
