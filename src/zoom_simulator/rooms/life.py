"""The life of a meeting: who may start it, who waits, who is in, and when it is over.

Every change here is followed by the events which Zoom sends for it.
"""

from collections.abc import Iterable
from datetime import timedelta

from zoom_simulator.ids import secret
from zoom_simulator.models import Instance, Meeting, MeetingType, Plan, Registrant, Seat, User
from zoom_simulator.simulator import Simulator
from zoom_simulator.webhooks import events

BASIC_LIMIT = timedelta(minutes=40)
ANNOUNCE_WAITING_AFTER = timedelta(seconds=30)


class HostBusyError(Exception):
    """The host has as many meetings running as the plan allows."""


def running_meetings(sim: Simulator, host_id: str) -> list[Meeting]:
    """Return the meetings of a host which are going on."""
    return [m for m in sim.state.meetings.values() if m.host_id == host_id and m.live]


def may_run_at_once(sim: Simulator, host: User) -> int:
    """Return how many meetings a host may have running (Zoom support, concurrent meetings)."""
    plan = sim.state.accounts[host.account_id].plan
    return 2 if plan is Plan.BUSINESS and host.type == 2 else 1


def start(sim: Simulator, meeting: Meeting, host: User) -> Seat:
    """Let the host in, starting the meeting if need be. Raises HostBusyError.

    A host who is in already gets the same seat, as a page that was loaded twice would expect.
    """
    owner = sim.state.users[meeting.host_id]
    if meeting.live:
        for seat in meeting.live.seats:
            if seat.user_id == host.id and seat.place == "in":
                return seat
    else:
        _open(sim, meeting, owner)
    seat = _new_seat(sim, meeting, host.name)
    seat.host, seat.user_id, seat.email = True, host.id, host.email
    _enter(sim, meeting, seat)
    for waiting in list(meeting.waiting):
        if waiting.place == "waiting_host":
            _let_in_after_waiting(sim, meeting, waiting)
    return seat


def arrive(
    sim: Simulator,
    meeting: Meeting,
    name: str,
    *,
    registrant: Registrant | None = None,
    invite: str = "",
) -> Seat:
    """Somebody comes to the door: let in, or kept waiting."""
    for known in [*meeting.waiting, *(meeting.live.seats if meeting.live else [])]:
        # A personal link which is opened twice leads to the same chair.
        if invite and known.invite == invite and known.place not in {"left", "removed"}:
            return known
    seat = _new_seat(sim, meeting, name)
    seat.invite = invite
    if registrant:
        seat.registrant_id, seat.email = registrant.id, registrant.email
    if meeting.live is None and _may_start_without_host(sim, meeting):
        try:
            _open(sim, meeting, sim.state.users[meeting.host_id])
        except HostBusyError:
            _wait_for_host(sim, meeting, seat)
            return seat
        _enter(sim, meeting, seat)
        events.participant_event(sim, "jbh_joined", meeting, seat, {})
    elif meeting.live is None:
        _wait_for_host(sim, meeting, seat)
    else:
        _enter_or_wait_for_admission(sim, meeting, seat)
    return seat


def admit(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    """The host lets somebody in from the waiting room."""
    if seat.place != "waiting_room" or meeting.live is None:
        return
    meeting.waiting.remove(seat)
    now = sim.clock.now()
    events.participant_event(sim, "admitted", meeting, seat, {"date_time": now})
    _enter(sim, meeting, seat)


def leave(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    """Somebody goes. The meeting is over when the last one has gone."""
    now = sim.clock.now()
    if seat in meeting.waiting:
        meeting.waiting.remove(seat)
        if seat.place == "waiting_room":
            events.participant_event(sim, "left_waiting_room", meeting, seat, {"date_time": now})
        elif seat.waiting_announced:
            events.participant_event(sim, "jbh_waiting_left", meeting, seat, {})
        seat.place, seat.left_at = "left", now
        return
    if seat.place != "in" or meeting.live is None:
        return
    _go(sim, meeting, seat)
    if not people_in(meeting):
        end(sim, meeting)


def end(sim: Simulator, meeting: Meeting) -> None:
    """Everybody goes and the meeting is over. An instant meeting's number dies with it."""
    instance = meeting.live
    if instance is None:
        return
    for seat in people_in(meeting):
        _go(sim, meeting, seat)
    for seat in list(meeting.waiting):
        leave(sim, meeting, seat)
    instance.ended_at = sim.clock.now()
    events.ended_event(sim, meeting, instance)
    meeting.past.append(instance)
    meeting.live = None
    if meeting.instant:
        meeting.gone = "ended"
    else:
        meeting.uuid = sim.state.ids.uuid()


def people_in(meeting: Meeting) -> list[Seat]:
    """Return who is in the meeting now."""
    return [seat for seat in meeting.live.seats if seat.place == "in"] if meeting.live else []


def seats_of(meeting: Meeting) -> Iterable[Seat]:
    """Return everybody who is in or waiting."""
    return [*people_in(meeting), *meeting.waiting]


def _open(sim: Simulator, meeting: Meeting, owner: User) -> None:
    if len(running_meetings(sim, owner.id)) >= may_run_at_once(sim, owner):
        raise HostBusyError(owner.name)
    instance = Instance(meeting.uuid, sim.clock.now())
    meeting.live = instance
    events.started_event(sim, meeting, instance)
    if owner.type == 1 or sim.state.accounts[owner.account_id].plan is Plan.FREE:

        async def stop() -> None:
            if meeting.live is instance:
                instance.cut_off = True
                end(sim, meeting)

        sim.clock.call_in(BASIC_LIMIT, stop)


def _may_start_without_host(sim: Simulator, meeting: Meeting) -> bool:
    settings = meeting.settings
    if meeting.instant or not settings.get("join_before_host") or settings.get("waiting_room"):
        return False
    early = settings.get("jbh_time", 0)
    if meeting.type != MeetingType.SCHEDULED or not meeting.start_time or not early:
        return True
    return sim.clock.now() >= meeting.start_time - timedelta(minutes=early)


def _new_seat(sim: Simulator, meeting: Meeting, name: str) -> Seat:
    sim.state.next_seat_number += 1024
    seat = Seat(
        token=secret(18),
        meeting_id=meeting.id,
        name=name,
        place="",
        number=sim.state.next_seat_number,
        uuid=sim.state.ids.text(20).upper(),
        arrived_at=sim.clock.now(),
    )
    sim.state.seats[seat.token] = seat
    return seat


def _wait_for_host(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    seat.place = "waiting_host"
    meeting.waiting.append(seat)

    async def announce() -> None:
        if seat.place == "waiting_host":
            seat.waiting_announced = True
            events.participant_event(sim, "jbh_waiting", meeting, seat, {})

    # Zoom's reference: sent for those who have waited for half a minute.
    sim.clock.call_in(ANNOUNCE_WAITING_AFTER, announce)


def _let_in_after_waiting(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    meeting.waiting.remove(seat)
    if seat.waiting_announced:
        events.participant_event(sim, "jbh_waiting_left", meeting, seat, {})
    _enter_or_wait_for_admission(sim, meeting, seat)


def _enter_or_wait_for_admission(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    if not meeting.settings.get("waiting_room"):
        _enter(sim, meeting, seat)
        return
    seat.place = "waiting_room"
    meeting.waiting.append(seat)
    now = sim.clock.now()
    events.participant_event(sim, "joined_waiting_room", meeting, seat, {"date_time": now})


def _enter(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    seat.place, seat.joined_at = "in", sim.clock.now()
    if meeting.live:
        meeting.live.seats.append(seat)
    events.participant_event(sim, "joined", meeting, seat, {"join_time": seat.joined_at})


def _go(sim: Simulator, meeting: Meeting, seat: Seat) -> None:
    seat.place, seat.left_at = "left", sim.clock.now()
    events.participant_event(sim, "left", meeting, seat, {"leave_time": seat.left_at})
