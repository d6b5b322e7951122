"""Meeting somewhere else when the platform cannot be had, by the same links, and openly."""

from datetime import datetime

from django.conf import settings as installation

from visavis.gateways.video import RoomRequest, VideoGateway
from visavis.gateways.video.fixed import FixedLinkGateway
from visavis.gateways.video.jitsi import JitsiGateway
from visavis.meetings.models import Meeting, MeetingSettings, Platform, Room

# A single failure is often gone at the next try.
TRIES_FIRST = 2


def open_if_due(meeting: Meeting, settings: MeetingSettings, *, now: datetime) -> bool:
    """Open the company's other room if people are waiting and the platform failed again.

    Returns whether one was opened. The fault stays noted, so that staff see why.
    """
    meeting.refresh_from_db()
    people_wait = now >= meeting.starts_at or meeting.started_at is not None
    if not (meeting.wanted and people_wait and meeting.attempts >= TRIES_FIRST):
        return False
    gateway = _gateway(settings)
    if gateway is None or meeting.rooms.current().exists():
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
        platform=settings.fallback,
        host_id=settings.fallback_link,
        asked_at=now,
        opened_at=now,
        external_id=opened.external_id,
        join_url=opened.join_url,
        fallback=True,
    )
    return True


def _gateway(settings: MeetingSettings) -> VideoGateway | None:
    if settings.fallback == Platform.JITSI:
        return JitsiGateway(installation.JITSI_URL)
    if settings.fallback == Platform.FIXED and settings.fallback_link:
        return FixedLinkGateway(settings.fallback_link)
    return None
