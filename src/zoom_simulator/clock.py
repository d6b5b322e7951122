"""Simulated time, and what is due at a given moment of it.

Time runs as the real one does, plus an offset which can be moved. Travelling forward stops at
every moment at which something is due, so a retry after 30 minutes happens at its own time even
if somebody leaps a day ahead.
"""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Job = Callable[[], Awaitable[None]]


@dataclass(order=True)
class _Entry:
    due_at: datetime
    number: int
    job: Job = field(compare=False)


class Clock:
    """The one source of time of the simulator."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._entries: list[_Entry] = []
        self._numbers = itertools.count()
        self._running = asyncio.Lock()

    def now(self) -> datetime:
        """Return the present simulated moment, in UTC."""
        return datetime.now(UTC) + self.offset

    def call_at(self, due_at: datetime, job: Job) -> None:
        """Run `job` when simulated time has reached `due_at`."""
        heapq.heappush(self._entries, _Entry(due_at, next(self._numbers), job))

    def call_in(self, delay: timedelta, job: Job) -> None:
        """Run `job` after `delay` of simulated time."""
        self.call_at(self.now() + delay, job)

    def reset(self) -> None:
        """Go back to real time and forget everything that was due."""
        self.offset = timedelta()
        self._entries.clear()

    async def run_due(self) -> None:
        """Run whatever is due by now."""
        async with self._running:
            while self._entries and self._entries[0].due_at <= self.now():
                await heapq.heappop(self._entries).job()

    async def travel_to(self, target: datetime) -> None:
        """Move to `target`, running on the way what falls due. Going back runs nothing."""
        async with self._running:
            while self._entries and self._entries[0].due_at <= target:
                entry = heapq.heappop(self._entries)
                self._move_to(max(entry.due_at, self.now()))
                await entry.job()
            self._move_to(target)

    def _move_to(self, moment: datetime) -> None:
        self.offset = moment - datetime.now(UTC)


def zoom_time(moment: datetime) -> str:
    """Write a moment as Zoom does: UTC, whole seconds, with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
