"""Steering: reset, clock, faults, limits."""

import dataclasses
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from zoom_simulator.control.exchange import ControlError, control, read, write
from zoom_simulator.faults import Fault, FaultKind, Faults
from zoom_simulator.models import JSON
from zoom_simulator.seed import plant
from zoom_simulator.simulator import Simulator

AIMS = ("app", "account", "user", "method", "path")


@control
async def reset(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/reset`: back to how the process started, or to the seed in the body."""
    seed = await read(request) or sim.options.seed
    start_over(sim, seed)
    return write({"status": "reset"})


def start_over(sim: Simulator, seed: JSON) -> None:
    """Forget everything and plant `seed`."""
    sim.wipe()
    plant(sim, seed)
    for app in sim.state.apps.values():
        if app.event_url:
            sim.postman.keep_validating(app)


@control
async def clock(request: Request, sim: Simulator) -> Response:
    """`GET` tells the time; `POST` travels by `advance` seconds or to `set`; `DELETE` returns."""
    if request.method == "DELETE":
        await sim.clock.travel_to(datetime.now(UTC))
    elif request.method == "POST":
        await sim.clock.travel_to(_target(await read(request), sim))
        await sim.postman.idle()
    return write({"now": sim.clock.now(), "offset_seconds": sim.clock.offset.total_seconds()})


def _target(body: JSON, sim: Simulator) -> datetime:
    if "advance" in body:
        return sim.clock.now() + timedelta(seconds=float(body["advance"]))
    if "set" in body:
        moment = datetime.fromisoformat(str(body["set"]))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise ControlError("say `advance` (seconds) or `set` (a moment)")


@control
async def faults(request: Request, sim: Simulator) -> Response:
    """`GET` lists, `POST` adds, `DELETE` removes all faults."""
    if request.method == "DELETE":
        sim.faults.clear()
        return write({"status": "cleared"})
    if request.method == "POST":
        return write(add_fault(sim.faults, await read(request)), 201)
    return write({"faults": sim.faults.all(), "kinds": [kind.value for kind in FaultKind]})


@control
async def one_fault(request: Request, sim: Simulator) -> Response:
    """`DELETE /_sim/faults/{id}`."""
    if not sim.faults.remove(request.path_params["id"]):
        raise ControlError("no such fault", 404)
    return write({"status": "removed"})


def add_fault(known: Faults, body: JSON) -> Fault:
    """Switch a fault on. What is no aim and no count is a parameter of that kind."""
    values = dict(body)
    kind = FaultKind(values.pop("kind", ""))
    times = values.pop("times", None)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise ControlError("`times` is a positive number, or left out")
    aims = {name: str(values.pop(name)) for name in AIMS if name in values}
    params = {**values.pop("params", {}), **values}
    return known.add(kind, times=times, params=params, **aims)


@control
async def limits(request: Request, sim: Simulator) -> Response:
    """`GET` shows, `PUT` changes `enforced` and `changes_per_day`."""
    if request.method == "PUT":
        body = await read(request)
        sim.limits.enforced = bool(body.get("enforced", sim.limits.enforced))
        sim.limits.changes_per_day = int(body.get("changes_per_day", sim.limits.changes_per_day))
    return write({"enforced": sim.limits.enforced, "changes_per_day": sim.limits.changes_per_day})


@control
async def overview(request: Request, sim: Simulator) -> Response:
    """`GET /_sim/state`: everything at once, without secrets of running tokens."""
    del request
    return write(
        {
            "now": sim.clock.now(),
            "accounts": list(sim.state.accounts.values()),
            "users": list(sim.state.users.values()),
            "apps": list(sim.state.apps.values()),
            "faults": [dataclasses.asdict(fault) for fault in sim.faults.all()],
            "meetings": len(sim.state.meetings),
        }
    )
