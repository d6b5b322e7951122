"""How often Zoom may be asked: per second, by account and class of call.

Zoom developer documentation, "Rate limits", and the label of each operation in the API
reference. What a plan allows is not told, so that the pace is that of paid plans, with room
to spare; on a free account the first refusal teaches us to go slower.
"""

from enum import StrEnum
from typing import Protocol

import httpx2


class RateClass(StrEnum):
    """How much a call weighs."""

    LIGHT = "light"
    MEDIUM = "medium"


PER_SECOND = {RateClass.LIGHT: 20, RateClass.MEDIUM: 10}
# Sources disagree about making meetings: the stricter one counts.
_MEDIUM = frozenset(
    {
        ("GET", "/users"),
        ("GET", "/users/{user}/settings"),
        ("POST", "/users/{user}/meetings"),
        ("GET", "/users/{user}/meetings"),
        ("GET", "/past_meetings/{meeting}/participants"),
    }
)


class Pacer(Protocol):
    """Whoever keeps count of the calls to an account."""

    def take(self, kind: RateClass) -> float:
        """Take a place; return 0, or after how many seconds to ask again."""

    def slow_down(self, kind: RateClass, limit: int | None) -> None:
        """Learn that Zoom refused a call because there were too many per second."""


class NoPacer:
    """Never waits."""

    def take(self, kind: RateClass) -> float:
        """Return 0."""
        return 0.0

    def slow_down(self, kind: RateClass, limit: int | None) -> None:
        """Do nothing."""


def rate_class(method: str, template: str) -> RateClass:
    """Return the class of a call."""
    return RateClass.MEDIUM if (method, template) in _MEDIUM else RateClass.LIGHT


def limit_said(response: httpx2.Response) -> int | None:
    """Return how many calls a second a refusal says are allowed, if it says so."""
    said = response.headers.get("x-ratelimit-limit", "")
    per_second = response.headers.get("x-ratelimit-type", "").upper() == "QPS"
    return int(said) if per_second and said.isdecimal() else None
