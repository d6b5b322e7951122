"""Looking after the meetings that are due: who takes them, what comes of it, when to look again.

Whoever tends a meeting holds its lease. A lease that ran out may be somebody else's by now:
then nothing is written any more. What is done about the room is in `work`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from visavis.connections import hosts
from visavis.core.duties import GRACE
from visavis.gateways.video import Fault, TryLater, VideoError
from visavis.meetings import fallback, personal, platforms
from visavis.meetings.models import Meeting, MeetingQuerySet
from visavis.meetings.operations import OPEN_AHEAD, next_look
from visavis.meetings.platforms import Clock, GatewayFor, NotSetUp
from visavis.meetings.rooms import opens_at, settings_of
from visavis.meetings.work import Overtaken, Work

logger = logging.getLogger(__name__)

# Longer than any one step takes: each asks a platform a few times, for seconds.
LEASE = timedelta(seconds=30)
# How often a room in use is looked at, where the platform does not tell by itself.
WATCH = timedelta(minutes=1)
# Pauses after a fault: short, because people are waiting at the door, and longer while nobody is.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
PAUSES_AHEAD = tuple(timedelta(minutes=minutes) for minutes in (10, 20, 40, 60))


def claim_due(*, now: datetime, limit: int) -> Sequence[Meeting]:
    """Take up to `limit` meetings that must be looked at, for the length of a lease."""
    due = Meeting.objects.filter(look_at__lte=now).filter(_free(now)).order_by("look_at")
    # Mostly nothing is: then no lock is taken.
    if not due.exists():
        return []
    with transaction.atomic():
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        meetings = list(due.select_related("company", "provider__company")[:limit])
        until = now + LEASE
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).update(
            claimed_until=until
        )
    for meeting in meetings:
        meeting.claimed_until = until
    return meetings


def claim_one(meeting: Meeting, *, now: datetime) -> bool:
    """Take one meeting, unless somebody else has it."""
    until = now + LEASE
    if not Meeting.objects.filter(_free(now), pk=meeting.pk).update(claimed_until=until):
        return False
    meeting.claimed_until = until
    return True


def tend(
    meeting: Meeting,
    *,
    clock: Clock,
    gateway_for: GatewayFor = platforms.gateway_for,
    somebody_waits: bool = False,
) -> None:
    """Do what is owed to a claimed meeting, note when to look again, and let go of it.

    Where somebody waits for the answer, what can be done later is left to a worker.
    """
    # Others may have waited for their turn before this one: its lease begins anew.
    if not _renew(meeting, now=clock()):
        return
    try:
        _work(meeting, clock=clock, gateway_for=gateway_for)
        if not somebody_waits:
            personal.prepare(meeting, clock=clock, gateway_for=gateway_for)
        _note_fine(meeting, now=clock())
    except Overtaken:
        logger.info("meeting %s: somebody else looks after it", meeting.pk)
    except (NotSetUp, VideoError) as error:
        note_trouble(meeting, error, now=clock())


def note_trouble(meeting: Meeting, error: NotSetUp | VideoError, *, now: datetime) -> None:
    """Remember why a claimed meeting's room cannot be had, let go of it, and fall back if due."""
    if isinstance(error, VideoError):
        hosts.learn(meeting.company, error.fault, now=now)
    if not _note_fault(meeting, error, now=now):
        return
    passing = isinstance(error, TryLater) and error.fault != Fault.DAY_LIMIT
    fallback.open_if_due(meeting, settings_of(meeting), hopeless=not passing, now=now)


def _work(meeting: Meeting, *, clock: Clock, gateway_for: GatewayFor) -> None:
    # Each step changes a fact; more than a handful would mean that two facts contradict.
    for _step in range(5):
        held_until = meeting.claimed_until
        meeting.refresh_from_db()
        if meeting.claimed_until != held_until or not _renew(meeting, now=clock()):
            raise Overtaken
        if Work.on(meeting, clock=clock, gateway_for=gateway_for).do_next():
            return


def _renew(meeting: Meeting, *, now: datetime) -> bool:
    """Let our lease begin anew; return False if it is somebody else's by now."""
    until = now + LEASE
    if not _ours(meeting).update(claimed_until=until):
        return False
    meeting.claimed_until = until
    return True


def _ours(meeting: Meeting) -> MeetingQuerySet:
    return Meeting.objects.filter(pk=meeting.pk, claimed_until=meeting.claimed_until)


def _free(now: datetime) -> Q:
    # Longer than any lease: the clock was set back since.
    astray = Q(claimed_until__gt=now + 2 * LEASE)
    return Q(claimed_until=None) | Q(claimed_until__lte=now) | astray


def _next_look_at(meeting: Meeting, moment: datetime | None) -> Case:
    """Return when to look again, unless somebody asked for a look since we read the facts."""
    seen = Q(look_at=meeting.look_at) if meeting.look_at else Q(look_at=None)
    return Case(
        When(seen, then=Value(moment, Meeting.look_at.field)),
        default=F("look_at"),
    )


def _note_fine(meeting: Meeting, *, now: datetime) -> None:
    if meeting.rooms.current().filter(fallback=True).exists():
        # Why it fell back stays to be seen.
        look_at = _next_look_at(meeting, now + WATCH)
        _ours(meeting).update(claimed_until=None, look_at=look_at)
        return
    _ours(meeting).update(
        fault="",
        fault_detail="",
        fault_since=None,
        fault_told_at=None,
        attempts=0,
        claimed_until=None,
        look_at=_next_look_at(meeting, _look_again(meeting, now=now)),
    )


def _look_again(meeting: Meeting, *, now: datetime) -> datetime | None:
    room = meeting.rooms.current().first()
    if room is not None:
        # One that waits for its day is looked at as a planned meeting is.
        early = not room.live and now < meeting.starts_at - OPEN_AHEAD
        return next_look(meeting.starts_at, now=now) if early else now + WATCH
    if not meeting.wanted or now >= meeting.ends_at + timedelta(minutes=GRACE):
        return None
    early = now < opens_at(meeting, settings_of(meeting))
    return next_look(meeting.starts_at, now=now) if early else now + WATCH


def _note_fault(meeting: Meeting, error: NotSetUp | VideoError, *, now: datetime) -> bool:
    """Remember what is wrong and when to try again; never beyond the meeting's time."""
    logger.warning("meeting %s: %s", meeting.pk, error.fault)
    over = now >= meeting.ends_at + timedelta(minutes=GRACE)
    same = meeting.fault == error.fault
    # Who was told of one fault has not been told of another.
    anew = {} if same else {"fault_since": now, "fault_told_at": None}
    # That others of ours are asking is no failure of the platform.
    failed = error.fault != Fault.RATE_LIMITED
    noted = _ours(meeting).update(
        fault=error.fault,
        fault_detail=error.detail[:500] if isinstance(error, VideoError) else "",
        **anew,
        attempts=meeting.attempts + failed,
        claimed_until=None,
        look_at=_next_look_at(meeting, None if over else _try_again(meeting, error, now=now)),
    )
    return noted == 1


def _try_again(meeting: Meeting, error: NotSetUp | VideoError, *, now: datetime) -> datetime:
    asked = error.wait if isinstance(error, TryLater) else None
    if meeting.starts_at - now > timedelta(hours=1) and meeting.started_at is None:
        pause = PAUSES_AHEAD[min(meeting.attempts, len(PAUSES_AHEAD) - 1)]
        return min(next_look(meeting.starts_at, now=now), now + max(pause, asked or pause))
    pause = PAUSES[min(meeting.attempts, len(PAUSES) - 1)]
    # Whatever the platform asks for, people wait at the door, and may have to meet elsewhere.
    return now + min(asked or pause, WATCH)
