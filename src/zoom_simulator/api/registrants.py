"""People who register for a meeting (Zoom API reference, meeting registrants)."""

from datetime import datetime

from starlette.responses import JSONResponse, Response

from zoom_simulator.api import errors
from zoom_simulator.api.access import Caller
from zoom_simulator.api.errors import ApiError
from zoom_simulator.api.listing import paged
from zoom_simulator.api.meeting_input import read_object
from zoom_simulator.api.presenting import takes_registrants
from zoom_simulator.clock import zoom_time
from zoom_simulator.ids import secret
from zoom_simulator.models import JSON, Meeting, Registrant, User
from zoom_simulator.webhooks import events

BATCH_MAX = 30
BAD_ID = (
    "The value that you entered for the Registrant ID field is invalid. "
    "Enter a valid value and try again."
)
BATCH_ONLY_SCHEDULED = (
    "This API can only be used for scheduled meeting(meeting type: 2). "
    "Batch registration is not supported for other meeting types."
)


async def listing(caller: Caller) -> Response:
    """`GET /meetings/{meetingId}/registrants`."""
    meeting = _with_registration(caller)
    wanted = caller.request.query_params.get("status", "approved")
    people = [one for one in meeting.registrants.values() if one.status == wanted]
    found, description = paged(caller.sim, caller.request, people)
    shown = [_shown(caller, meeting, one) for one in found]
    return JSONResponse({**description, "registrants": shown})


async def add(caller: Caller) -> Response:
    """`POST /meetings/{meetingId}/registrants`."""
    try:
        meeting = _with_registration(caller)
    except ApiError as error:
        if error.code == 3001:
            # The reference gives this one endpoint another code for the same text.
            raise ApiError(404, 1001, error.message) from error
        raise
    body = await read_object(caller.request)
    one = _register(caller, meeting, body, approved=bool(body.get("auto_approve")))
    answer: JSON = {
        "id": meeting.id,
        "registrant_id": one.id,
        "topic": meeting.topic,
        "start_time": zoom_time(meeting.start_time or meeting.created_at),
        "occurrences": meeting.occurrences,
        "participant_pin_code": one.number,
    }
    if one.status == "approved":
        answer["join_url"] = caller.sim.personal_url(meeting, one.token)
    return JSONResponse(answer, 201)


async def add_batch(caller: Caller) -> Response:
    """`POST /meetings/{meetingId}/batch_registrants`: up to 30 at once."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    if meeting.type != 2:
        raise ApiError(400, 303, BATCH_ONLY_SCHEDULED)
    if not takes_registrants(meeting):
        raise ApiError(400, 404, _not_enabled(meeting))
    body = await read_object(caller.request)
    people = body.get("registrants")
    if not isinstance(people, list) or not 1 <= len(people) <= BATCH_MAX:
        raise errors.invalid(("registrants", "Invalid parameter: registrants."))
    if not all(isinstance(one, dict) for one in people):
        raise errors.invalid(("registrants", "Invalid parameter: registrants."))
    approved = bool(body.get("auto_approve"))
    made = [_register(caller, meeting, person, approved=approved) for person in people]
    answers = [
        {
            "email": one.email,
            "registrant_id": one.id,
            "join_url": caller.sim.personal_url(meeting, one.token),
            "participant_pin_code": one.number,
        }
        for one in made
    ]
    return JSONResponse({"registrants": answers}, 201)


async def get(caller: Caller) -> Response:
    """`GET /meetings/{meetingId}/registrants/{registrantId}`."""
    meeting = _with_registration(caller)
    return JSONResponse(_shown(caller, meeting, _one(caller, meeting)))


async def remove(caller: Caller) -> Response:
    """`DELETE /meetings/{meetingId}/registrants/{registrantId}`."""
    meeting = _with_registration(caller)
    one = _one(caller, meeting)
    del meeting.registrants[one.id]
    events.registration_event(caller.sim, "cancelled", meeting, one, caller.user)
    return Response(status_code=204)


async def set_status(caller: Caller) -> Response:
    """`PUT /meetings/{meetingId}/registrants/status`."""
    meeting = _with_registration(caller)
    body = await read_object(caller.request)
    outcomes = {
        "approve": ("approved", "approved"),
        "deny": ("denied", "denied"),
        "cancel": ("denied", "cancelled"),
    }
    if body.get("action") not in outcomes:
        raise errors.invalid(("action", "Invalid parameter: action."))
    status, event = outcomes[body["action"]]
    people = body.get("registrants", [])
    if not isinstance(people, list) or not all(isinstance(one, dict) for one in people):
        raise errors.invalid(("registrants", "Invalid parameter: registrants."))
    chosen = {person.get("id") for person in people} | {person.get("email") for person in people}
    for one in meeting.registrants.values():
        if one.id in chosen or one.email in chosen:
            one.status = status
            events.registration_event(caller.sim, event, meeting, one, caller.user)
    return Response(status_code=204)


def _with_registration(caller: Caller) -> Meeting:
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    host: User = caller.sim.state.users[meeting.host_id]
    if host.type != 2:
        raise ApiError(400, 200, f"Only available for paid users: {host.id}.")
    if not takes_registrants(meeting):
        raise ApiError(400, 300, _not_enabled(meeting))
    return meeting


def _not_enabled(meeting: Meeting) -> str:
    return f"Registration has not been enabled for this meeting: {meeting.id}."


def _one(caller: Caller, meeting: Meeting) -> Registrant:
    found = meeting.registrants.get(caller.request.path_params["registrant_id"])
    if found is None:
        raise ApiError(400, 300, BAD_ID)
    return found


def _register(caller: Caller, meeting: Meeting, body: JSON, *, approved: bool) -> Registrant:
    email, first_name = body.get("email"), body.get("first_name")
    if not isinstance(email, str) or "@" not in email or len(email) > 128:
        raise errors.invalid(("email", "Invalid parameter: email."))
    if not isinstance(first_name, str) or not 0 < len(first_name) <= 64:
        raise errors.invalid(("first_name", "Invalid parameter: first_name."))
    host = caller.sim.state.users[meeting.host_id]
    if email.lower() == host.email:
        raise ApiError(400, 3027, "Host can not register.")
    for known in meeting.registrants.values():
        if known.email == email.lower():
            return known
    automatic = approved or meeting.settings.get("approval_type") == 0
    now: datetime = caller.sim.clock.now()
    one = Registrant(
        id=caller.sim.state.ids.text(22),
        number=len(meeting.registrants) + 380_303,
        email=email.lower(),
        first_name=first_name,
        last_name=str(body.get("last_name", "")),
        token=secret(24),
        status="approved" if automatic else "pending",
        created_at=now,
    )
    meeting.registrants[one.id] = one
    events.registration_event(caller.sim, "created", meeting, one, None)
    return one


def _shown(caller: Caller, meeting: Meeting, one: Registrant) -> JSON:
    return {
        "id": one.id,
        "email": one.email,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "status": one.status,
        "create_time": zoom_time(one.created_at),
        "join_url": caller.sim.personal_url(meeting, one.token),
        "participant_pin_code": one.number,
    }
