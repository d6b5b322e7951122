"""What happens at the door: where a join link leads right now.

`view` is what a GET may do: look. `start` is the provider's POST, the only thing here that
waits for a platform, for a few seconds at most.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from visavis.core.duties import GRACE
from visavis.gateways.video import NotThere, VideoError
from visavis.meetings import personal, platforms, rooms, tending, work
from visavis.meetings.models import JoinLink, Meeting, MeetingSettings, Platform, Room
from visavis.meetings.platforms import Clock, NotSetUp

# How long the provider's Start waits for somebody else who is opening the room already.
PATIENCE_SECONDS, STEP_SECONDS = 5.0, 0.1


class Stage(StrEnum):
    """What a visitor of a join link meets with."""

    EARLY = "early"  # wait for the hour
    STARTABLE = "startable"  # the provider may start
    OPENING = "opening"  # it is time, the room is being made
    WAIT_FOR_HOST = "wait_for_host"  # the provider has not come yet
    OPEN = "open"  # go in
    TROUBLE = "trouble"  # it is time, and the platform refuses
    ENDED = "ended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


class CannotStart(Exception):
    """The room cannot be had right now. `fault` is the word for why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Door:
    """A join link as it is right now. `room` is given only when it may be entered."""

    link: JoinLink
    meeting: Meeting
    stage: Stage
    settings: MeetingSettings
    room: Room | None = None

    @property
    def is_provider(self) -> bool:
        return self.link.side == JoinLink.Side.PROVIDER

    @property
    def by_zoom(self) -> bool:
        """Whether the meeting is planned on Zoom; a fallback may still lead elsewhere."""
        return platforms.host_of(self.meeting.provider).platform == Platform.ZOOM


def find(token: str) -> JoinLink:
    """Return the link with this token. Raises JoinLink.DoesNotExist."""
    return JoinLink.objects.select_related("meeting__company", "meeting__provider__member").get(
        token=token
    )


def view(link: JoinLink, *, now: datetime) -> Door:
    """Return where a link leads now. Changes nothing."""
    meeting = link.meeting
    settings = rooms.settings_of(meeting)
    room = rooms.usable_room(meeting)
    stage = _stage(link, meeting, settings, room, now=now)
    return Door(link, meeting, stage, settings, room if stage is Stage.OPEN else None)


def note_seen(link: JoinLink, *, now: datetime) -> None:
    """Remember that somebody is at the door. The only trace that a GET leaves."""
    JoinLink.objects.filter(pk=link.pk).update(seen_at=now)


def note_forwarded(link: JoinLink, *, now: datetime) -> None:
    """Remember that somebody was let in."""
    JoinLink.objects.filter(pk=link.pk).update(forwarded_at=now)


def let_in(door: Door, *, now: datetime) -> str:
    """Return where a client goes in, and remember that they did; empty if the room is closed.

    The address is a secret: forward to it at once.
    """
    assert door.room is not None
    with transaction.atomic():
        # Whoever gives a room up looks, under the same lock, whether somebody was let in.
        room = Room.objects.current().select_for_update().filter(pk=door.room.pk).first()
        if room is None:
            return ""
        note_forwarded(door.link, now=now)
    return personal.address(door.link, room, now=now)


def may_start_from(meeting: Meeting, settings: MeetingSettings) -> datetime:
    """Return the earliest moment at which the provider may start."""
    return meeting.starts_at - timedelta(minutes=settings.early_start_minutes)


def start(link: JoinLink, *, clock: Clock) -> str:
    """Open the room for the provider and return the address that makes them its host.

    The address is a secret: forward to it at once. Raises CannotStart.
    """
    meeting = link.meeting
    _ask_for_room(meeting, now=clock())
    # A room may have ended unnoticed, or fail now: then the second round opens another one.
    fault = "refused"
    for _round in range(2):
        room = _opened_room(meeting, clock=clock)
        try:
            gateway = work.gateway_of(room, meeting, clock=clock)
            url = gateway.start_url(room.external_id) if room.external_id else room.join_url
        except NotThere:
            rooms.note_gone(room, now=clock())
            _ask_for_room(meeting, now=clock())
        except (NotSetUp, VideoError) as error:
            fault = error.fault
            if not _fell_back(meeting, error, now=clock()):
                raise CannotStart(fault) from error
        else:
            Room.objects.filter(pk=room.pk, host_joined_at=None).update(host_joined_at=clock())
            return url
    raise CannotStart(fault)


def waiting(meeting: Meeting, *, now: datetime) -> list[JoinLink]:
    """Return the client links whose page is open at this moment."""
    since = now - timedelta(seconds=30)
    return list(
        meeting.links.standing()
        .filter(side=JoinLink.Side.CLIENT, seen_at__gte=since)
        .order_by("holder_id", "place")
    )


def _ask_for_room(meeting: Meeting, *, now: datetime) -> None:
    """Note that the provider wants to meet, also after an earlier room had ended."""
    Meeting.objects.filter(pk=meeting.pk).update(started_at=now, ended_at=None, look_at=now)


def _fell_back(meeting: Meeting, error: NotSetUp | VideoError, *, now: datetime) -> bool:
    """Note that the provider cannot be let in; return whether everybody meets elsewhere now."""
    if tending.claim_one(meeting, now=now):
        meeting.refresh_from_db()
        tending.note_trouble(meeting, error, now=now)
    return meeting.rooms.current().filter(fallback=True).exists()


def _opened_room(meeting: Meeting, *, clock: Clock) -> Room:
    """Open the room ourselves, or wait for whoever is doing it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        room = rooms.usable_room(meeting)
        if room is not None and rooms.suits(room, meeting, platforms.host_of(meeting.provider)):
            return room
        if tending.claim_one(meeting, now=clock()):
            tending.tend(meeting, clock=clock, somebody_waits=True)
            # A worker does at once what the provider need not wait for.
            Meeting.objects.filter(pk=meeting.pk).update(look_at=clock())
            meeting.refresh_from_db()
            room = rooms.usable_room(meeting)
            if room is None:
                raise CannotStart(meeting.fault or "refused")
            return room
        if time.monotonic() > deadline:
            raise CannotStart("unreachable")
        time.sleep(STEP_SECONDS)


def _stage(
    link: JoinLink,
    meeting: Meeting,
    settings: MeetingSettings,
    room: Room | None,
    *,
    now: datetime,
) -> Stage:
    if link.revoked_at is not None:
        cancelled = link.revoked_because == JoinLink.Revoked.CANCELLED
        return Stage.CANCELLED if cancelled else Stage.REVOKED
    if not meeting.wanted:
        return Stage.CANCELLED
    if room is None and now >= meeting.ends_at + timedelta(minutes=GRACE):
        return Stage.ENDED
    if link.side == JoinLink.Side.PROVIDER:
        return Stage.STARTABLE if now >= may_start_from(meeting, settings) else Stage.EARLY
    return _client_stage(meeting, settings, room, now=now)


def _client_stage(
    meeting: Meeting, settings: MeetingSettings, room: Room | None, *, now: datetime
) -> Stage:
    started = meeting.started_at is not None
    if now < meeting.starts_at and not started:
        return Stage.EARLY
    by_hour = settings.opening == MeetingSettings.Opening.AT_THE_HOUR
    if not (by_hour or started or (room is not None and room.live)):
        return Stage.WAIT_FOR_HOST
    if room is not None:
        return Stage.OPEN
    if meeting.ended_at is not None:
        return Stage.WAIT_FOR_HOST
    return Stage.TROUBLE if meeting.fault else Stage.OPENING
