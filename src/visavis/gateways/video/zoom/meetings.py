"""Zoom's meetings: make, look at, end, delete, and see who was there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from visavis.gateways.video import Attended, Fault, RoomRequest, TryLater
from visavis.gateways.video.zoom.client import ZoomClient

INSTANT, SCHEDULED, PERSONAL = 1, 2, 4
LONGEST_TOPIC = 200
LONGEST_MINUTES = 1440
# How long an invite link works, in seconds: longer than any appointment.
LINK_SECONDS = 86_400
# Zoom API reference, "Create a meeting's invite links": so many names in one call.
MOST_NAMES = 500
PAGE_SIZE = 300
MOST_PAGES = 20
WAITING_ROOM = "in_waiting_room"


@dataclass(frozen=True, slots=True)
class ZoomMeeting:
    """A meeting as Zoom describes it. `start_url` makes whoever opens it the host."""

    id: str
    uuid: str
    type: int
    live: bool
    host_id: str
    # It is the host's personal room itself, or a meeting of ours that leads there.
    is_personal_room: bool
    leads_to_personal_room: bool
    join_url: str = field(repr=False)
    start_url: str = field(repr=False)
    passcode: str = field(repr=False)


def create(client: ZoomClient, request: RoomRequest) -> ZoomMeeting:
    """Make a meeting for the request's host. Raises VideoError."""
    body = client.call(
        "POST",
        "/users/{user}/meetings",
        ids={"user": request.host_id},
        body=description(request),
        expect=("id", "join_url"),
    )
    return _meeting(body)


def get(client: ZoomClient, meeting_id: str) -> ZoomMeeting:
    """Return a meeting with a fresh `start_url`. Raises VideoError and NotThere."""
    ids = {"meeting": meeting_id}
    return _meeting(client.call("GET", "/meetings/{meeting}", ids=ids, expect=("id",)))


def change(client: ZoomClient, meeting_id: str, request: RoomRequest) -> None:
    """Tell Zoom a scheduled meeting's topic and times. Raises VideoError and NotThere."""
    told = description(request)
    client.call(
        "PATCH",
        "/meetings/{meeting}",
        ids={"meeting": meeting_id},
        body={name: told[name] for name in ("topic", "start_time", "timezone", "duration")},
    )


def listed_with(client: ZoomClient, host_id: str, reference: str) -> Iterator[str]:
    """Yield the ids of a host's scheduled meetings whose description names a reference.

    Raises VideoError.
    """
    token = ""
    for _page in range(MOST_PAGES):
        query: dict[str, str | int] = {"type": "scheduled", "page_size": PAGE_SIZE}
        if token:
            query["next_page_token"] = token
        body = client.call(
            "GET",
            "/users/{user}/meetings",
            ids={"user": host_id},
            query=query,
            expect=("meetings",),
        )
        yield from (
            str(row["id"]) for row in body["meetings"] if reference in str(row.get("agenda") or "")
        )
        token = str(body.get("next_page_token") or "")
        if not token:
            return


def end(client: ZoomClient, meeting_id: str) -> None:
    """End a meeting that is going on. Raises VideoError and NotThere."""
    ids = {"meeting": meeting_id}
    client.call("PUT", "/meetings/{meeting}/status", ids=ids, body={"action": "end"})


def delete(client: ZoomClient, meeting_id: str) -> None:
    """Delete a meeting without Zoom writing to anybody. Raises VideoError and NotThere."""
    client.call(
        "DELETE",
        "/meetings/{meeting}",
        ids={"meeting": meeting_id},
        query={"schedule_for_reminder": "false", "cancel_meeting_reminder": "false"},
    )


def past_participants(client: ZoomClient, meeting: str) -> Iterator[Attended]:
    """Yield who was in a meeting that is over, by its uuid or id; paid plans only.

    Raises VideoError and NotThere.
    """
    token = ""
    for _page in range(MOST_PAGES):
        query: dict[str, str | int] = {"page_size": PAGE_SIZE}
        if token:
            query["next_page_token"] = token
        body = client.call(
            "GET",
            "/past_meetings/{meeting}/participants",
            ids={"meeting": meeting},
            query=query,
            expect=("participants",),
        )
        # Who was kept in the waiting room was not in the meeting.
        inside = [row for row in body["participants"] if row.get("status") != WAITING_ROOM]
        yield from map(_attended, inside)
        token = str(body.get("next_page_token") or "")
        if not token:
            return


def invite_links(client: ZoomClient, meeting_id: str, names: Sequence[str]) -> dict[str, str]:
    """Return ways in that carry these names, by name. Raises VideoError and NotThere."""
    links: dict[str, str] = {}
    for first in range(0, len(names), MOST_NAMES):
        some = names[first : first + MOST_NAMES]
        body = client.call(
            "POST",
            "/meetings/{meeting}/invite_links",
            ids={"meeting": meeting_id},
            body={"attendees": [{"name": name} for name in some], "ttl": LINK_SECONDS},
            expect=("attendees",),
        )
        links |= _links_of(some, body["attendees"] or [])
    return links


def _links_of(names: Sequence[str], attendees: Sequence[Any]) -> dict[str, str]:
    # By the name in the answer: nobody promises its order, nor that it tells all of them.
    rows = [row for row in attendees if isinstance(row, dict)]
    made = {str(row.get("name")): str(row.get("join_url") or "") for row in rows}
    found = {name: made[name] for name in names if made.get(name)}
    if not found:
        raise TryLater(Fault.UNREACHABLE, "an answer without links")
    return found


def description(request: RoomRequest) -> dict[str, Any]:
    """Return what to send for a request.

    Zoom writes to nobody, since all mail is ours; and the host's personal room is refused,
    since there clients of different appointments would meet.
    """
    described: dict[str, Any] = {
        "topic": _one_line(request.topic)[:LONGEST_TOPIC],
        "type": SCHEDULED if request.scheduled else INSTANT,
        "settings": {
            "use_pmi": False,
            "approval_type": 2,
            "email_notification": False,
            "alternative_hosts_email_notification": False,
            "registrants_confirmation_email": False,
            "registrants_email_notification": False,
        },
    }
    if request.scheduled:
        minutes = -(-(request.ends_at - request.starts_at).total_seconds() // 60)
        described |= {
            "start_time": request.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "timezone": request.time_zone,
            "duration": int(min(max(minutes, 1), LONGEST_MINUTES)),
            # Kept to one short line: Zoom's list shows the first 250 characters.
            "agenda": request.reference,
        }
    return described


def _meeting(body: dict[str, Any]) -> ZoomMeeting:
    room = str(body.get("pmi") or "")
    number = str(body["id"])
    kind = int(body.get("type") or 0)
    join_url = str(body.get("join_url") or "")
    uses_pmi = (body.get("settings") or {}).get("use_pmi") is True
    leads_there = uses_pmi or (bool(room) and f"/j/{room}" in join_url)
    return ZoomMeeting(
        id=number,
        uuid=str(body.get("uuid") or ""),
        type=kind,
        live=body.get("status") == "started",
        host_id=str(body.get("host_id") or ""),
        is_personal_room=kind == PERSONAL or number == room,
        leads_to_personal_room=leads_there,
        join_url=join_url,
        start_url=str(body.get("start_url") or ""),
        passcode=str(body.get("password") or ""),
    )


def _attended(row: dict[str, Any]) -> Attended:
    return Attended(
        name=str(row.get("name") or row.get("user_name") or ""),
        email=str(row.get("user_email") or row.get("email") or ""),
        joined_at=_moment(row.get("join_time")),
        left_at=_moment(row.get("leave_time")),
        number=str(row.get("user_id") or ""),
        user_id=str(row.get("id") or ""),
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _one_line(text: str) -> str:
    return " ".join(text.split())
