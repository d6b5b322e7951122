"""Asking a platform, some time after a room closed, who had been there.

Works without any event from the platform; where there were events it completes them.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q

from visavis.gateways.video import NotAvailable, NotThere, VideoError
from visavis.meetings import presences
from visavis.meetings.models import Platform, Room
from visavis.meetings.platforms import Clock, NotSetUp
from visavis.meetings.work import gateway_of

logger = logging.getLogger(__name__)

# How long after the end each look comes: a platform needs a while to write its list.
LOOKS = tuple(timedelta(minutes=minutes) for minutes in (2, 15, 60, 360))
BATCH = 20


def look_back(*, clock: Clock) -> None:
    """Ask about the rooms whose time has come. May run in several workers at once."""
    for room in _due(clock()):
        # Whoever counts the look makes it.
        counted = Room.objects.filter(pk=room.pk, attendance_looks=room.attendance_looks).update(
            attendance_looks=F("attendance_looks") + 1
        )
        if counted and _look(room, clock=clock):
            Room.objects.filter(pk=room.pk).update(attendance_looks=len(LOOKS))


def _due(now: datetime) -> list[Room]:
    due = Q(pk=None)
    for looks, after in enumerate(LOOKS):
        due |= Q(attendance_looks=looks, closed_at__lte=now - after)
    rooms = Room.objects.filter(
        due,
        platform=Platform.ZOOM,
        closed_at__gte=now - timedelta(days=1),
        opened_at__isnull=False,
    ).exclude(external_id="")
    return list(
        rooms.select_related("meeting__company", "meeting__provider__company").order_by(
            "closed_at"
        )[:BATCH]
    )


def _look(room: Room, *, clock: Clock) -> bool:
    """Return whether nothing more is to be learned."""
    try:
        gateway = gateway_of(room, room.meeting, clock=clock)
        people = gateway.attendance(room.external_uuid or room.external_id)
    except NotAvailable:
        return True
    except (NotThere, NotSetUp, VideoError) as error:
        logger.info("who was in room %s: %s", room.pk, type(error).__name__)
        return False
    presences.note(room, people, now=clock())
    # Zoom's list of a large meeting may at first be without ends.
    return bool(people) and all(one.left_at for one in people)
