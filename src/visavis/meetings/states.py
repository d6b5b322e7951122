"""What people see of an online meeting: one word, derived from the facts and never stored.

`state_of` says it for one meeting; `in_state` asks the database for the meetings of one state.
A test holds the two together.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from visavis.core.duties import GRACE
from visavis.meetings.models import Meeting, Room


class MeetingState(TextChoices):
    """Where an online meeting stands."""

    PLANNED = "planned", _("Planned")
    READY = "ready", _("Ready")
    LIVE = "live", _("Live")
    ENDED = "ended", _("Ended")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


def state_of(meeting: Meeting, room: Room | None, *, now: datetime) -> MeetingState:
    """Return the state of a meeting; `room` is the one in use, if there is one."""
    if not meeting.wanted:
        return MeetingState.CANCELLED
    if room is not None and room.live:
        return MeetingState.LIVE
    if room is not None and room.opened_at is not None:
        return MeetingState.READY
    if _over(meeting):
        return MeetingState.ENDED
    if meeting.fault:
        return MeetingState.FAILED
    if now >= meeting.ends_at + timedelta(minutes=GRACE):
        return MeetingState.ENDED
    return MeetingState.PLANNED


def in_state(state: MeetingState, *, now: datetime) -> Q:
    """Return the condition that a meeting is in a state, for queries."""
    in_use = Room.objects.filter(meeting=OuterRef("pk"), closed_at=None)
    wanted = Q(wanted=True)
    live = Exists(in_use.filter(live=True))
    opened = Exists(in_use.filter(Q(live=True) | Q(opened_at__isnull=False)))
    over = Q(ended_at__isnull=False) & (Q(started_at=None) | Q(started_at__lte=F("ended_at")))
    past = Q(ends_at__lte=now - timedelta(minutes=GRACE))
    conditions = {
        MeetingState.CANCELLED: Q(wanted=False),
        MeetingState.LIVE: wanted & Q(live),
        MeetingState.READY: wanted & Q(opened) & ~Q(live),
        MeetingState.ENDED: wanted & ~Q(opened) & (over | (past & Q(fault=""))),
        MeetingState.FAILED: wanted & ~Q(opened) & ~over & ~Q(fault=""),
        MeetingState.PLANNED: wanted & ~Q(opened) & ~over & ~past & Q(fault=""),
    }
    return conditions[state]


def _over(meeting: Meeting) -> bool:
    ended, started = meeting.ended_at, meeting.started_at
    return ended is not None and (started is None or started <= ended)
