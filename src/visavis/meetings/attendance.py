"""Who came, when, and for how long, as far as we can tell. Derived, never stored.

Nobody is said to be missing where we know nothing: neither an event nor the platform's list.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from visavis.core.presence import minutes_late, minutes_present
from visavis.meetings.models import JoinLink, Meeting, Presence, Room


class Came(TextChoices):
    """Whether somebody was there."""

    YES = "yes", _("Came")
    NO = "no", _("Did not come, as far as we can tell")
    UNCLEAR = "unclear", _("Cannot be told: somebody else was there")
    UNKNOWN = "unknown", _("Not known")


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's presence in a meeting. `link` is None for somebody whom we do not know.

    `left_at` is None for who is still there; the rest is only known of those who came.
    """

    link: JoinLink | None
    name: str
    came: Came
    joined_at: datetime | None = None
    left_at: datetime | None = None
    minutes: int = 0
    late: int = 0

    @property
    def missed(self) -> bool:
        return self.came is Came.NO


@dataclass(frozen=True, slots=True)
class MeetingAttendance:
    """Who was in one meeting. `known` tells whether the platform told us anything at all."""

    known: bool
    clients: Sequence[Attendance]
    provider: Attendance | None
    others: Sequence[Attendance]

    @property
    def came(self) -> int:
        return sum(one.came is Came.YES for one in self.clients)

    @property
    def missed(self) -> int:
        return sum(one.missed for one in self.clients)


def of_meeting(meeting: Meeting, *, now: datetime) -> MeetingAttendance:
    """Return who was in one meeting."""
    return of_meetings([meeting], now=now)[meeting.pk]


def of_meetings(meetings: Collection[Meeting], *, now: datetime) -> dict[int, MeetingAttendance]:
    """Return who was in each meeting, by the meeting's key, with few queries."""
    rooms, links = defaultdict(list), defaultdict(list)
    stays = Prefetch("presences", Presence.objects.order_by("joined_at", "pk"))
    for room in Room.objects.filter(meeting__in=meetings, opened_at__isnull=False).prefetch_related(
        stays
    ):
        rooms[room.meeting_id].append(room)
    for link in JoinLink.objects.filter(meeting__in=meetings).order_by("holder_id", "place", "pk"):
        links[link.meeting_id].append(link)
    return {
        meeting.pk: _attendance(meeting, rooms[meeting.pk], links[meeting.pk], now=now)
        for meeting in meetings
    }


def _attendance(
    meeting: Meeting, rooms: Sequence[Room], links: Sequence[JoinLink], *, now: datetime
) -> MeetingAttendance:
    stays: dict[int | None, list[_Stay]] = defaultdict(list)
    for room in rooms:
        for presence in room.presences.all():
            stays[presence.link_id].append(_Stay(presence, room, now))
    # Who no longer has a way in counts only if they were there.
    people = [link for link in links if link.revoked_at is None or link.pk in stays]
    seen = [bool(room.presences.all()) for room in rooms]
    absence = _Absence(
        told=any(seen) and now >= meeting.ends_at,
        blind=not all(seen),
        strangers=bool(stays[None]),
    )
    told = {
        link.pk: _person(meeting, link, stays[link.pk])
        if stays.get(link.pk)
        else Attendance(link, link.name, absence.of(link))
        for link in people
    }
    sides = defaultdict(list)
    for link in people:
        sides[link.side].append(told[link.pk])
    leading = sides[JoinLink.Side.PROVIDER]
    return MeetingAttendance(
        known=any(seen),
        clients=sides[JoinLink.Side.CLIENT],
        provider=next((one for one in leading if one.came is Came.YES), None)
        or next(iter(leading[::-1]), None),
        others=_strangers(meeting, stays[None]),
    )


@dataclass(frozen=True, slots=True)
class _Stay:
    presence: Presence
    room: Room
    now: datetime

    @property
    def until(self) -> datetime:
        """Whose leaving nobody told was there until the room closed, or still is."""
        return self.presence.left_at or self.room.closed_at or self.now

    @property
    def over(self) -> bool:
        return self.presence.left_at is not None or self.room.closed_at is not None


def _person(
    meeting: Meeting, link: JoinLink | None, stays: Sequence[_Stay], name: str = ""
) -> Attendance:
    joined = [one.presence.joined_at for one in stays if one.presence.joined_at]
    first = min(joined, default=None)
    spans = [
        (one.presence.joined_at, max(one.until, one.presence.joined_at))
        for one in stays
        if one.presence.joined_at
    ]
    return Attendance(
        link,
        link.name if link else name,
        Came.YES,
        joined_at=first,
        left_at=max(one.until for one in stays) if all(one.over for one in stays) else None,
        minutes=minutes_present(spans),
        late=minutes_late(meeting.starts_at, first) if first else 0,
    )


def _strangers(meeting: Meeting, stays: Iterable[_Stay]) -> list[Attendance]:
    named: dict[str, list[_Stay]] = defaultdict(list)
    for stay in stays:
        named[stay.presence.name].append(stay)
    return [_person(meeting, None, theirs, name) for name, theirs in named.items()]


@dataclass(frozen=True, slots=True)
class _Absence:
    """What can be said of who was not seen."""

    told: bool
    # People may have met in a room of which nobody tells us anything.
    blind: bool
    strangers: bool

    def of(self, link: JoinLink) -> Came:
        if not self.told or (self.blind and link.forwarded_at is not None):
            return Came.UNKNOWN
        return Came.UNCLEAR if self.strangers else Came.NO
