"""Acting on what platforms told us. Each event may be applied twice without harm."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from visavis.connections import events, hosts, operations
from visavis.connections.models import PlatformEvent
from visavis.gateways.video.zoom.webhooks import EventKind
from visavis.meetings import rooms
from visavis.meetings.models import Room
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
        case EventKind.USER_GONE:
            hosts.someone_gone(events.reach(event), facts["user_id"], now=now)
            # Events come in any order: they may be back already.
            hosts.look_soon(events.reach(event), now=now)
            for connection in events.reach(event):
                look_again_at_hosts(connection.company, {facts["user_id"]}, now=now)
        case EventKind.USER_CHANGED:
            hosts.look_soon(events.reach(event), now=now)


def _rooms(event: PlatformEvent) -> list[Room]:
    """Return the room an event is about; a stale event about a later use of an id is nobody's."""
    found = (
        Room.objects.current()
        .select_related("meeting")
        .filter(
            platform=event.platform,
            external_id=event.facts["meeting_id"],
            meeting__company__in=events.reach(event).values("company"),
        )
    )
    if event.at is not None:
        found = found.filter(asked_at__lte=event.at + timedelta(minutes=1))
    return list(found)
