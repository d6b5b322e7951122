"""A platform that lives in this process, for tests: rooms, people in them, and trouble."""

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from visavis.gateways.video import (
    Attended,
    Fault,
    HostCheck,
    MappingBroken,
    NotThere,
    Opened,
    RoomRequest,
    RoomState,
    TryLater,
)


@dataclass
class MemoryRoom:
    """A room at the platform, and what became of it."""

    opened: Opened
    request: RoomRequest
    live: bool = False
    gone: bool = False
    attended: list[Attended] = field(default_factory=list)


class MemoryVideo:
    """A gateway and the platform behind it.

    With `hosts`, only those may host. `fail` provokes trouble; `begin`, `leave` and `finish`
    do what people do; `rooms` and `calls` show what was asked of it.
    """

    def __init__(self, hosts: set[str] | None = None) -> None:
        self.hosts = hosts
        self.rooms: dict[str, MemoryRoom] = {}
        self.calls: list[str] = []
        self._troubles: deque[tuple[Exception, bool]] = deque()
        self._numbers = itertools.count(81234567890)
        self._visits = itertools.count(1)

    def fail(self, error: Exception, *, times: int = 1, after_acting: bool = False) -> None:
        """Let the next calls raise an error; with `after_acting`, once they have been done."""
        self._troubles.extend([(error, after_acting)] * times)

    def begin(self, external_id: str) -> None:
        """Let the host come in."""
        self._room(external_id).live = True

    def visit(
        self, external_id: str, name: str, *, email: str, joined_at: datetime, left_at: datetime
    ) -> None:
        """Let somebody have been there."""
        room = self._room(external_id)
        number = str(len(room.attended) + 1)
        room.attended.append(Attended(name, email, joined_at, left_at, number))

    def finish(self, external_id: str) -> None:
        """Let everybody leave; a room that was not scheduled is gone with them."""
        room = self._room(external_id)
        room.live = False
        room.gone = not room.request.scheduled

    def vanish(self, external_id: str) -> None:
        """Let the host delete the room."""
        self._room(external_id).gone = True

    def check(self, host_id: str) -> HostCheck:
        """Look whether somebody is a host here. Raises MappingBroken."""
        self._called("check")
        self._known(host_id)
        return HostCheck()

    def open(self, request: RoomRequest) -> Opened:
        """Make a room. Raises MappingBroken for somebody who is not a host here."""
        trouble = self._called("open", acts=True)
        self._known(request.host_id)
        number = str(next(self._numbers))
        opened = Opened(
            external_id=number,
            external_uuid=f"/{number}==",
            join_url=f"https://video.example/j/{number}",
            passcode=number[-6:],
        )
        self.rooms[number] = MemoryRoom(opened, request)
        if trouble:
            raise trouble
        return opened

    def change(self, external_id: str, request: RoomRequest) -> None:
        """Let a room be for another time."""
        trouble = self._called("change", acts=True)
        self._room(external_id).request = request
        if trouble:
            raise trouble

    def find(self, host_id: str, reference: str) -> str:
        """Return the scheduled room with this reference, if it is there."""
        self._called("find")
        for number, room in self.rooms.items():
            listed = room.request.scheduled and not room.gone
            if listed and (room.request.host_id, room.request.reference) == (host_id, reference):
                return number
        return ""

    def start_url(self, external_id: str) -> str:
        """Return an address that was never given before."""
        self._called("start_url")
        self._room(external_id)
        return f"https://video.example/s/{external_id}?visit={next(self._visits)}"

    def state(self, external_id: str) -> RoomState:
        """Return what goes on in the room."""
        self._called("state")
        return RoomState.LIVE if self._room(external_id).live else RoomState.WAITING

    def close(self, external_id: str, *, live: bool = True) -> None:
        """Let the room be gone, if it is there.

        Raises TryLater if people are in it and `live` is False.
        """
        trouble = self._called("close", acts=True)
        room = self.rooms.get(external_id)
        if room is not None and room.live and not live:
            raise TryLater(Fault.HOST_BUSY, "the meeting is going on")
        if room is not None:
            room.live, room.gone = False, True
        if trouble:
            raise trouble

    def attendance(self, external_uuid: str) -> list[Attended]:
        """Return who was there."""
        self._called("attendance")
        for room in self.rooms.values():
            if external_uuid in {room.opened.external_uuid, room.opened.external_id}:
                return list(room.attended)
        raise NotThere(external_uuid)

    def personal_links(self, external_id: str, names: Sequence[str]) -> dict[str, str]:
        """Return ways in that carry the names."""
        self._called("personal_links")
        url = self._room(external_id).opened.join_url
        return {name: f"{url}?name={name}" for name in names}

    def _called(self, what: str, *, acts: bool = False) -> Exception | None:
        """Raise the trouble that is due, or return it if it comes after the act."""
        self.calls.append(what)
        if not self._troubles:
            return None
        error, after_acting = self._troubles.popleft()
        if not (acts and after_acting):
            raise error
        return error

    def _known(self, host_id: str) -> None:
        if self.hosts is not None and host_id not in self.hosts:
            raise MappingBroken(Fault.HOST_GONE, host_id)

    def _room(self, external_id: str) -> MemoryRoom:
        room = self.rooms.get(external_id)
        if room is None or room.gone:
            raise NotThere(external_id)
        return room
