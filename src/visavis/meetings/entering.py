"""What happens at the door: where a join link leads right now.

`view` is what a GET may do: look. `start` is the provider's POST, the only thing here that
waits for a platform, for a few seconds at most.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, F

from visavis.core.duties import GRACE
from visavis.gateways.video import NotThere, VideoError
from visavis.meetings import personal, platforms, rooms, tending, work
from visavis.meetings.models import (
    JoinLink,
    JoinLinkQuerySet,
    Meeting,
    MeetingSettings,
    Platform,
    Room,
)
from visavis.meetings.platforms import Clock, NotSetUp

# How long the provider's Start waits for somebody else who is opening the room already.
PATIENCE_SECONDS, STEP_SECONDS = 5.0, 0.1
# Pages that are open ask every few seconds.
PRESENT = timedelta(seconds=30)


class Stage(StrEnum):
    """What a visitor of a join link meets with."""

    EARLY = "early"  # wait for the hour
    STARTABLE = "startable"  # the provider may start
    OPENING = "opening"  # it is time, the room is being made
    WAIT_FOR_HOST = "wait_for_host"  # the provider has not come yet
    OPEN = "open"  # go in
    TROUBLE = "trouble"  # it is time, and the platform refuses
    TOO_LATE = "too_late"  # it began without this client
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
    """A join link as it is right now. `room` is given only when it may be entered.

    `in_use` is the room there is, whoever may enter it.
    """

    link: JoinLink
    meeting: Meeting
    stage: Stage
    settings: MeetingSettings
    room: Room | None = None
    in_use: Room | None = None

    @property
    def is_provider(self) -> bool:
        return self.link.side == JoinLink.Side.PROVIDER

    @property
    def over(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return self.stage in (Stage.ENDED, Stage.CANCELLED, Stage.REVOKED, Stage.TOO_LATE)

    @property
    def planned(self) -> Platform:
        """Where the meeting was to take place."""
        return Platform(platforms.host_of(self.meeting.provider).platform)

    @property
    def instead(self) -> Platform | None:
        """Where everybody meets instead, since that place cannot be had."""
        fell_back = self.in_use is not None and self.in_use.fallback
        return Platform(self.in_use.platform) if self.in_use and fell_back else None

    @property
    def closes_at(self) -> datetime | None:
        """When clients may come in for the last time, if that is before the end."""
        minutes = self.settings.late_minutes
        until = None if minutes is None else self.meeting.starts_at + timedelta(minutes=minutes)
        return until if until and until < self.meeting.ends_at else None


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
    return Door(link, meeting, stage, settings, room if stage is Stage.OPEN else None, room)


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


def is_worth_a_moment(door: Door, *, now: datetime) -> bool:
    """Tell whether a client who is let in a little later is let in by name."""
    return door.room is not None and personal.is_coming(door.link, door.room, now=now)


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
    return list(
        _at_the_door(JoinLink.Side.CLIENT, [meeting.pk], now=now).order_by("holder_id", "place")
    )


def waiting_in(meeting_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """Return how many clients are at the door of each meeting, by its key."""
    there = _at_the_door(JoinLink.Side.CLIENT, meeting_ids, now=now)
    counts = there.order_by().values_list("meeting").annotate(count=Count("pk"))
    return dict(counts)


def provider_is_there(meeting: Meeting, *, now: datetime) -> bool:
    """Tell whether the provider's page is open, which shows them who waits."""
    return _at_the_door(JoinLink.Side.PROVIDER, [meeting.pk], now=now).exists()


def _at_the_door(side: str, meeting_ids: Collection[int], *, now: datetime) -> JoinLinkQuerySet:
    links = JoinLink.objects.standing().filter(meeting__in=meeting_ids, side=side)
    # Who went in has left the door, unless they came back to it.
    return links.filter(seen_at__gte=now - PRESENT).exclude(forwarded_at__gte=F("seen_at"))


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
    return _client_stage(link, meeting, settings, room, now=now)


def _client_stage(
    link: JoinLink,
    meeting: Meeting,
    settings: MeetingSettings,
    room: Room | None,
    *,
    now: datetime,
) -> Stage:
    started = meeting.started_at is not None
    if now < meeting.starts_at and not started:
        return Stage.EARLY
    by_hour = settings.opening == MeetingSettings.Opening.AT_THE_HOUR
    if not (by_hour or started or (room is not None and room.live)):
        return Stage.WAIT_FOR_HOST
    if room is not None:
        too_late = _is_too_late(link, meeting, settings, room, now=now)
        return Stage.TOO_LATE if too_late else Stage.OPEN
    if meeting.ended_at is not None:
        return Stage.WAIT_FOR_HOST
    return Stage.TROUBLE if meeting.fault else Stage.OPENING


def _is_too_late(
    link: JoinLink,
    meeting: Meeting,
    settings: MeetingSettings,
    room: Room,
    *,
    now: datetime,
) -> bool:
    """Tell whether a client comes after the others began.

    Counted from when clients could first go in: who waits for a provider who is late is not
    late. Who was in before may come back.
    """
    if settings.late_minutes is None:
        return False
    if link.forwarded_at is not None and link.forwarded_at >= may_start_from(meeting, settings):
        return False
    begun = [meeting.starts_at, room.opened_at]
    if settings.opening == MeetingSettings.Opening.BY_THE_PROVIDER:
        begun.append(room.host_joined_at)
    latest = max(one for one in begun if one is not None)
    return now > latest + timedelta(minutes=settings.late_minutes)
