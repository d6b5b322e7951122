"""Looking inside, and acting as the people in meetings: calls, webhooks, meetings."""

import json
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from zoom_simulator import meetings
from zoom_simulator.api.meeting_input import read_meeting
from zoom_simulator.control.exchange import ControlError, control, found, read, write
from zoom_simulator.faults import Subject
from zoom_simulator.models import JSON, App, Instance, Meeting, Seat, User
from zoom_simulator.rooms import life
from zoom_simulator.simulator import Simulator
from zoom_simulator.state import expiry
from zoom_simulator.webhooks.delivery import Delivery


@control
async def calls(request: Request, sim: Simulator) -> Response:
    """`GET /_sim/calls?method=&path=&status=&since=` reads, `DELETE` forgets the record."""
    if request.method == "DELETE":
        sim.calls.clear()
        return write({"status": "cleared"})
    query = request.query_params
    matching = sim.calls.matching(
        method=query.get("method", ""),
        path=query.get("path", ""),
        status=query.get("status", ""),
        since=int(query.get("since", "0")),
    )
    return write({"calls": [_slots(call) for call in matching]})


def _slots(call: object) -> JSON:
    return {name: getattr(call, name) for name in call.__slots__}  # type: ignore[attr-defined]


@control
async def webhooks(request: Request, sim: Simulator) -> Response:
    """`GET` reads the log, `POST` sends any event you like, `DELETE` forgets the log."""
    if request.method == "DELETE":
        sim.postman.log.clear()
        return write({"status": "cleared"})
    if request.method == "POST":
        return await _send(sim, await read(request))
    query = request.query_params
    chosen = [
        shown_delivery(one)
        for one in sim.postman.log
        if query.get("event", one.event) == one.event
        and query.get("client_id", one.client_id) == one.client_id
        and query.get("state", one.state) == one.state
    ]
    return write({"deliveries": chosen})


async def _send(sim: Simulator, body: JSON) -> Response:
    app: App = found(sim.state.apps.get(str(body.get("client_id"))), "app")
    event = str(body.get("event", ""))
    stamp = int(sim.clock.now().timestamp() * 1000)
    message = {"event": event, "event_ts": stamp, "payload": body.get("payload", {})}
    subject = Subject(app=app.client_id, method="POST", path=event)
    sim.postman.post(app, str(body.get("url") or app.event_url), message, subject)
    return write({"status": "queued"}, 202)


@control
async def flush(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/webhooks/flush`: wait until nothing is on its way."""
    del request
    return write({"idle": await sim.postman.idle()})


def shown_delivery(one: Delivery) -> JSON:
    """Return a delivery with its body as JSON."""
    return {
        "number": one.number,
        "client_id": one.client_id,
        "url": one.url,
        "event": one.event,
        "created_at": one.created_at,
        "state": one.state,
        "fault": one.fault,
        "attempts": one.attempts,
        "body": json.loads(one.body),
    }


@control
async def all_meetings(request: Request, sim: Simulator) -> Response:
    """`GET` lists every meeting, instant and dead ones too; `POST` makes one as its host would."""
    if request.method == "POST":
        body = await read(request)
        host: User = found(sim.state.user(str(body.pop("host", ""))), "user")
        wanted = read_meeting(body, zone=host.timezone)
        made = meetings.create(sim, wanted, host=host, by=host, source="web_portal")
        return write(shown_meeting(sim, made), 201)
    query = request.query_params
    chosen = [
        shown_meeting(sim, meeting)
        for meeting in sim.state.meetings.values()
        if query.get("host_id", meeting.host_id) == meeting.host_id
        and query.get("type", str(meeting.type)) == str(meeting.type)
    ]
    return write({"meetings": chosen})


@control
async def one_meeting(request: Request, sim: Simulator) -> Response:
    """`GET` shows a meeting; `DELETE` deletes it as its host would on Zoom's own page."""
    meeting = _meeting(request, sim)
    if request.method == "DELETE":
        life.end(sim, meeting)
        meetings.delete(sim, meeting, by=sim.state.users.get(meeting.host_id))
    return write(shown_meeting(sim, meeting))


@control
async def start(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/meetings/{id}/start`: its host comes in."""
    meeting = _meeting(request, sim)
    host = sim.state.users[meeting.host_id]
    try:
        seat = life.start(sim, meeting, host)
    except life.HostBusyError as error:
        raise ControlError("the host has another meeting in progress", 409) from error
    return write(_shown_seat(seat), 201)


@control
async def join(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/meetings/{id}/join` with a `name`: somebody comes to the door."""
    name = str((await read(request)).get("name", "Somebody"))
    return write(_shown_seat(life.arrive(sim, _meeting(request, sim), name)), 201)


@control
async def end(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/meetings/{id}/end`: over, for everybody."""
    meeting = _meeting(request, sim)
    life.end(sim, meeting)
    return write(shown_meeting(sim, meeting))


@control
async def leave(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/seats/{token}/leave`: one person goes."""
    seat: Seat = found(sim.state.seats.get(request.path_params["token"]), "seat")
    life.leave(sim, sim.state.meetings[seat.meeting_id], seat)
    return write(_shown_seat(seat))


def shown_meeting(sim: Simulator, meeting: Meeting) -> JSON:
    """Return a meeting with who is in it and when its number dies."""
    found_expiry = expiry(meeting)
    soon = found_expiry - sim.clock.now() < timedelta(days=3650)
    return {
        "id": meeting.id,
        "uuid": meeting.uuid,
        "account_id": meeting.account_id,
        "host_id": meeting.host_id,
        "type": meeting.type,
        "topic": meeting.topic,
        "start_time": meeting.start_time,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "password": meeting.password,
        "status": meeting.gone or ("started" if meeting.live else "waiting"),
        "expires_at": found_expiry if soon else None,
        "join_url": sim.join_url(meeting),
        "created_at": meeting.created_at,
        "source": meeting.source,
        "settings": meeting.settings,
        "in_meeting": [_shown_seat(seat) for seat in life.people_in(meeting)],
        "waiting": [_shown_seat(seat) for seat in meeting.waiting],
        "instances": [_shown_instance(one) for one in meeting.past],
    }


def _shown_seat(seat: Seat) -> JSON:
    return {
        "token": seat.token,
        "name": seat.name,
        "place": seat.place,
        "host": seat.host,
        "user_id": seat.user_id,
        "joined_at": seat.joined_at,
        "left_at": seat.left_at,
    }


def _shown_instance(instance: Instance) -> JSON:
    return {
        "uuid": instance.uuid,
        "started_at": instance.started_at,
        "ended_at": instance.ended_at,
        "people": [_shown_seat(seat) for seat in instance.seats],
    }


def _meeting(request: Request, sim: Simulator) -> Meeting:
    number = request.path_params["number"]
    meeting: Meeting = found(sim.state.meeting(number, now=sim.clock.now()), "meeting")
    return meeting
