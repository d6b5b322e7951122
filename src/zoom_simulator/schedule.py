"""Which meetings of a host are shown, by the API and on the Meetings page.

Instant meetings are in no list (Zoom API reference, "List meetings"); neither is the personal
room.
"""

from datetime import datetime, timedelta

from zoom_simulator import recurrence
from zoom_simulator.models import Meeting, MeetingType
from zoom_simulator.simulator import Simulator

LISTED = {MeetingType.SCHEDULED, MeetingType.RECURRING, MeetingType.RECURRING_FIXED}


def scheduled(sim: Simulator, host_id: str) -> list[Meeting]:
    """Return every listed meeting of a host, soonest first."""
    found = [
        meeting
        for meeting in sim.state.meetings_of(host_id, now=sim.clock.now())
        if meeting.type in LISTED
    ]
    return sorted(found, key=lambda meeting: meeting.start_time or meeting.created_at)


def upcoming(sim: Simulator, host_id: str) -> list[Meeting]:
    """Return the listed meetings which are running or still to come."""
    return [m for m in scheduled(sim, host_id) if m.live or not _over(m, sim.clock.now())]


def previous(sim: Simulator, host_id: str) -> list[Meeting]:
    """Return the listed meetings whose time has gone, latest first."""
    return [m for m in reversed(scheduled(sim, host_id)) if _over(m, sim.clock.now())]


def live(sim: Simulator, host_id: str) -> list[Meeting]:
    """Return the listed meetings which are running."""
    return [m for m in scheduled(sim, host_id) if m.live]


def _over(meeting: Meeting, now: datetime) -> bool:
    if meeting.start_time is None:
        return False
    end = meeting.start_time + timedelta(minutes=meeting.duration)
    last = recurrence.last_end(meeting.occurrences)
    return max(end, last or end) < now
