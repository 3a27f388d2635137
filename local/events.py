"""What happens in the stack, told to whoever listens: the page, the terminal, the tests."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

Event = Mapping[str, Any]

_CLOSED: Event = {"type": "closed"}
_BACKLOG = 1000


class Events:
    """A bus: every subscriber gets every event from when it came."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._queues: set[asyncio.Queue[Event]] = set()
        self.recent: deque[Event] = deque(maxlen=_BACKLOG)
        self._watchers: list[Callable[[Event], None]] = []

    def publish(self, event: Event) -> None:
        """Tells everybody; a listener that does not keep up loses its oldest events."""
        self.recent.append(event)
        for watcher in self._watchers:
            watcher(event)
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    def watch(self, watcher: Callable[[Event], None]) -> None:
        """Hears of every event at once, and misses none."""
        self._watchers.append(watcher)

    async def subscribe(self) -> AsyncIterator[Event]:
        """The events from now on, until the bus is closed."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_BACKLOG)
        self._queues.add(queue)
        try:
            while (event := await queue.get()) is not _CLOSED:
                yield event
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """Ends every subscription."""
        self.publish(_CLOSED)
