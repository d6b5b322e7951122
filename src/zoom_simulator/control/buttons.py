"""What the buttons of the control page do."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from zoom_simulator import grants, meetings
from zoom_simulator.control import world
from zoom_simulator.control.trouble import AIMS, add_fault, start_over
from zoom_simulator.rooms import life
from zoom_simulator.simulator import Simulator

Form = dict[str, str]
NEXT_CAPTURE = {"off": "unless_refused", "unless_refused": "always", "always": "off"}


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
    named = {key: form[key] for key in ("kind", *AIMS) if form.get(key)}
    times = {"times": int(form["times"])} if form.get("times") else {}
    params = json.loads(form["params"]) if form.get("params", "").strip() else {}
    add_fault(sim.faults, {**named, **times, "params": params})


async def _remove_fault(sim: Simulator, form: Form) -> None:
    sim.faults.remove(int(form["id"]))


async def _limits(sim: Simulator, form: Form) -> None:
    sim.limits.enforced = "enforced" in form
    sim.limits.changes_per_day = int(form["changes_per_day"])


async def _account(sim: Simulator, form: Form) -> None:
    changes = {
        "plan": form["plan"],
        "api_denied": "api_denied" in form,
        "listing_needs_shared_access": "listing_needs_shared_access" in form,
    }
    world.change_account(sim.state.accounts[form["account"]], changes)


async def _app(sim: Simulator, form: Form) -> None:
    app = sim.state.apps[form["app"]]
    app.decline, app.event_receivers = form["decline"], form["event_receivers"]
    app.foreign_user_answer = form["foreign_user_answer"]
    app.refresh_grace = int(form["refresh_grace"])
    app.me_allowed, app.strict = "me_allowed" in form, "strict" in form


async def _share(sim: Simulator, form: Form) -> None:
    grant = sim.state.grants[form["app"], form["user"]]
    grant.shared_access = not grant.shared_access


async def _licence(sim: Simulator, form: Form) -> None:
    world.change_user(sim, sim.state.users[form["user"]], {"type": int(form["type"])})


async def _remove_user(sim: Simulator, form: Form) -> None:
    world.remove_user(sim, sim.state.users[form["user"]], form["how"])


async def _toggle_user(sim: Simulator, form: Form) -> None:
    user = sim.state.users[form["user"]]
    other = "inactive" if user.status == "active" else "active"
    world.change_user(sim, user, {"status": other})


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


BUTTONS: dict[str, Callable[[Simulator, Form], Awaitable[None]]] = {
    "reset": _reset,
    "advance": _advance,
    "present": _present,
    "add-fault": _add_fault,
    "remove-fault": _remove_fault,
    "limits": _limits,
    "account": _account,
    "app": _app,
    "share": _share,
    "licence": _licence,
    "remove-user": _remove_user,
    "toggle-user": _toggle_user,
    "capture": _capture,
    "end-meeting": _end,
    "delete-meeting": _delete,
    "uninstall": _uninstall,
    "forget-calls": _forget_calls,
}
