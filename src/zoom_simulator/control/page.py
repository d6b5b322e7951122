"""The control page: the same switches and records, for people."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator.control.buttons import BUTTONS
from zoom_simulator.control.exchange import FOREIGN
from zoom_simulator.faults import FAULTS_BY_PLACE
from zoom_simulator.models import Plan, UserType
from zoom_simulator.pages.rendering import page
from zoom_simulator.rooms import life
from zoom_simulator.simulator import Simulator

SHOWN = 40


async def show(request: Request) -> Response:
    """Show the whole state, newest first."""
    sim: Simulator = request.app.state.sim
    return page(
        request,
        "control.html",
        error=request.query_params.get("error", ""),
        now=sim.clock.now(),
        moved=timedelta(seconds=round(sim.clock.offset.total_seconds())),
        faults=sim.faults.all(),
        kinds=FAULTS_BY_PLACE,
        limits=sim.limits,
        plans=list(Plan),
        licences=list(UserType),
        grants=list(sim.state.grants.values()),
        apps=list(sim.state.apps.values()),
        accounts=sim.state.accounts,
        users=list(sim.state.users.values()),
        names={user.id: user.name for user in sim.state.users.values()},
        meetings=list(reversed(sim.state.meetings.values()))[:SHOWN],
        people_in=life.people_in,
        calls=list(reversed(sim.calls.matching()))[:SHOWN],
        deliveries=list(reversed(sim.postman.log))[:SHOWN],
    )


async def act(request: Request) -> Response:
    """Do what a button says and show the page again."""
    sim: Simulator = request.app.state.sim
    if request.headers.get("sec-fetch-site") in FOREIGN:
        return Response("not from another site", 403)
    action = BUTTONS.get(request.path_params["action"])
    form = {key: str(value) for key, value in (await request.form()).items()}
    if action is None:
        return RedirectResponse("/_sim/", 303)
    try:
        await action(sim, form)
    except (KeyError, ValueError) as error:
        return page(request, "closed.html", 400, heading="That did not work", text=str(error))
    return RedirectResponse(f"/_sim/#{form.get('back', '')}", 303)
