"""Meeting platforms: what we ask of them, and how they may fail.

A gateway acts for one connection at one platform and keeps no state of its own. Every method
may raise a `VideoError`, whose class tells what to do about it and whose `fault` tells why;
nothing else leaves a gateway but `NotThere`, `NotAvailable` and programming errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# What a name on a way in may hold at most; every platform takes this much.
LONGEST_NAME = 64


class Fault(StrEnum):
    """Why a platform could not do it. Kept in the database as these words."""

    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    DAY_LIMIT = "day_limit"
    RECONNECT = "reconnect"
    # The grant may be alive, but what we keep of it cannot be decrypted.
    KEY = "key"
    SCOPES = "scopes"
    SHARED_ACCESS = "shared_access"
    HOST_GONE = "host_gone"
    HOST_NOT_ALLOWED = "host_not_allowed"
    HOST_BUSY = "host_busy"
    APP = "app"
    PERSONAL_ROOM = "personal_room"
    REFUSED = "refused"


class VideoError(Exception):
    """A platform did not do what it was asked.

    `detail` may be shown to an administrator: it never holds a token, a passcode or a link.
    `tracking_id` is what the platform's own support asks for, or empty.
    """

    def __init__(self, fault: Fault, detail: str = "", *, tracking_id: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail
        self.tracking_id = tracking_id


class TryLater(VideoError):
    """It may work by itself after a while.

    `wait` is how long the platform asks us to wait, if it said so. `answer_lost` tells that
    the platform may have done what was asked, although we did not see its answer.
    """

    def __init__(
        self,
        fault: Fault,
        detail: str = "",
        *,
        wait: timedelta | None = None,
        answer_lost: bool = False,
        tracking_id: str = "",
    ) -> None:
        super().__init__(fault, detail, tracking_id=tracking_id)
        self.wait = wait
        self.answer_lost = answer_lost


class NeedsReconnect(VideoError):
    """The grant no longer works, or does not reach far enough: somebody must authorise again."""


class MappingBroken(VideoError):
    """This host cannot be used: gone, not allowed to host, or not shared with us."""


class TellAdministrator(VideoError):
    """Neither waiting nor reconnecting helps: somebody must change something."""


class NotThere(Exception):
    """The platform does not know this room (any more)."""


class NotAvailable(Exception):
    """The platform, or the company's plan at it, does not offer this."""


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """A room that is wanted. Both instants are aware; `time_zone` is an IANA name.

    `scheduled` False asks for a room to be used at once, which a platform's own list of
    meetings does not show; True for one that it does. `reference` is a word of ours by which
    a listed room can be found again.
    """

    topic: str
    host_id: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    scheduled: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A room that exists. What lets people in is left out of its `repr`."""

    external_id: str
    external_uuid: str
    join_url: str = field(repr=False)
    passcode: str = field(default="", repr=False)


class RoomState(StrEnum):
    """What goes on in a room. One that is gone raises `NotThere`."""

    WAITING = "waiting"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Attended:
    """One person's stay, as the platform saw it; what it does not know is empty or None.

    `number` is what the platform calls this stay in this room: who comes again has another
    one. `user_id` is given for those who are signed in as a user of the platform.
    """

    name: str
    email: str
    joined_at: datetime | None
    left_at: datetime | None
    number: str = ""
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class HostCheck:
    """What a look at a host shows ahead of time; None where we may not look.

    Meetings of a host who is not `licensed` may be cut short. `personal_room` tells that rooms
    for use at once would be the host's personal one, `several` that the host may lead more than
    one meeting at a time.
    """

    licensed: bool = True
    personal_room: bool | None = False
    several: bool = False


class VideoGateway(Protocol):
    """One connection to one platform. Any method may raise `VideoError`."""

    def check(self, host_id: str) -> HostCheck:
        """Look whether the connection works and the host exists and may host.

        Raises MappingBroken if the host cannot be used.
        """

    def open(self, request: RoomRequest) -> Opened:
        """Make a new room. Repeating it makes another one."""

    def change(self, external_id: str, request: RoomRequest) -> None:
        """Tell the platform what a listed room is for by now: topic, start and end.

        Raises NotThere, and NotAvailable where another room must take its place.
        """

    def find(self, host_id: str, reference: str) -> str:
        """Return the id of a listed room that was made with this reference, or nothing."""

    def start_url(self, external_id: str) -> str:
        """Return a fresh address that makes whoever opens it the host.

        It is a secret: forward to it at once, and never keep, log or send it.
        Raises NotThere.
        """

    def state(self, external_id: str) -> RoomState:
        """Return what goes on in the room. Raises NotThere."""

    def close(self, external_id: str, *, live: bool = True) -> None:
        """Let the room be gone; may be repeated.

        With `live`, a meeting that is going on is ended first; without, one raises TryLater
        with HOST_BUSY.
        """

    def attendance(self, external_uuid: str) -> list[Attended]:
        """Return who was in a meeting that is over. An id does where no uuid is known.

        Raises NotThere, and NotAvailable where the plan does not include it.
        """

    def personal_links(self, external_id: str, names: Sequence[str]) -> dict[str, str]:
        """Return ways in that carry a person's name each, by these names. None makes a host.

        Names must be different and no longer than LONGEST_NAME; for some there may be no link.
        Raises NotThere, and NotAvailable where the room's own must do for everybody.
        """
