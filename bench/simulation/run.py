"""One run: every command's way through the API, the front door, its queue and its worker."""

from collections.abc import Generator, Iterable
from typing import Any, NamedTuple

import simpy

from bench.simulation.world import LIFE_S, Command, Station, World


class Outcome(NamedTuple):
    """What became of one command; times in seconds from when it was sent."""

    group: str
    ack_s: float | None
    """None: the API refused it, and Discord said that the bot did not respond."""
    answer_s: float | None
    """None: refused, or older than its token when a worker took it."""
    gone_s: float
    """When nothing of it was left: answered and recorded."""


class Ran(NamedTuple):
    """A whole run."""

    outcomes: list[Outcome]
    elapsed_s: float
    """Simulated, until the last answer."""
    inside_s: float
    """The integral over time of how many commands were on their way."""
    cold: float
    """The share of invocations that met a cold start."""


class _Environments:
    """A function's execution environments; the one used last is used first, as Lambda does."""

    def __init__(self, env: simpy.Environment, world: World, limit: int) -> None:
        self.slots = simpy.Resource(env, limit)
        self.invocations = self.cold = 0
        self._env = env
        self._world = world
        self._idle: list[float] = []
        """Since when each idle one has been; the last one is the youngest."""

    def take(self, luck: float) -> bool:
        """Takes one; whether it has to be started first."""
        self.invocations += 1
        warm = bool(self._idle) and self._env.now - self._idle[-1] <= self._world.environment_s
        if warm:
            self._idle.pop()
        else:
            self._idle.clear()  # all others have been idle for even longer
        cold = not warm if self._world.cold is None else luck < self._world.cold
        self.cold += cold
        return cold

    def give_back(self) -> None:
        """It waits for the next."""
        self._idle.append(self._env.now)


class Simulation:
    """A deployment under one stream of commands."""

    def __init__(self, world: World) -> None:
        """Args: world: what is simulated."""
        self._world = world
        self._env = simpy.Environment()
        (limit,) = {station.limit for station in world.front.values()}
        self._front = _Environments(self._env, world, limit)
        self._workers = {
            name: _Environments(self._env, world, station.limit)
            for name, station in world.workers.items()
        }
        self._tokens, self._filled_at = world.api_rate, 0.0
        self._inside, self._changed_at, self._inside_s = 0, 0.0, 0.0
        self._outcomes: list[Outcome] = []

    def run(self, commands: Iterable[Command]) -> Ran:
        """Lets all of them come, and waits for the last."""
        self._env.process(self._arrivals(commands))
        self._env.run()
        pools = [self._front, *self._workers.values()]
        invocations = sum(pool.invocations for pool in pools)
        cold = sum(pool.cold for pool in pools) / max(1, invocations)
        return Ran(self._outcomes, self._env.now, self._inside_s, cold)

    def _arrivals(self, commands: Iterable[Command]) -> Generator[simpy.Event, Any, None]:
        for command in commands:
            yield self._env.timeout(command.at - self._env.now)
            self._env.process(self._one(command))

    def _one(self, command: Command) -> Generator[simpy.Event, Any, None]:
        """One command's life."""
        self._count(+1)
        began = self._env.now
        ack_s: float | None = None
        answer_s: float | None = None
        if self._admitted():
            yield self._env.timeout(self._world.endpoint_s / 2)
            station = self._world.front[command.group]
            luck = (command.front, command.cold_front)
            yield from self._invoke(self._front, station, *luck)
            back_s = self._world.endpoint_s / 2
            ack_s = answer_s = self._env.now + back_s - began
            if command.group in self._workers:
                answer_s = yield from self._work(command, began)
            else:
                yield self._env.timeout(back_s)
        self._outcomes.append(Outcome(command.group, ack_s, answer_s, self._env.now - began))
        self._count(-1)

    def _work(self, command: Command, began: float) -> Generator[simpy.Event, Any, float | None]:
        """From the queue to the answer; None: it waited longer than it lives."""
        sent = self._env.now
        yield self._env.timeout(self._world.pickup_s)
        pool, station = self._workers[command.group], self._world.workers[command.group]
        with pool.slots.request() as slot:
            yield slot
            if self._env.now - sent > LIFE_S:
                return None
            yield from self._serve(pool, station, command.worker, command.cold_worker)
            answered = self._env.now - began
            yield self._env.timeout(station.record_s)
            pool.give_back()
        return answered

    def _invoke(
        self, pool: _Environments, station: Station, factor: float, luck: float
    ) -> Generator[simpy.Event, Any, None]:
        with pool.slots.request() as slot:
            yield slot
            yield from self._serve(pool, station, factor, luck)
            pool.give_back()

    def _serve(
        self, pool: _Environments, station: Station, factor: float, luck: float
    ) -> Generator[simpy.Event, Any, None]:
        """Up to the answer."""
        init = station.init_s if pool.take(luck) else 0.0
        yield self._env.timeout((init + station.service_s - station.record_s) * factor)

    def _admitted(self) -> bool:
        """The API's token bucket."""
        rate, now = self._world.api_rate, self._env.now
        self._tokens = min(rate, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _count(self, step: int) -> None:
        now = self._env.now
        self._inside_s += self._inside * (now - self._changed_at)
        self._changed_at = now
        self._inside += step
