"""The pages of a meeting: the door (`/j`, `/w`), the host's door (`/s`), and the seat inside."""

import hmac

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator.models import Meeting, Registrant, Seat, User
from zoom_simulator.pages.rendering import page
from zoom_simulator.rooms import life
from zoom_simulator.simulator import Simulator

NAME_MAX = 64


async def join(request: Request) -> Response:
    """`/j/{number}?pwd=…`: check the passcode, learn a name, take a seat."""
    sim: Simulator = request.app.state.sim
    meeting = _meeting(sim, request)
    if meeting is None:
        return _nowhere(request)
    form = {k: str(v) for k, v in (await request.form()).items()} if _posted(request) else {}
    key = request.query_params.get("pwd", "")
    if not _opens(meeting, key) and not _opens(meeting, form.get("passcode", "")):
        wrong = bool(key) or "passcode" in form
        return page(request, "passcode.html", 403, meeting=meeting, wrong=wrong)
    name = (form.get("name") or request.query_params.get("uname", "")).strip()[:NAME_MAX]
    if not name:
        passcode = form.get("passcode", "")
        return page(request, "name.html", meeting=meeting, passcode=passcode)
    return _to(life.arrive(sim, meeting, name))


async def join_personally(request: Request) -> Response:
    """`/w/{number}?tk=…`: a link made for one person, whose name is known."""
    sim: Simulator = request.app.state.sim
    meeting = _meeting(sim, request)
    if meeting is None:
        return _nowhere(request)
    token = request.query_params.get("tk", "")
    invite = meeting.invites.get(token)
    if invite and (invite.expires_at is None or sim.clock.now() < invite.expires_at):
        return _to(life.arrive(sim, meeting, invite.name, invite=token))
    registrant = _registrant(meeting, token)
    if registrant is None or registrant.status == "denied":
        text = "This personal link is not valid for this meeting."
        return _closed(request, 403, "This link does not work", text)
    if registrant.status == "pending":
        text = "The host has not approved your registration yet."
        return _closed(request, 403, "Waiting for approval", text)
    name = f"{registrant.first_name} {registrant.last_name}".strip()
    return _to(life.arrive(sim, meeting, name, registrant=registrant, invite=token))


async def start(request: Request) -> Response:
    """`/s/{number}?zak=…`: the host's own door."""
    sim: Simulator = request.app.state.sim
    meeting = _meeting(sim, request)
    if meeting is None:
        return _nowhere(request)
    zak = sim.state.zaks.get(request.query_params.get("zak", ""))
    user = sim.state.users.get(zak.user_id) if zak else None
    if zak is None or user is None or not _hosts(meeting, user):
        text = "It is not a start link of this meeting's host."
        return _closed(request, 403, "This start link does not work", text)
    if sim.clock.now() > zak.expires_at:
        text = "Start links are good for two hours. Ask for a new one where you got this one."
        return _closed(request, 403, "This start link has expired", text)
    if user.status != "active":
        text = "This account has been deactivated."
        return _closed(request, 403, "You cannot start this meeting", text)
    try:
        return _to(life.start(sim, meeting, user))
    except life.HostBusyError:
        owner = sim.state.users[meeting.host_id]
        running = life.running_meetings(sim, owner.id)
        return page(request, "host_busy.html", 409, meeting=meeting, running=running, owner=owner)


async def room(request: Request) -> Response:
    """Show a seat: waiting, inside, or after."""
    return _seat_page(request, "room.html")


async def fragment(request: Request) -> Response:
    """Show only what changes, for the page which asks again every second or two."""
    return _seat_page(request, "room_state.html")


async def leave(request: Request) -> Response:
    """Somebody presses Leave."""
    sim, seat, meeting = _seat(request)
    if seat is None or meeting is None:
        return _nowhere(request)
    life.leave(sim, meeting, seat)
    return _to(seat)


async def end(request: Request) -> Response:
    """The host ends the meeting for everybody."""
    sim, seat, meeting = _seat(request)
    if seat is None or meeting is None:
        return _nowhere(request)
    if seat.host and seat.place == "in":
        life.end(sim, meeting)
    return _to(seat)


async def admit(request: Request) -> Response:
    """The host lets somebody in from the waiting room."""
    sim, seat, meeting = _seat(request)
    if seat is None or meeting is None:
        return _nowhere(request)
    form = await request.form()
    for waiting in list(meeting.waiting):
        if seat.host and seat.place == "in" and str(waiting.number) == form.get("who"):
            life.admit(sim, meeting, waiting)
    return _to(seat)


def _seat_page(request: Request, template: str) -> Response:
    sim, seat, meeting = _seat(request)
    if seat is None or meeting is None:
        return _nowhere(request)
    people = sorted(life.people_in(meeting), key=lambda one: not one.host)
    waiting = [one for one in meeting.waiting if one.place == "waiting_room"]
    return page(
        request,
        template,
        meeting=meeting,
        seat=seat,
        people=people,
        waiting=waiting,
        host=sim.state.users.get(meeting.host_id),
        again=_way_back(sim, meeting, seat),
    )


def _way_back(sim: Simulator, meeting: Meeting, seat: Seat) -> str:
    """Return the link by which somebody who left may come again, if there is one."""
    if meeting.gone or seat.host:
        return ""
    if seat.invite:
        return sim.personal_url(meeting, seat.invite)
    return sim.join_url(meeting)


def _seat(request: Request) -> tuple[Simulator, Seat | None, Meeting | None]:
    sim: Simulator = request.app.state.sim
    seat = sim.state.seats.get(request.path_params["seat"])
    meeting = sim.state.meetings.get(seat.meeting_id) if seat else None
    return sim, seat, meeting


def _meeting(sim: Simulator, request: Request) -> Meeting | None:
    number = request.path_params["number"]
    return sim.state.meeting(number, now=sim.clock.now())


def _registrant(meeting: Meeting, token: str) -> Registrant | None:
    return next((one for one in meeting.registrants.values() if one.token == token), None)


def _opens(meeting: Meeting, given: str) -> bool:
    if not meeting.password:
        return True
    # The link carries a form of the passcode; people type the passcode itself.
    known = (meeting.join_key, meeting.password)
    return any(hmac.compare_digest(given.encode(), one.encode()) for one in known)


def _hosts(meeting: Meeting, user: User) -> bool:
    alternatives = str(meeting.settings.get("alternative_hosts", "")).lower()
    named = {one.strip() for one in alternatives.replace(",", ";").split(";")}
    return user.id == meeting.host_id or user.email in named


def _posted(request: Request) -> bool:
    return request.method == "POST"


def _to(seat: Seat) -> Response:
    return RedirectResponse(f"/room/{seat.token}", 303)


def _nowhere(request: Request) -> Response:
    text = "It is over, was deleted, or never existed. Check the number with your host."
    return _closed(request, 404, "This meeting ID is not valid", text)


def _closed(request: Request, status: int, heading: str, text: str) -> Response:
    return page(request, "closed.html", status, heading=heading, text=text)
