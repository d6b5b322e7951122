"""The calls about meetings (Zoom API reference, meetings)."""

from starlette.responses import JSONResponse, Response

from zoom_simulator import meetings, schedule
from zoom_simulator.api import errors
from zoom_simulator.api.access import Caller
from zoom_simulator.api.errors import ApiError
from zoom_simulator.api.listing import paged
from zoom_simulator.api.meeting_input import read_meeting, read_object
from zoom_simulator.api.presenting import full, listed
from zoom_simulator.clock import zoom_time
from zoom_simulator.meeting_fields import Wanted
from zoom_simulator.models import Meeting, MeetingType, User
from zoom_simulator.rooms import life

NO_SCHEDULE_FOR = (
    "Instant meetings do not support the `schedule_for` parameter, and you can't schedule an "
    "instant meeting for another user."
)
BAD_SCHEDULE_FOR = (
    "The value that you entered in the `schedule_for` field is invalid. "
    "Enter a valid value and try again."
)
ONLY_SOME_PRESCHEDULED = (
    "Prescheduling is only available for scheduled meetings (type 2) and recurring meetings "
    "with no fixed time (type 3)."
)


async def create(caller: Caller) -> Response:
    """`POST /users/{userId}/meetings`."""
    host = caller.target(caller.request.path_params["user_id"])
    body = await read_object(caller.request)
    wanted = read_meeting(body, zone=host.timezone)
    host = _scheduled_for(caller, wanted, host)
    if not host.may_host:
        raise errors.may_not_host()
    _check_prescheduling(wanted, wanted.fields.get("type", MeetingType.SCHEDULED))
    _count_change(caller, host)
    made = meetings.create(caller.sim, wanted, host=host, by=caller.user)
    answer = full(caller.sim, made, host)
    # The reference knows no type 4 here: a captured instant meeting shows by its number alone.
    return JSONResponse({**answer, "type": wanted.fields.get("type", made.type)}, 201)


async def get(caller: Caller) -> Response:
    """`GET /meetings/{meetingId}`; each answer has a fresh start link."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    host = _host(caller, meeting)
    found = full(caller.sim, meeting, host)
    occurrence_id = caller.request.query_params.get("occurrence_id")
    if occurrence_id:
        chosen = [o for o in meeting.occurrences if o["occurrence_id"] == occurrence_id]
        if not chosen:
            raise errors.no_such_meeting(meeting.id)
        found |= {"start_time": chosen[0]["start_time"], "duration": chosen[0]["duration"]}
    return JSONResponse(found)


async def update(caller: Caller) -> Response:
    """`PATCH /meetings/{meetingId}`."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    host = _host(caller, meeting)
    body = await read_object(caller.request)
    wanted = read_meeting(body, zone=meeting.timezone)
    wanted.fields.setdefault("type", meeting.type)
    new_host = _scheduled_for(caller, wanted, host)
    _check_prescheduling(wanted, wanted.fields["type"])
    _count_change(caller, host)
    meeting.host_id = new_host.id
    meetings.update(caller.sim, meeting, wanted, by=caller.user)
    return Response(status_code=204)


async def delete(caller: Caller) -> Response:
    """`DELETE /meetings/{meetingId}`, or one occurrence of it."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    _host(caller, meeting)
    occurrence_id = caller.request.query_params.get("occurrence_id")
    if occurrence_id:
        chosen = [o for o in meeting.occurrences if o["occurrence_id"] == occurrence_id]
        if not chosen:
            raise ApiError(400, 300, "Invalid parameter: `occurrence_id`.")
        meeting.occurrences.remove(chosen[0])
        return Response(status_code=204)
    if meeting.type == MeetingType.PERSONAL:
        raise ApiError(400, 3018, "Not allowed to delete PMI.")
    if meeting.live:
        # From an older edition of the reference; the present one does not list it.
        raise ApiError(400, 3002, "Sorry, you cannot delete this meeting since it's in progress.")
    meetings.delete(caller.sim, meeting, by=caller.user)
    return Response(status_code=204)


async def set_status(caller: Caller) -> Response:
    """`PUT /meetings/{meetingId}/status`: end a running meeting, recover a deleted one."""
    number = caller.request.path_params["meeting_id"]
    action = (await read_object(caller.request)).get("action")
    if action == "recover":
        deleted = caller.sim.state.meetings.get(int(number)) if number.isdecimal() else None
        if deleted is None or deleted.account_id != caller.token.account_id:
            raise errors.no_such_meeting(number)
        if deleted.gone != "deleted":
            raise errors.no_such_meeting(number)
        caller.reach(deleted)
        meetings.recover(caller.sim, deleted, by=caller.user)
        return Response(status_code=204)
    meeting = caller.meeting(number)
    if action != "end":
        raise errors.invalid(("action", "Invalid parameter: action."))
    life.end(caller.sim, meeting)
    return Response(status_code=204)


async def list_scheduled(caller: Caller) -> Response:
    """`GET /users/{userId}/meetings`: never any instant ones."""
    host = caller.target(caller.request.path_params["user_id"])
    if not host.may_host:
        raise errors.may_not_host()
    kinds = {
        "scheduled": schedule.scheduled,
        "live": schedule.live,
        "upcoming": schedule.upcoming,
        "upcoming_meetings": schedule.upcoming,
        "previous_meetings": schedule.previous,
    }
    kind = caller.request.query_params.get("type", "scheduled")
    if kind not in kinds:
        raise ApiError(400, 300, "Invalid parameter: type.")
    found, description = paged(caller.sim, caller.request, kinds[kind](caller.sim, host.id))
    lines = [listed(caller.sim, meeting) for meeting in found]
    return JSONResponse({**description, "meetings": lines})


async def list_upcoming(caller: Caller) -> Response:
    """`GET /users/{userId}/upcoming_meetings`: those of the next 24 hours."""
    host = caller.target(caller.request.path_params["user_id"])
    found = [
        {
            "id": meeting.id,
            "topic": meeting.topic,
            "type": meeting.type,
            "start_time": zoom_time(meeting.start_time or meeting.created_at),
            "duration": meeting.duration,
            "timezone": meeting.timezone,
            "created_at": zoom_time(meeting.created_at),
            "join_url": caller.sim.join_url(meeting),
            "passcode": meeting.password,
            "use_pmi": bool(meeting.pmi),
            "is_host": True,
            "is_all_day": False,
        }
        for meeting in schedule.upcoming(caller.sim, host.id)
    ]
    return JSONResponse({"total_records": len(found), "meetings": found})


def _host(caller: Caller, meeting: Meeting) -> User:
    host = caller.sim.state.users[meeting.host_id]
    if not host.may_host:
        raise errors.may_not_host()
    return host


def _scheduled_for(caller: Caller, wanted: Wanted, host: User) -> User:
    """Return the host whom `schedule_for` names; both sides need the scheduling privilege."""
    other_id = wanted.fields.pop("schedule_for", "")
    if not other_id:
        return host
    if wanted.fields.get("type") == MeetingType.INSTANT:
        raise ApiError(400, 3000, NO_SCHEDULE_FOR)
    other = caller.sim.state.user(other_id, account_id=host.account_id)
    if other is None:
        raise ApiError(400, 300, BAD_SCHEDULE_FOR)
    licensed = other.type == host.type == 2
    if other is host or not licensed or host.id not in other.assistants:
        raise ApiError(400, 3000, f"You cannot schedule a meeting for {other_id}")
    caller.require_shared(other)
    return other


def _check_prescheduling(wanted: Wanted, kind: int) -> None:
    if wanted.fields.get("pre_schedule") and kind not in {2, 3}:
        raise ApiError(400, 3000, ONLY_SOME_PRESCHEDULED)


def _count_change(caller: Caller, host: User) -> None:
    verdict = caller.sim.limits.count_change(host.id, now=caller.sim.clock.now())
    if not verdict.allowed:
        raise ApiError(429, 429, verdict.message, headers=verdict.headers)
