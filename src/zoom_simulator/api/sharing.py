"""Invitations, personal invite links, and tokens of one meeting."""

from datetime import timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from zoom_simulator.api import errors
from zoom_simulator.api.access import Caller
from zoom_simulator.api.errors import ApiError
from zoom_simulator.api.meeting_input import read_object
from zoom_simulator.ids import secret
from zoom_simulator.models import Invite, Meeting

TTL_DEFAULT = 7200
TTL_MAX = 7_776_000
ATTENDEES_MAX = 500


async def invitation(caller: Caller) -> Response:
    """`GET /meetings/{meetingId}/invitation`: text to put into a mail."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    host = caller.sim.state.users[meeting.host_id]
    lines = [
        f"{host.name} invites you to a meeting.",
        "",
        f"Topic: {meeting.topic}",
        f"Join: {caller.sim.join_url(meeting)}",
        f"Meeting ID: {meeting.id}",
        f"Passcode: {meeting.password}",
    ]
    return JSONResponse({"invitation": "\r\n".join(lines), "sip_links": []})


async def invite_links(caller: Caller) -> Response:
    """`POST /meetings/{meetingId}/invite_links`: one link per name, without registration."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    body = await read_object(caller.request)
    attendees, ttl = body.get("attendees"), body.get("ttl", TTL_DEFAULT)
    if not isinstance(attendees, list) or not 1 <= len(attendees) <= ATTENDEES_MAX:
        raise errors.invalid(("attendees", "Invalid parameter: attendees."))
    if not isinstance(ttl, int) or not 0 <= ttl <= TTL_MAX:
        raise errors.invalid(("ttl", "Invalid parameter: ttl."))
    if not all(_is_name(attendee) for attendee in attendees):
        raise errors.invalid(("attendees.name", "Invalid parameter: name."))
    links = [_link(caller, meeting, attendee["name"], ttl) for attendee in attendees]
    return JSONResponse({"attendees": links}, 201)


async def captions_token(caller: Caller) -> Response:
    """`GET /meetings/{meetingId}/token`: only while the meeting is running."""
    meeting = caller.meeting(caller.request.path_params["meeting_id"])
    if meeting.live is None:
        raise ApiError(400, 3000, "Meeting has not started.")
    return JSONResponse({"token": caller.sim.url(f"/closedcaption?id={meeting.id}")})


def _is_name(attendee: Any) -> bool:
    return (
        isinstance(attendee, dict)
        and isinstance(attendee.get("name"), str)
        and 0 < len(attendee["name"]) <= 64
    )


def _link(caller: Caller, meeting: Meeting, name: str, ttl: int) -> dict[str, str]:
    expires_at = caller.sim.clock.now() + timedelta(seconds=ttl) if ttl else None
    token = secret(24)
    meeting.invites[token] = Invite(token, name, expires_at)
    return {"name": name, "join_url": caller.sim.personal_url(meeting, token)}
