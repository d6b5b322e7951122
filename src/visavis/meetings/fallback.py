"""Meeting somewhere else when the platform cannot be had, by the same links, and openly."""

from datetime import datetime, timedelta

from django.conf import settings as installation
from django.db import transaction

from visavis.gateways.video import RoomRequest, VideoGateway
from visavis.gateways.video.fixed import FixedLinkGateway
from visavis.gateways.video.jitsi import JitsiGateway
from visavis.meetings import rooms
from visavis.meetings.models import Meeting, MeetingSettings, Platform, Room

# A single failure is often gone at the next try.
TRIES_FIRST = 2
# Nobody is left waiting for longer than this, whatever the platform says.
LONGEST_WAIT = timedelta(seconds=60)


def open_if_due(
    meeting: Meeting, settings: MeetingSettings, *, hopeless: bool, now: datetime
) -> bool:
    """Open the company's other room if people are waiting and the platform failed again.

    With `hopeless`, another try would end as the first. Returns whether a room was opened. The
    fault stays noted, so that staff see why.
    """
    meeting.refresh_from_db()
    since = meeting.starts_at if meeting.started_at is None else meeting.started_at
    if not meeting.wanted or now < since:
        return False
    enough = meeting.attempts >= TRIES_FIRST or now >= since + LONGEST_WAIT
    gateway = _gateway(settings) if enough or hopeless else None
    if gateway is None or not _give_up_room(meeting, now=now):
        return False
    request = RoomRequest(
        topic=meeting.topic,
        host_id="",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.provider.time_zone,
    )
    opened = gateway.open(request)
    Room.objects.create(
        meeting=meeting,
        provider=meeting.provider,
        platform=settings.fallback,
        host_id=settings.fallback_link,
        asked_at=now,
        opened_at=now,
        external_id=opened.external_id,
        join_url=opened.join_url,
        fallback=True,
    )
    return True


def leave(meeting: Meeting, *, now: datetime) -> bool:
    """Give the other room up, so that the first platform is tried again.

    Returns False, and leaves all as it is, once somebody was let in: nobody is sent from one
    room to another.
    """
    with transaction.atomic():
        room = meeting.rooms.current().select_for_update().filter(fallback=True).first()
        if room is None:
            return True
        if meeting.links.filter(forwarded_at__gte=room.opened_at).exists():
            return False
        return rooms.close(room, because=Room.Closed.TRIED_AGAIN, now=now)


def _give_up_room(meeting: Meeting, *, now: datetime) -> bool:
    """Give up a room that its host cannot get into; return False if one must be kept."""
    room = meeting.rooms.current().first()
    if room is None:
        return True
    if room.fallback or room.live or room.host_joined_at is not None:
        return False
    return rooms.close(room, because=Room.Closed.FAILED, now=now, leave=True)


def _gateway(settings: MeetingSettings) -> VideoGateway | None:
    if settings.fallback == Platform.JITSI:
        return JitsiGateway(installation.JITSI_URL)
    if settings.fallback == Platform.FIXED and settings.fallback_link:
        return FixedLinkGateway(settings.fallback_link)
    return None
