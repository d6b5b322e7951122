"""Removing what a platform still has of rooms that are closed here.

A room is left behind when the platform could not be had at the moment of closing, or when
its answer to our request was lost. An unlisted one of the second kind cannot be found again:
Zoom shows it to nobody, and it lapses by itself.
"""

import logging
from datetime import datetime, timedelta

from visavis.gateways.video import NotAvailable, VideoError, VideoGateway
from visavis.meetings import platforms
from visavis.meetings.models import Room
from visavis.meetings.platforms import Clock, GatewayFor, NotSetUp
from visavis.meetings.work import gateway_of

logger = logging.getLogger(__name__)

BATCH = 20
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# By then whoever has access to the account has met with it, or the grant is gone for good.
GIVE_UP_AFTER = timedelta(days=7)
# A late answer may still arrive, and with it the room.
SETTLE = timedelta(minutes=1)
# Whoever is in such a room must not be there any more; others may finish.
MUST_END = frozenset({Room.Closed.UNWANTED, Room.Closed.HOST_CHANGED})


def remove_due(*, clock: Clock, gateway_for: GatewayFor = platforms.gateway_for) -> int:
    """Remove what is due; return how many rooms were looked at."""
    due = (
        Room.objects.filter(remove_at__lte=clock())
        .select_related("meeting__company", "meeting__provider__company")
        .order_by("remove_at")[:BATCH]
    )
    looked = 0
    for room in due:
        taken = Room.objects.filter(pk=room.pk, remove_at=room.remove_at)
        if taken.update(remove_at=_next(room, now=clock())):
            _remove(room, clock=clock, gateway_for=gateway_for)
            looked += 1
    return looked


def _remove(room: Room, *, clock: Clock, gateway_for: GatewayFor) -> None:
    try:
        gone = _is_gone(room, gateway_of(room, room.meeting, clock=clock, gateway_for=gateway_for))
    except NotAvailable:
        logger.warning("room %s: what is left of it cannot be looked for", room.pk)
        gone = True
    except (VideoError, NotSetUp) as error:
        logger.warning("room %s: what is left of it cannot be removed: %s", room.pk, error.fault)
        return
    if gone or clock() > _closed_at(room) + SETTLE:
        Room.objects.filter(pk=room.pk).update(remove_at=None)


def _is_gone(room: Room, gateway: VideoGateway) -> bool:
    """Remove the room at its platform; return False if nothing of it was found."""
    number = room.external_id or gateway.find(room.host_id, room.reference)
    if number:
        gateway.close(number, live=room.closed_because in MUST_END)
    return bool(number)


def _next(room: Room, *, now: datetime) -> datetime | None:
    """Return when to try again after this time: ever more seldom, and at last never."""
    age = now - _closed_at(room)
    return None if age > GIVE_UP_AFTER else now + min(max(age, PAUSE), LONGEST_PAUSE)


def _closed_at(room: Room) -> datetime:
    assert room.closed_at is not None
    return room.closed_at
