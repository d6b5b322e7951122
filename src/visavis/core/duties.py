"""What is owed to an online meeting: the one thing to do next, from two sets of facts.

*Wanted* is what an appointment wants, *held* what a platform was asked for and answered. A
worker writes down that it asked before it asks, and what it learned afterwards; if it dies in
between, we know only that there may be a room, and that one is never used. Every duty may be
repeated without harm.
"""

from dataclasses import dataclass
from enum import StrEnum

# A room stays open this many minutes after the end, for a meeting that overruns.
GRACE = 15


class Duty(StrEnum):
    """The next thing to do about a meeting's room."""

    NOTHING = "nothing"
    OPEN = "open"
    # The answer to a request was lost: never use what may have been made.
    WRITE_OFF = "write_off"
    CLOSE_UNWANTED = "close_unwanted"
    CLOSE_HOST_CHANGED = "close_host_changed"
    CLOSE_ENDED = "close_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an appointment wants. All times are UTC epoch minutes.

    `opens` is when a room should exist. `started` is set once the provider asked for it
    after whatever room there was before had ended.
    """

    wanted: bool
    opens: int
    ends: int
    host: str
    started: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The room we know of: asked for from `host`, answered or not yet."""

    host: str
    answered: bool
    live: bool = False


def duty(wanted: Wanted, held: Held | None, *, now: int) -> Duty:
    """Return the one thing to do next."""
    due = wanted.started or (now >= wanted.opens and not wanted.over)
    if held is None:
        return Duty.OPEN if wanted.wanted and due and now < wanted.ends + GRACE else Duty.NOTHING
    if not held.answered:
        return Duty.WRITE_OFF
    if not wanted.wanted:
        return Duty.CLOSE_UNWANTED
    if held.host != wanted.host:
        return Duty.CLOSE_HOST_CHANGED
    if now >= wanted.ends + GRACE:
        # People who are still talking are not cut off.
        return Duty.NOTHING if held.live else Duty.CLOSE_ENDED
    return Duty.NOTHING if due else Duty.CLOSE_UNWANTED
