"""What is known of rooms: which one people can be sent to, what goes on in it, its end."""

from datetime import datetime

from visavis.meetings.models import Meeting, MeetingSettings, Room
from visavis.meetings.operations import OPEN_AHEAD


def opens_at(meeting: Meeting) -> datetime:
    """Return when a meeting's room should exist."""
    return meeting.starts_at - OPEN_AHEAD


def note_state(room: Room, *, live: bool, now: datetime) -> None:
    """Write down whether somebody is leading the meeting."""
    if live and room.host_joined_at is None:
        room.host_joined_at = now
    if room.live != live:
        room.live = live
        room.save(update_fields=["live", "host_joined_at"])


def note_ended(room: Room, *, now: datetime) -> None:
    """Write down that the platform ended the room. The provider may start another one."""
    Room.objects.current().filter(pk=room.pk).update(
        closed_at=now, closed_because=Room.Closed.ENDED, live=False
    )
    Meeting.objects.filter(pk=room.meeting_id).update(ended_at=now)


def usable_room(meeting: Meeting) -> Room | None:
    """Return the room that people can be sent to, or None."""
    room = meeting.rooms.current().first()
    return room if room is not None and room.usable else None


def settings_of(meeting: Meeting) -> MeetingSettings:
    """Return how the meeting's company meets, its defaults included."""
    found = MeetingSettings.objects.filter(company=meeting.company_id).first()
    return found or MeetingSettings(company=meeting.company)
