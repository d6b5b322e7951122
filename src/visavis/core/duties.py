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
    # Tell the platform that a room it lists is for another time, or has another name.
    CHANGE = "change"
    # The answer to a request was lost: never use what may have been made.
    WRITE_OFF = "write_off"
    CLOSE_UNWANTED = "close_unwanted"
    CLOSE_HOST_CHANGED = "close_host_changed"
    CLOSE_ENDED = "close_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an appointment wants. All times are UTC epoch minutes.

    `opens` is when a room should exist. `started` is set once the provider asked for it
    after whatever room there was before had ended. `provider` is the key of who leads it and
    `host` who that is at the platform. `plan` is what a listed room says of itself, and empty
    where the platform lists none.
    """

    wanted: bool
    opens: int
    ends: int
    host: str
    provider: int = 0
    plan: str = ""
    started: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The room we know of: asked for from `host` for `provider`, answered or not yet."""

    host: str
    answered: bool
    provider: int = 0
    plan: str = ""
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
    if now >= wanted.ends + GRACE:
        # People who are still talking are not cut off.
        return Duty.NOTHING if held.live else Duty.CLOSE_ENDED
    if not due:
        return Duty.CLOSE_UNWANTED
    return _suiting(wanted, held)


def _suiting(wanted: Wanted, held: Held) -> Duty:
    """Return what must be done so that a room which is due is the right one."""
    # The same provider, who is talking at this moment, goes on as whom they came in.
    talking = held.live and held.provider == wanted.provider
    if held.host != wanted.host and not talking:
        return Duty.CLOSE_HOST_CHANGED
    # One that was not listed cannot become so, and is as good.
    if held.plan and wanted.plan and held.plan != wanted.plan and not held.live:
        return Duty.CHANGE
    return Duty.NOTHING
