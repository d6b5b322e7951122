"""Signing in and out: a list of people to choose from, no passwords."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator.pages.rendering import SESSION_COOKIE, local_path, page, sign_in
from zoom_simulator.simulator import Simulator


async def choose(request: Request) -> Response:
    """List everybody who could sign in."""
    sim: Simulator = request.app.state.sim
    groups = [
        (account, [user for user in sim.state.users_of(account.id) if user.status == "active"])
        for account in sim.state.accounts.values()
    ]
    target = local_path(request.query_params.get("next", "/"))
    return page(request, "signin.html", groups=groups, next=target)


async def enter(request: Request) -> Response:
    """Sign the chosen person in and go on to where they wanted to go."""
    sim: Simulator = request.app.state.sim
    form = await request.form()
    user = sim.state.users.get(str(form.get("user", "")))
    target = local_path(str(form.get("next", "/")))
    if user is None or user.status != "active":
        return RedirectResponse("/signin", 303)
    response = RedirectResponse(target, 303)
    sign_in(sim, response, user)
    return response


async def leave(request: Request) -> Response:
    """Sign out."""
    sim: Simulator = request.app.state.sim
    sim.state.sessions.pop(request.cookies.get(SESSION_COOKIE, ""), None)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response
