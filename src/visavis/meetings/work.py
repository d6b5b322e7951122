"""One meeting's room: asked for, watched, changed, closed, as its duty says.

What was asked is written down before a platform is asked, what it answered afterwards;
`core.duties` decides from these facts alone.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.db import IntegrityError, transaction

from visavis.core.duties import Duty, Held, Wanted, duty
from visavis.core.spans import to_minutes
from visavis.gateways.video import (
    Fault,
    NotAvailable,
    NotThere,
    Opened,
    RoomRequest,
    RoomState,
    TellAdministrator,
    TryLater,
    VideoError,
    VideoGateway,
)
from visavis.meetings import day_limit, platforms, preflight, rooms
from visavis.meetings.models import Meeting, MeetingSettings, Platform, Room
from visavis.meetings.platforms import HOST_TAKEN, Clock, GatewayFor, Host, NotSetUp

logger = logging.getLogger(__name__)

CLOSED_BECAUSE = {
    Duty.CLOSE_UNWANTED: Room.Closed.UNWANTED,
    Duty.CLOSE_HOST_CHANGED: Room.Closed.HOST_CHANGED,
    Duty.CLOSE_ENDED: Room.Closed.ENDED,
}


class Overtaken(Exception):
    """Somebody else looks after this meeting by now."""


@dataclass(slots=True)
class Work:
    """What is wanted and held of one meeting at this moment, and the means to change it."""

    meeting: Meeting
    settings: MeetingSettings
    host: Host
    room: Room | None
    clock: Clock
    gateway_for: GatewayFor

    @classmethod
    def on(cls, meeting: Meeting, *, clock: Clock, gateway_for: GatewayFor) -> Self:
        """Look up how things stand."""
        return cls(
            meeting=meeting,
            settings=rooms.settings_of(meeting),
            host=platforms.host_of(meeting.provider),
            room=meeting.rooms.current().first(),
            clock=clock,
            gateway_for=gateway_for,
        )

    def do_next(self) -> bool:
        """Do the one thing that is owed; return True if nothing was.

        Raises VideoError or NotSetUp if it cannot be done now, Overtaken if somebody else did.
        """
        owed = duty(self._wanted(), self._held(), now=to_minutes(self.clock()))
        match owed:
            case Duty.NOTHING:
                self._watch()
                return True
            case Duty.OPEN:
                self._open()
            case Duty.CHANGE:
                self._change()
            case Duty.WRITE_OFF:
                self._write_off()
            case _:
                self._give_back(CLOSED_BECAUSE[owed])
        return False

    def _wanted(self) -> Wanted:
        meeting = self.meeting
        over = meeting.ended_at is not None
        return Wanted(
            wanted=meeting.wanted,
            opens=to_minutes(rooms.opens_at(meeting, self.settings)),
            ends=to_minutes(meeting.ends_at),
            host=self.host.key,
            provider=meeting.provider_id,
            plan=self._plan(),
            started=meeting.started_at is not None and not over,
            over=over,
        )

    def _held(self) -> Held | None:
        room = self.room
        if room is None:
            return None
        # Whoever fell back stays there: nobody is sent from one room to another.
        host = self.host.key if room.fallback else Host(room.platform, room.host_id).key
        # One whose address cannot be decrypted is as good as lost.
        return Held(
            host=host,
            answered=room.usable,
            provider=room.provider_id or self.meeting.provider_id,
            plan=room.plan,
            live=room.live,
        )

    def _plan(self) -> str:
        """Return what the platform's list should say, or nothing where it should say nothing."""
        instant = self.settings.strategy == MeetingSettings.Strategy.INSTANT
        return "" if instant or self.host.platform != Platform.ZOOM else _plan_of(self.meeting)

    def _open(self) -> None:
        gateway = self.gateway_for(self.meeting.provider, self.host, clock=self.clock)
        room = self._asked_for()
        try:
            opened = self._opened(gateway, room)
        except VideoError as error:
            lost = isinstance(error, TryLater) and error.answer_lost
            because = Room.Closed.ANSWER_LOST if lost else Room.Closed.REFUSED
            rooms.close(room, because=because, now=self.clock(), leave=lost and bool(room.plan))
            raise
        facts = {
            "opened_at": self.clock(),
            "external_id": opened.external_id,
            "external_uuid": opened.external_uuid,
            "join_url": opened.join_url,
            "passcode": opened.passcode,
        }
        if not Room.objects.current().filter(pk=room.pk).update(**facts):
            # Somebody wrote this room off while we waited; nobody will ever be sent there.
            Room.objects.filter(pk=room.pk).update(
                external_id=opened.external_id, remove_at=self.clock()
            )
            raise Overtaken

    def _asked_for(self) -> Room:
        """Write down that a room is about to be asked for."""
        try:
            with transaction.atomic():
                return Room.objects.create(
                    meeting=self.meeting,
                    provider=self.meeting.provider,
                    platform=self.host.platform,
                    host_id=self.host.host_id or self.host.fixed_link,
                    plan=self._plan(),
                    asked_at=self.clock(),
                )
        except IntegrityError as error:
            raise Overtaken from error

    def _opened(self, gateway: VideoGateway, room: Room) -> Opened:
        """Ask for a room that is nobody's personal one, at the price of its being listed."""
        request = self._request(room)
        try:
            return gateway.open(request)
        except TellAdministrator as error:
            if error.fault != Fault.PERSONAL_ROOM or request.scheduled:
                raise
        logger.warning("an instant meeting fell into a personal room: asking for a scheduled one")
        room.plan = _plan_of(self.meeting)
        Room.objects.filter(pk=room.pk).update(plan=room.plan)
        return gateway.open(replace(request, scheduled=True))

    def _request(self, room: Room) -> RoomRequest:
        meeting = self.meeting
        return RoomRequest(
            topic=meeting.topic,
            host_id=self.host.host_id,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            time_zone=meeting.provider.time_zone,
            scheduled=bool(room.plan),
            reference=room.reference,
        )

    def _change(self) -> None:
        """Let a listed room follow its appointment, or give it up for another one."""
        room = self._current()
        try:
            self._gateway_of(room).change(room.external_id, self._request(room))
        except NotThere:
            rooms.note_gone(room, now=self.clock())
        except NotAvailable:
            self._give_back(Room.Closed.UNWANTED)
        else:
            Room.objects.filter(pk=room.pk).update(plan=self._plan())

    def _write_off(self) -> None:
        room = self._current()
        rooms.close(room, because=Room.Closed.ANSWER_LOST, now=self.clock(), leave=bool(room.plan))

    def _give_back(self, because: Room.Closed) -> None:
        """Close the current room, at its platform too. What fails there is done later."""
        room, left = self._current(), False
        try:
            self._gateway_of(room).close(room.external_id)
        except (VideoError, NotSetUp) as error:
            logger.warning("meeting %s: closing its room: %s", self.meeting.pk, error.fault)
            left = True
        rooms.close(room, because=because, now=self.clock(), leave=left)
        if because == Room.Closed.ENDED:
            Meeting.objects.filter(pk=self.meeting.pk).update(ended_at=self.clock())

    def _watch(self) -> None:
        """Look how an open room is doing, or whether a planned one could be opened."""
        if not self.meeting.wanted:
            return
        if self.room is None:
            if self.clock() < self._opens_at():
                self._check_host()
            return
        try:
            state = self._gateway_of(self.room).state(self.room.external_id)
        except NotThere:
            rooms.note_gone(self.room, now=self.clock())
            return
        rooms.note_state(self.room, live=state is RoomState.LIVE, now=self.clock())
        host = Host(self.room.platform, self.room.host_id)
        preflight.keep_busy(self.meeting, host, now=self.clock())

    def _check_host(self) -> None:
        gateway = self.gateway_for(self.meeting.provider, self.host, clock=self.clock)
        seen = gateway.check(self.host.host_id)
        found = preflight.notices(self.meeting, self.host, seen, self.settings, now=self.clock())
        preflight.keep(self.meeting, found)
        at_once = self.settings.meetings_at_once
        if not seen.several and preflight.is_taken(self.meeting, self.host, at_once=at_once):
            raise NotSetUp(HOST_TAKEN)
        if self.host.platform == Platform.ZOOM and day_limit.is_used_up(
            self.meeting, self.host.host_id, opens_at=self._opens_at()
        ):
            raise TryLater(Fault.DAY_LIMIT, "the host has a hundred meetings that day")
        Meeting.objects.filter(pk=self.meeting.pk).update(checked_at=self.clock())

    def _opens_at(self) -> datetime:
        return rooms.opens_at(self.meeting, self.settings)

    def _current(self) -> Room:
        assert self.room is not None
        return self.room

    def _gateway_of(self, room: Room) -> VideoGateway:
        return gateway_of(room, self.meeting, clock=self.clock, gateway_for=self.gateway_for)


def gateway_of(
    room: Room,
    meeting: Meeting,
    *,
    clock: Clock,
    gateway_for: GatewayFor = platforms.gateway_for,
) -> VideoGateway:
    """Return the gateway to a room that was opened, whoever the host may be by now."""
    host = Host(room.platform, room.host_id, room.host_id)
    return gateway_for(meeting.provider, host, clock=clock)


def _plan_of(meeting: Meeting) -> str:
    times = f"{to_minutes(meeting.starts_at)}-{to_minutes(meeting.ends_at)}"
    return f"{times} {meeting.topic}"
