"""A record of the calls received, for tests and for curious people."""

import itertools
from collections import deque
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call to the OAuth or REST half."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    body: str
    status: int | None
    app: str
    user: str
    fault: str
    tracking_id: str


class Calls:
    """The latest calls, oldest first."""

    def __init__(self, *, keep: int = 5000) -> None:
        self._calls: deque[Call] = deque(maxlen=keep)
        self._numbers = itertools.count(1)

    def add(self, **fields: object) -> None:
        """Record one call; `fields` are those of `Call` but its number."""
        self._calls.append(Call(number=next(self._numbers), **fields))  # type: ignore[arg-type]

    def matching(
        self, *, method: str = "", path: str = "", status: str = "", since: int = 0
    ) -> list[Call]:
        """Return the calls with this method, text in the path, status, after number `since`."""
        return [
            call
            for call in self._calls
            if method.upper() in {"", call.method}
            and path in call.path
            and status in {"", str(call.status)}
            and call.number > since
        ]

    def clear(self) -> None:
        """Forget them all."""
        self._calls.clear()
