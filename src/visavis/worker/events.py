"""Acting on what platforms told us. Each event may be applied twice without harm."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from visavis.connections import events, hosts, operations
from visavis.connections.models import PlatformEvent
from visavis.gateways.video import Attended
from visavis.gateways.video.zoom.webhooks import EventKind
from visavis.meetings import presences, rooms
from visavis.meetings.models import Room, RoomQuerySet
from visavis.meetings.operations import look_again_at_hosts

logger = logging.getLogger(__name__)

BATCH = 100
ABOUT_ROOMS: Mapping[str, Callable[..., None]] = {
    EventKind.MEETING_STARTED: partial(rooms.note_state, live=True),
    EventKind.MEETING_ENDED: rooms.note_ended,
    EventKind.MEETING_DELETED: rooms.note_gone,
}


def apply_open(now: datetime) -> None:
    """Deal with the events nobody has dealt with yet."""
    for event in events.open_events(limit=BATCH):
        _apply(event, now=now)
        events.done(event, now=now)


def _apply(event: PlatformEvent, *, now: datetime) -> None:
    facts = event.facts
    match event.kind:
        case EventKind.DEAUTHORISED:
            ended = operations.deauthorised(
                events.reach(event),
                client_id=facts["client_id"],
                user_id=facts["user_id"],
                at=event.at,
                now=now,
            )
            logger.info("deauthorised at zoom: %s connection(s) ended", len(ended))
        case kind if kind in ABOUT_ROOMS:
            for room in _rooms(event):
                ABOUT_ROOMS[kind](room, now=now)
        case EventKind.PARTICIPANT_JOINED | EventKind.PARTICIPANT_LEFT:
            # Also of a room that is closed by now: events come late.
            for room in _rooms_ever(event).order_by("-asked_at")[:1]:
                presences.note(room, [_stay(event)], now=now)
        case EventKind.USER_GONE:
            hosts.someone_gone(events.reach(event), facts["user_id"], now=now)
            # Events come in any order: they may be back already.
            hosts.look_soon(events.reach(event), now=now)
            for connection in events.reach(event):
                look_again_at_hosts(connection.company, {facts["user_id"]}, now=now)
        case EventKind.USER_CHANGED:
            hosts.look_soon(events.reach(event), now=now)


def _rooms(event: PlatformEvent) -> list[Room]:
    return list(_rooms_ever(event).filter(closed_at=None).select_related("meeting"))


def _rooms_ever(event: PlatformEvent) -> RoomQuerySet:
    """Return the rooms an event is about; a stale event about a later use of an id is nobody's."""
    found = Room.objects.filter(
        platform=event.platform,
        external_id=event.facts["meeting_id"],
        meeting__company__in=events.reach(event).values("company"),
    )
    if event.at is not None:
        found = found.filter(asked_at__lte=event.at + timedelta(minutes=1))
    return found


def _stay(event: PlatformEvent) -> Attended:
    """Return what somebody's coming or going tells of their stay."""
    facts = event.facts
    told = facts.get("participant_at")
    moment = datetime.fromisoformat(told) if told else event.at or event.received_at
    came = event.kind == EventKind.PARTICIPANT_JOINED
    return Attended(
        name=facts["participant_name"],
        email="",
        joined_at=moment if came else None,
        left_at=None if came else moment,
        number=facts["participant_id"],
        user_id=facts.get("participant_user_id", ""),
    )
