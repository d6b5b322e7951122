"""The pages of somebody who is signed in: home, Meetings, Installed apps."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator import grants, schedule
from zoom_simulator.meetings import delete
from zoom_simulator.models import User
from zoom_simulator.oauth.scopes import describe
from zoom_simulator.pages.rendering import page, signed_in
from zoom_simulator.simulator import Simulator

Page = Callable[[Request, Simulator, User], Awaitable[Response]]


def for_signed_in(view: Page) -> Callable[[Request], Awaitable[Response]]:
    """Send people who are not signed in to the sign-in page first."""

    async def guarded(request: Request) -> Response:
        user = signed_in(request)
        if user is None:
            target = request.url.path if request.method == "GET" else "/"
            return RedirectResponse("/signin?" + urlencode({"next": target}), 303)
        return await view(request, request.app.state.sim, user)

    return guarded


async def home(request: Request) -> Response:
    """Say what this is and where things are."""
    sim: Simulator = request.app.state.sim
    return page(request, "home.html", base_url=sim.options.base_url, now=sim.clock.now())


@for_signed_in
async def meetings(request: Request, sim: Simulator, user: User) -> Response:
    """List the meetings of this user; instant ones are not among them."""
    tab = "previous" if request.query_params.get("tab") == "previous" else "upcoming"
    chosen = schedule.previous if tab == "previous" else schedule.upcoming
    rows = [(meeting, sim.join_url(meeting)) for meeting in chosen(sim, user.id)]
    return page(request, "meetings.html", tab=tab, rows=rows)


@for_signed_in
async def start_meeting(request: Request, sim: Simulator, user: User) -> Response:
    """Start one of one's own meetings from the list."""
    meeting = sim.state.meeting(request.path_params["number"], now=sim.clock.now())
    if meeting is None or meeting.host_id != user.id:
        return RedirectResponse("/meetings", 303)
    return RedirectResponse(sim.start_url(meeting, user), 303)


@for_signed_in
async def delete_meeting(request: Request, sim: Simulator, user: User) -> Response:
    """Delete one of one's own meetings from the list."""
    meeting = sim.state.meeting(request.path_params["number"], now=sim.clock.now())
    if meeting and meeting.host_id == user.id and not meeting.live:
        delete(sim, meeting, by=user)
    return RedirectResponse("/meetings", 303)


@for_signed_in
async def installed(request: Request, sim: Simulator, user: User) -> Response:
    """List the apps this user has allowed."""
    wanted = request.query_params.get("q", "").strip()
    found = [(sim.state.apps[grant.client_id], grant) for grant in sim.state.grants_of(user.id)]
    shown = [pair for pair in found if wanted.lower() in pair[0].name.lower()]
    described = [(app, grant, [describe(scope) for scope in grant.scopes]) for app, grant in shown]
    return page(request, "installed.html", rows=described, q=wanted, total=len(found))


@for_signed_in
async def confirm_removal(request: Request, sim: Simulator, user: User) -> Response:
    """Ask before removing."""
    client_id = request.path_params["client_id"]
    grant = sim.state.grants.get((client_id, user.id))
    if grant is None:
        return RedirectResponse("/user/installed", 303)
    return page(request, "remove.html", app=sim.state.apps[client_id])


@for_signed_in
async def remove(request: Request, sim: Simulator, user: User) -> Response:
    """Remove an app, which tells the app by `app_deauthorized`."""
    grant = sim.state.grants.get((request.path_params["client_id"], user.id))
    if grant:
        grants.uninstall(sim, grant)
    return RedirectResponse("/user/installed", 303)


@for_signed_in
async def permissions(request: Request, sim: Simulator, user: User) -> Response:
    """Take the answer of *Update permissions*."""
    grant = sim.state.grants.get((request.path_params["client_id"], user.id))
    if grant:
        grant.shared_access = (await request.form()).get("shared_access") == "on"
    return RedirectResponse("/user/installed", 303)
