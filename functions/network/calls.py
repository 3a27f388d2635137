"""Calls of external services: measured, within a time budget, tried again, and broken off.

Retries are tenacity's, circuit breakers pybreaker's. A breaker lives as long as its Lambda instance
and spares that instance's users a wait for a service that is down. What all instances must know (a
rate limit's pause, the day's allowance) is in the store.
"""

from collections.abc import Callable
from typing import TypeVar

from pybreaker import CircuitBreaker, CircuitBreakerError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)
from tenacity.stop import stop_base

from functions.network.failures import ProviderFailed
from utilsbot.i18n import N_
from utilsbot.meter import Meter

T = TypeVar("T")

FAILURES_UNTIL_OPEN = 5
OPEN_S = 30.0
"""How long a broken circuit lets no call through; then one call tries."""


class _NoTimeLeft(stop_base):
    """Ends the tries when the next one would come after the deadline."""

    def __init__(self, meter: Meter, deadline: float) -> None:
        self._meter = meter
        self._deadline = deadline

    def __call__(self, state: RetryCallState) -> bool:
        return self._meter.now() + state.upcoming_sleep >= self._deadline


class Calls:
    """Calls services by name."""

    def __init__(
        self,
        sleep: Callable[[float], None],
        *,
        failures_until_open: int = FAILURES_UNTIL_OPEN,
        open_s: float = OPEN_S,
    ) -> None:
        """Args: sleep: waits so many seconds. The rest is for tests."""
        self._sleep = sleep
        self._failures_until_open = failures_until_open
        self._open_s = open_s
        self._breakers: dict[str, CircuitBreaker] = {}

    def call(
        self,
        api: str,
        ask: Callable[[float], T],
        meter: Meter,
        *,
        budget_s: float,
        tries: int = 2,
    ) -> T:
        """What the service answers.

        Args:
            api: its name in the log and in ApiUsage.
            ask: asks once, within the seconds that it is given.
            meter: notes every try and knows the time that is left.
            budget_s: for all tries and the waits between them.
            tries: at the most.

        Raises:
            ProviderFailed: the last try's failure, or the circuit is open.
        """
        deadline = meter.now() + meter.left_s(budget_s)

        def once() -> T:
            left_s = deadline - meter.now()
            if left_s <= 0:
                why = N_("{service} could not be asked in time")
                raise ProviderFailed(why, word="no_time", blames_it=False)
            with meter.call(api) as call:
                try:
                    return ask(left_s)
                except ProviderFailed as error:
                    call.fail(error.word)
                    raise

        retrying = Retrying(
            retry=retry_if_exception(lambda e: isinstance(e, ProviderFailed) and e.again),
            stop=stop_after_attempt(tries) | _NoTimeLeft(meter, deadline),
            wait=wait_exponential_jitter(initial=0.2, max=2, jitter=0.5),
            sleep=self._sleep,
            reraise=True,
        )
        breaker = self._breaker(api)
        try:
            return retrying(lambda: breaker.call(once))
        except CircuitBreakerError:
            why = N_("{service} has failed again and again, so it is left alone for a moment")
            raise ProviderFailed(why, word="circuit_open", blames_it=False) from None

    def _breaker(self, api: str) -> CircuitBreaker:
        if api not in self._breakers:
            self._breakers[api] = CircuitBreaker(
                fail_max=self._failures_until_open,
                reset_timeout=self._open_s,
                exclude=[lambda e: not (isinstance(e, ProviderFailed) and e.blames_it)],
                name=api,
                throw_new_error_on_trip=False,
            )
        return self._breakers[api]
