"""The control page: the same switches and records, for people."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator import grants, meetings
from zoom_simulator.control.exchange import FOREIGN
from zoom_simulator.control.trouble import add_fault, start_over
from zoom_simulator.control.world import change_user
from zoom_simulator.faults import FaultKind
from zoom_simulator.pages.rendering import page
from zoom_simulator.rooms import life
from zoom_simulator.simulator import Simulator

SHOWN = 40
Form = dict[str, str]
NEXT_CAPTURE = {"off": "unless_refused", "unless_refused": "always", "always": "off"}


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
        kinds=list(FaultKind),
        apps=list(sim.state.apps.values()),
        accounts=sim.state.accounts,
        users=list(sim.state.users.values()),
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
    action = _ACTIONS.get(request.path_params["action"])
    form = {key: str(value) for key, value in (await request.form()).items()}
    if action is None:
        return RedirectResponse("/_sim/", 303)
    try:
        await action(sim, form)
    except (KeyError, ValueError) as error:
        return page(request, "closed.html", 400, heading="That did not work", text=str(error))
    return RedirectResponse(f"/_sim/#{form.get('back', '')}", 303)


async def _reset(sim: Simulator, form: Form) -> None:
    del form
    start_over(sim, sim.options.seed)


async def _advance(sim: Simulator, form: Form) -> None:
    minutes = float(form["minutes"])
    await sim.clock.travel_to(sim.clock.now() + timedelta(minutes=minutes))


async def _present(sim: Simulator, form: Form) -> None:
    del form
    await sim.clock.travel_to(datetime.now(UTC))


async def _add_fault(sim: Simulator, form: Form) -> None:
    named = {key: form[key] for key in ("kind", "app", "user", "path") if form.get(key)}
    times = {"times": int(form["times"])} if form.get("times") else {}
    params = json.loads(form["params"]) if form.get("params", "").strip() else {}
    add_fault(sim.faults, {**named, **times, "params": params})


async def _remove_fault(sim: Simulator, form: Form) -> None:
    sim.faults.remove(int(form["id"]))


async def _toggle_user(sim: Simulator, form: Form) -> None:
    user = sim.state.users[form["user"]]
    other = "inactive" if user.status == "active" else "active"
    change_user(sim, user, {"status": other})


async def _capture(sim: Simulator, form: Form) -> None:
    user = sim.state.users[form["user"]]
    user.pmi_capture = NEXT_CAPTURE[user.pmi_capture]


async def _end(sim: Simulator, form: Form) -> None:
    life.end(sim, sim.state.meetings[int(form["meeting"])])


async def _delete(sim: Simulator, form: Form) -> None:
    meeting = sim.state.meetings[int(form["meeting"])]
    life.end(sim, meeting)
    if not meeting.gone:
        meetings.delete(sim, meeting, by=sim.state.users.get(meeting.host_id))


async def _uninstall(sim: Simulator, form: Form) -> None:
    grant = sim.state.grants.get((form["app"], form["user"]))
    if grant:
        grants.uninstall(sim, grant)


async def _forget_calls(sim: Simulator, form: Form) -> None:
    del form
    sim.calls.clear()


_ACTIONS: dict[str, Callable[[Simulator, Form], Awaitable[None]]] = {
    "reset": _reset,
    "advance": _advance,
    "present": _present,
    "add-fault": _add_fault,
    "remove-fault": _remove_fault,
    "toggle-user": _toggle_user,
    "capture": _capture,
    "end-meeting": _end,
    "delete-meeting": _delete,
    "uninstall": _uninstall,
    "forget-calls": _forget_calls,
}
