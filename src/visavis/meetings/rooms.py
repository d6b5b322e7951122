"""What is known of rooms: which one people can be sent to, what goes on in it, its end."""

from datetime import UTC, datetime, timedelta

from visavis.core.duties import GRACE
from visavis.meetings.models import Meeting, MeetingSettings, Room
from visavis.meetings.operations import OPEN_AHEAD, wake
from visavis.meetings.platforms import Host


def opens_at(meeting: Meeting, settings: MeetingSettings) -> datetime:
    """Return when a meeting's room should exist."""
    if settings.strategy == MeetingSettings.Strategy.AHEAD:
        return datetime.min.replace(tzinfo=UTC)
    return meeting.starts_at - OPEN_AHEAD


def note_state(room: Room, *, live: bool, now: datetime) -> None:
    """Write down whether somebody is leading the meeting."""
    if live and room.host_joined_at is None:
        room.host_joined_at = now
    if room.live != live:
        room.live = live
        room.save(update_fields=["live", "host_joined_at"])


def note_ended(room: Room, *, now: datetime) -> None:
    """Write down that everybody left. The provider may start again.

    A listed room waits for them until the appointment is over; any other is gone.
    """
    if room.plan and now < room.meeting.ends_at + timedelta(minutes=GRACE):
        note_state(room, live=False, now=now)
        return
    close(room, because=Room.Closed.ENDED, now=now, leave=bool(room.plan))
    Meeting.objects.filter(pk=room.meeting_id).update(ended_at=now)


def note_gone(room: Room, *, now: datetime) -> None:
    """Write down that the platform no longer knows a room.

    Where somebody has led it, the meeting is over. Where nobody has, it was deleted, and
    another one must be made.
    """
    if room.host_joined_at is None:
        close(room, because=Room.Closed.VANISHED, now=now)
        wake(room.meeting, now=now)
        return
    close(room, because=Room.Closed.ENDED, now=now)
    Meeting.objects.filter(pk=room.meeting_id).update(ended_at=now)


def close(room: Room, *, because: Room.Closed, now: datetime, leave: bool = False) -> bool:
    """Write down that a room is of no use any more; return False if it was known.

    With `leave` the platform still has it: a worker removes it there when that is possible.
    """
    closed = (
        Room.objects.current()
        .filter(pk=room.pk)
        .update(closed_at=now, closed_because=because, live=False, remove_at=now if leave else None)
    )
    return closed == 1


def usable_room(meeting: Meeting) -> Room | None:
    """Return the room that people can be sent to, or None."""
    room = meeting.rooms.current().first()
    return room if room is not None and room.usable else None


def suits(room: Room, meeting: Meeting, host: Host) -> bool:
    """Tell whether a room can still be led by whom the meeting has as its host now."""
    # Whoever fell back stays there; and the same provider finishes a talk as whom they began.
    talking = room.live and room.provider_id in {None, meeting.provider_id}
    return room.fallback or talking or Host(room.platform, room.host_id).key == host.key


def settings_of(meeting: Meeting) -> MeetingSettings:
    """Return how the meeting's company meets, its defaults included."""
    found = MeetingSettings.objects.filter(company=meeting.company_id).first()
    return found or MeetingSettings(company=meeting.company)
