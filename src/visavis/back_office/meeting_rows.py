"""The rows of Reports → *Online video meetings*: all that is known of each meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from visavis.back_office.scope import Scope
from visavis.bookings.addresses import join
from visavis.bookings.models import Booking
from visavis.core.policies import Actor, State, may_become
from visavis.meetings import attendance, preflight, queries
from visavis.meetings.aliases import name_without
from visavis.meetings.attendance import Attendance, MeetingAttendance
from visavis.meetings.faults import explanation
from visavis.meetings.models import JoinLink, Meeting, Platform, Room
from visavis.meetings.states import MeetingState, state_of


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a meeting. `booking` is given for clients, `link` for those who may have it."""

    attendance: Attendance
    booking: Booking | None
    link: str

    @property
    def suggests_no_show(self) -> bool:
        """Tell whether staff may be asked if this client did not come."""
        return (
            self.attendance.missed
            and self.booking is not None
            and may_become(State(self.booking.status), State.NO_SHOW, by=Actor.STAFF)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting as the report shows it. `room` is the one in use, or the last there was."""

    meeting: Meeting
    state: MeetingState
    room: Room | None
    rooms: Sequence[Room]
    platform: str
    host: str
    link: str
    fault: str
    notices: Sequence[str]
    attendance: MeetingAttendance
    provider: Person | None
    clients: Sequence[Person]

    @property
    def over(self) -> bool:
        return self.state in (MeetingState.ENDED, MeetingState.CANCELLED)

    @property
    def may_retry(self) -> bool:
        """Also while everybody meets elsewhere: the fault may be mended meanwhile."""
        fallback = self.room is not None and self.room.fallback
        failed = self.state in (MeetingState.FAILED, MeetingState.PLANNED)
        return bool(self.fault) and (failed or (fallback and not self.over))


def with_facts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Have the database fetch at once what rows need."""
    rooms = Prefetch("rooms", Room.objects.order_by("-asked_at"), to_attr="known_rooms")
    return meetings.select_related(
        "provider__meeting_provider", "appointment__offering"
    ).prefetch_related(rooms)


def rows_of(
    meetings: Sequence[Meeting], scope: Scope, hosts: Mapping[str, str], *, now: datetime
) -> list[Row]:
    """Return the rows of meetings, with few queries however many there are."""
    # Whoever has a link may enter with it: those who only look on get none.
    links = queries.provider_links([one.pk for one in meetings] if scope.changes_all else [])
    attended = attendance.of_meetings(meetings, now=now)
    holders = {
        one.link.holder_id for found in attended.values() for one in found.clients if one.link
    }
    bookings = Booking.objects.in_bulk(holders)
    return [
        _row(
            meeting,
            attended[meeting.pk],
            links.get(meeting.pk),
            bookings if scope.sees_all else {},
            hosts,
            linked=scope.changes_all,
            now=now,
        )
        for meeting in meetings
    ]


def _row(
    meeting: Meeting,
    attended: MeetingAttendance,
    link: JoinLink | None,
    bookings: Mapping[int, Booking],
    hosts: Mapping[str, str],
    *,
    linked: bool,
    now: datetime,
) -> Row:
    rooms: list[Room] = meeting.known_rooms  # type: ignore[attr-defined]
    in_use = next((room for room in rooms if room.closed_at is None), None)
    state = state_of(meeting, in_use, now=now)
    over = state in (MeetingState.ENDED, MeetingState.CANCELLED)
    room = in_use or next(iter(rooms), None)
    platform, host = _host(meeting, room, hosts)

    def person(one: Attendance) -> Person:
        holder = one.link.holder_id if one.link else 0
        stands = one.link is not None and one.link.revoked_at is None
        way_in = join(one.link) if one.link and stands and linked and not over else ""
        return Person(one, bookings.get(holder), way_in)

    return Row(
        meeting,
        state,
        room,
        rooms,
        platform,
        host,
        join(link) if link and not over else "",
        explanation(meeting.fault) if meeting.fault and meeting.wanted else "",
        [] if over else [str(one.label) for one in preflight.noted(meeting)],
        attended,
        Person(attended.provider, None, "") if attended.provider else None,
        [person(one) for one in attended.clients],
    )


def _host(meeting: Meeting, room: Room | None, hosts: Mapping[str, str]) -> tuple[str, str]:
    """Return platform and host as of the room; before there is one, as chosen now."""
    chosen = getattr(meeting.provider, "meeting_provider", None)
    known = room or chosen
    if known is None:
        return "", ""
    platform, host_id = known.platform, known.host_id
    if platform != Platform.ZOOM or not host_id:
        return str(Platform(platform).label), ""
    return str(Platform(platform).label), hosts.get(host_id) or name_without(host_id)
