"""Meetings which are over (Zoom API reference, "past meetings").

A path here takes a number or a UUID. A UUID which begins with a slash or holds a double one must
be encoded twice; encoded once, it is not found, as at Zoom.
"""

from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from zoom_simulator.api import errors
from zoom_simulator.api.access import Caller
from zoom_simulator.api.errors import ApiError
from zoom_simulator.api.listing import paged
from zoom_simulator.clock import zoom_time
from zoom_simulator.models import JSON, Instance, Meeting, Plan


async def details(caller: Caller) -> Response:
    """`GET /past_meetings/{meetingId}`."""
    meeting, instance = _held(caller)
    host = caller.sim.state.users[meeting.host_id]
    _paid(caller)
    ended_at = instance.ended_at or caller.sim.clock.now()
    spans = [(s.joined_at, s.left_at) for s in instance.seats if s.joined_at and s.left_at]
    minutes = sum(max(round((left - came).total_seconds() / 60), 1) for came, left in spans)
    found: JSON = {
        "id": meeting.id,
        "uuid": instance.uuid,
        "host_id": meeting.host_id,
        "type": meeting.type,
        "topic": meeting.topic,
        "user_name": host.name,
        "user_email": host.email,
        "start_time": zoom_time(instance.started_at),
        "end_time": zoom_time(ended_at),
        "duration": max(round((ended_at - instance.started_at).total_seconds() / 60), 1),
        "total_minutes": minutes,
        "participants_count": len(instance.seats),
        "dept": "",
        "source": "Zoom simulator",
        "has_meeting_summary": False,
    }
    return JSONResponse(found)


async def instances(caller: Caller) -> Response:
    """`GET /past_meetings/{meetingId}/instances`."""
    meeting = _meeting(caller, caller.request.path_params["meeting_id"])
    held = [{"uuid": one.uuid, "start_time": zoom_time(one.started_at)} for one in meeting.past]
    return JSONResponse({"meetings": held})


async def participants(caller: Caller) -> Response:
    """`GET /past_meetings/{meetingId}/participants`."""
    _, instance = _held(caller)
    _paid(caller)
    found, description = paged(caller.sim, caller.request, instance.seats)
    del description["page_number"]
    people = [
        {
            "id": seat.user_id,
            "user_id": str(seat.number),
            "name": seat.name,
            "user_email": seat.email,
            "registrant_id": seat.registrant_id,
            "join_time": zoom_time(seat.joined_at or instance.started_at),
            "leave_time": zoom_time(seat.left_at or caller.sim.clock.now()),
            "duration": int(
                (
                    (seat.left_at or caller.sim.clock.now())
                    - (seat.joined_at or instance.started_at)
                ).total_seconds()
            ),
            "failover": False,
            "status": "in_meeting",
            "internal_user": bool(seat.user_id),
        }
        for seat in found
    ]
    return JSONResponse({**description, "participants": people})


def read_uuid(segment: str) -> str:
    """Decode a path segment as Zoom's gateway does: once, and once more if still encoded."""
    once = unquote(segment)
    if "%" in once:
        return unquote(once)
    return "" if once.startswith("/") or "//" in once else once


def _meeting(caller: Caller, segment: str) -> Meeting:
    found = caller.sim.state.meetings.get(int(segment)) if segment.isdecimal() else None
    if found is None or found.account_id != caller.token.account_id:
        raise errors.no_such_meeting(segment)
    caller.reach(found)
    return found


def _held(caller: Caller) -> tuple[Meeting, Instance]:
    segment = caller.request.path_params["meeting_id"]
    if segment.isdecimal():
        meeting = _meeting(caller, segment)
        if not meeting.past:
            raise errors.no_such_meeting(segment)
        return meeting, meeting.past[-1]
    uuid = read_uuid(segment)
    for meeting in caller.sim.state.meetings.values():
        for instance in meeting.past:
            if instance.uuid == uuid and meeting.account_id == caller.token.account_id:
                caller.reach(meeting)
                return meeting, instance
    raise errors.no_such_meeting(uuid or unquote(segment))


def _paid(caller: Caller) -> None:
    account = caller.sim.state.accounts[caller.token.account_id]
    if account.plan is Plan.FREE:
        raise ApiError(400, 200, f"Only available for paid account: {account.id}.")
