"""What staff should know of an online meeting that is not over: why it fails, what is unusual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from visavis.meetings import preflight
from visavis.meetings.faults import explanation
from visavis.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Notes:
    """What is `wrong` keeps the meeting from taking place; the rest is good to know."""

    wrong: str = ""
    known: Sequence[str] = ()


def notes_of(meeting: Meeting | None, *, now: datetime) -> Notes:
    """Return what is to be said of a meeting; nothing of one that is over or not wanted."""
    if meeting is None or not meeting.wanted or meeting.ends_at <= now:
        return Notes()
    return Notes(
        wrong=explanation(meeting.fault) if meeting.fault else "",
        known=[str(one.label) for one in preflight.noted(meeting)],
    )
