"""What staff should know of an online meeting that is not over: why it fails, what is unusual."""

from dataclasses import dataclass
from datetime import datetime

from visavis.meetings import preflight
from visavis.meetings.faults import explanation
from visavis.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know. What is `wrong` keeps the meeting from taking place."""

    text: str
    wrong: bool = False


def notes_of(meeting: Meeting | None, *, now: datetime) -> list[Note]:
    """Return what is wrong with a meeting first, then what is merely worth knowing."""
    if meeting is None or not meeting.wanted or meeting.ends_at <= now:
        return []
    faults = [Note(explanation(meeting.fault), wrong=True)] if meeting.fault else []
    return [*faults, *(Note(str(one.label)) for one in preflight.noted(meeting))]
