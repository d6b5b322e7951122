"""Keeping a platform in step with what is wanted: opening, watching and closing rooms.

Whoever tends a meeting holds its lease. What was asked is written down before a platform is
asked, what it answered afterwards; `core.duties` decides from these facts alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import Q

from visavis.connections import hosts
from visavis.core.duties import GRACE, Duty, Held, Wanted, duty
from visavis.core.spans import to_minutes
from visavis.gateways.video import (
    Fault,
    MappingBroken,
    NeedsReconnect,
    NotThere,
    Opened,
    RoomRequest,
    RoomState,
    TellAdministrator,
    TryLater,
    VideoError,
    VideoGateway,
)
from visavis.meetings import day_limit, fallback, personal, platforms, preflight
from visavis.meetings.models import Meeting, MeetingSettings, Platform, Room
from visavis.meetings.operations import next_look
from visavis.meetings.platforms import HOST_TAKEN, Clock, Host, NotSetUp
from visavis.meetings.rooms import note_ended, note_state, opens_at, settings_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
# How often a room in use is looked at, where the platform does not tell by itself.
WATCH = timedelta(minutes=1)
# Pauses after a fault: short, because people are waiting at the door.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60))
CLOSED_BECAUSE = {
    Duty.CLOSE_UNWANTED: Room.Closed.UNWANTED,
    Duty.CLOSE_HOST_CHANGED: Room.Closed.HOST_CHANGED,
    Duty.CLOSE_ENDED: Room.Closed.ENDED,
}


def claim_due(*, now: datetime, limit: int) -> Sequence[Meeting]:
    """Take up to `limit` meetings that must be looked at, for the length of a lease."""
    with transaction.atomic():
        due = Meeting.objects.filter(look_at__lte=now).filter(_free(now)).order_by("look_at")
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        meetings = list(due.select_related("company", "provider__company")[:limit])
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).update(
            claimed_until=now + LEASE
        )
    return meetings


def claim_one(meeting: Meeting, *, now: datetime) -> bool:
    """Take one meeting, unless somebody else has it."""
    claimed = Meeting.objects.filter(_free(now), pk=meeting.pk).update(claimed_until=now + LEASE)
    return claimed == 1


def tend(meeting: Meeting, *, clock: Clock, somebody_waits: bool = False) -> None:
    """Do what is owed to a claimed meeting, note when to look again, and let go of it.

    Where somebody waits for the answer, what can be done later is left to a worker.
    """
    try:
        _tend(meeting, clock=clock)
        if not somebody_waits:
            personal.prepare(meeting, clock=clock)
        _note_fine(meeting, now=clock())
    except NotSetUp as missing:
        _note_fault(meeting, missing.fault, "", wait=None, now=clock())
        fallback.open_if_due(meeting, settings_of(meeting), now=clock())
    except VideoError as error:
        wait = error.wait if isinstance(error, TryLater) else None
        hosts.learn(meeting.company, error.fault, now=clock())
        _note_fault(meeting, error.fault, error.detail, wait=wait, now=clock())
        fallback.open_if_due(meeting, settings_of(meeting), now=clock())


def _tend(meeting: Meeting, *, clock: Clock) -> None:
    # Each step changes a fact; more than a handful would mean that two facts contradict.
    for _step in range(4):
        meeting.refresh_from_db()
        work = _Work(meeting, platforms.host_of(meeting.provider), clock)
        owed = duty(work.wanted(), work.held(), now=to_minutes(clock()))
        match owed:
            case Duty.NOTHING:
                work.watch()
                return
            case Duty.OPEN:
                work.open()
            case Duty.WRITE_OFF:
                work.close(Room.Closed.ANSWER_LOST)
            case _:
                work.give_back(CLOSED_BECAUSE[owed])


@dataclass(slots=True)
class _Work:
    """One meeting, the host it should have, and the clock."""

    meeting: Meeting
    host: Host
    clock: Clock

    @property
    def room(self) -> Room | None:
        return self.meeting.rooms.current().first()

    def wanted(self) -> Wanted:
        meeting = self.meeting
        over = meeting.ended_at is not None
        return Wanted(
            wanted=meeting.wanted,
            opens=to_minutes(opens_at(meeting)),
            ends=to_minutes(meeting.ends_at),
            host=self.host.key,
            started=meeting.started_at is not None and not over,
            over=over,
        )

    def held(self) -> Held | None:
        room = self.room
        if room is None:
            return None
        # Whoever fell back stays there: nobody is sent from one room to another.
        host = self.host.key if room.fallback else Host(room.platform, room.host_id).key
        # One whose address cannot be decrypted is as good as lost.
        return Held(host=host, answered=room.usable, live=room.live)

    def open(self) -> None:
        meeting, host = self.meeting, self.host
        gateway = platforms.gateway_for(meeting.provider, host, clock=self.clock)
        room = Room.objects.create(
            meeting=meeting,
            platform=host.platform,
            host_id=host.host_id or host.fixed_link,
            asked_at=self.clock(),
        )
        try:
            opened = _opened(gateway, _request(meeting, host))
        except VideoError as error:
            lost = isinstance(error, TryLater) and error.answer_lost
            self.close(Room.Closed.ANSWER_LOST if lost else Room.Closed.REFUSED)
            raise
        kept = (
            Room.objects.current()
            .filter(pk=room.pk)
            .update(
                opened_at=self.clock(),
                external_id=opened.external_id,
                external_uuid=opened.external_uuid,
                join_url=opened.join_url,
                passcode=opened.passcode,
            )
        )
        if not kept:
            # Somebody wrote this room off while we waited; nobody will ever be sent there.
            gateway.close(opened.external_id, live=False)

    def close(self, because: Room.Closed) -> None:
        """Note that the current room is of no use any more."""
        self.meeting.rooms.current().update(closed_at=self.clock(), closed_because=because)

    def give_back(self, because: Room.Closed) -> None:
        """Close the current room at its platform, and note it."""
        room = self.room
        assert room is not None
        try:
            self._gateway_of(room).close(room.external_id)
        except (NeedsReconnect, MappingBroken, NotSetUp):
            # Nothing can be closed without a grant; it must not keep a new room from opening.
            room.left_behind = True
            room.save(update_fields=["left_behind"])
        self.close(because)
        if because == Room.Closed.ENDED:
            Meeting.objects.filter(pk=self.meeting.pk).update(ended_at=self.clock())

    def watch(self) -> None:
        """Look how an open room is doing, or whether a planned one could be opened."""
        meeting, room = self.meeting, self.room
        if not meeting.wanted:
            return
        if room is None:
            if self.clock() < opens_at(meeting):
                self._check_host()
            return
        try:
            state = self._gateway_of(room).state(room.external_id)
        except NotThere:
            note_ended(room, now=self.clock())
            return
        note_state(room, live=state is RoomState.LIVE, now=self.clock())
        preflight.keep_busy(meeting, Host(room.platform, room.host_id), now=self.clock())

    def _gateway_of(self, room: Room) -> VideoGateway:
        host = Host(room.platform, room.host_id, room.host_id)
        return platforms.gateway_for(self.meeting.provider, host, clock=self.clock)

    def _check_host(self) -> None:
        gateway = platforms.gateway_for(self.meeting.provider, self.host, clock=self.clock)
        seen = gateway.check(self.host.host_id)
        settings = settings_of(self.meeting)
        preflight.keep(
            self.meeting,
            preflight.notices(self.meeting, self.host, seen, settings, now=self.clock()),
        )
        if not seen.several and preflight.is_taken(self.meeting, self.host):
            raise NotSetUp(HOST_TAKEN)
        zoom = self.host.platform == Platform.ZOOM
        if zoom and day_limit.is_used_up(
            self.meeting, self.host.host_id, opens_at=opens_at(self.meeting)
        ):
            raise TryLater(Fault.DAY_LIMIT, "the host has a hundred meetings that day")
        Meeting.objects.filter(pk=self.meeting.pk).update(checked_at=self.clock())


def _free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now)


def _opened(gateway: VideoGateway, request: RoomRequest) -> Opened:
    """Open a room that is nobody's personal one, at the price of its being listed if need be."""
    try:
        return gateway.open(request)
    except TellAdministrator as error:
        if error.fault != Fault.PERSONAL_ROOM or request.scheduled:
            raise
        logger.warning("an instant meeting fell into a personal room: asking for a scheduled one")
        return gateway.open(replace(request, scheduled=True))


def _request(meeting: Meeting, host: Host) -> RoomRequest:
    strategy = settings_of(meeting).strategy
    return RoomRequest(
        topic=meeting.topic,
        host_id=host.host_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.provider.time_zone,
        scheduled=strategy != MeetingSettings.Strategy.INSTANT,
    )


def _note_fine(meeting: Meeting, *, now: datetime) -> None:
    if meeting.rooms.current().filter(fallback=True).exists():
        # Why it fell back stays to be seen.
        again = now + WATCH
        Meeting.objects.filter(pk=meeting.pk).update(claimed_until=None, look_at=again)
        return
    Meeting.objects.filter(pk=meeting.pk).update(
        fault="",
        fault_detail="",
        fault_since=None,
        fault_told_at=None,
        attempts=0,
        claimed_until=None,
        look_at=_look_again(meeting, now=now),
    )


def _look_again(meeting: Meeting, *, now: datetime) -> datetime | None:
    if meeting.rooms.current().exists():
        return now + WATCH
    meeting.refresh_from_db()
    if not meeting.wanted or now >= meeting.ends_at + timedelta(minutes=GRACE):
        return None
    return next_look(meeting.starts_at, now=now) if now < opens_at(meeting) else now + WATCH


def _note_fault(
    meeting: Meeting, fault: str, detail: str, *, wait: timedelta | None, now: datetime
) -> None:
    """Remember what is wrong and when to try again; never beyond the meeting's time."""
    logger.warning("meeting %s: %s", meeting.pk, fault)
    pause = wait or PAUSES[min(meeting.attempts, len(PAUSES) - 1)]
    ahead = meeting.starts_at - now > timedelta(hours=1)
    again = next_look(meeting.starts_at, now=now) if ahead else now + pause
    over = now >= meeting.ends_at + timedelta(minutes=GRACE)
    same = meeting.fault == fault
    # Who was told of one fault has not been told of another.
    anew = {} if same else {"fault_told_at": None}
    Meeting.objects.filter(pk=meeting.pk).update(
        fault=fault,
        fault_detail=detail[:500],
        fault_since=(same and meeting.fault_since) or now,
        **anew,
        attempts=meeting.attempts + 1,
        claimed_until=None,
        look_at=None if over else again,
    )
