"""Setting the scene: apps, accounts, users, and what is installed."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from zoom_simulator import grants
from zoom_simulator.control.exchange import ControlError, control, found, read, write
from zoom_simulator.models import JSON, Account, App, Grant, Plan, User
from zoom_simulator.oauth import authorize
from zoom_simulator.seed import add_account, add_user, put_app
from zoom_simulator.simulator import Simulator
from zoom_simulator.webhooks import events

ACCOUNT_FIELDS = {"name", "plan", "api_denied", "listing_needs_shared_access"}
PROFILE = {"email", "first_name", "last_name", "timezone", "pmi", "use_pmi", "type", "role"}
USER_FIELDS = {
    *PROFILE,
    "status",
    "pmi_capture",
    "waiting_room",
    "passcode_required",
    "concurrent_meeting",
    "assistants",
}


@control
async def apps(request: Request, sim: Simulator) -> Response:
    """`GET /_sim/apps`."""
    del request
    return write({"apps": list(sim.state.apps.values())})


@control
async def one_app(request: Request, sim: Simulator) -> Response:
    """`PUT` makes an app or changes the given fields; a new event URL must prove itself."""
    client_id = request.path_params["client_id"]
    if request.method == "DELETE":
        found(sim.state.apps.pop(client_id, None), "app")
        return write({"status": "removed"})
    before = sim.state.apps[client_id].event_url if client_id in sim.state.apps else ""
    app = put_app(sim, {**await read(request), "client_id": client_id})
    if app.event_url and app.event_url != before:
        app.validation_failures = 0
        await sim.postman.validate(app)
        sim.postman.keep_validating(app)
    return write(app)


@control
async def validate(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/apps/{client_id}/validation`: ask the event URL to prove itself now."""
    app: App = found(sim.state.apps.get(request.path_params["client_id"]), "app")
    valid = await sim.postman.validate(app)
    return write({"valid": valid, "failures": app.validation_failures})


@control
async def accounts(request: Request, sim: Simulator) -> Response:
    """`GET` lists, `POST` adds an account with its users."""
    if request.method == "POST":
        return write(add_account(sim, await read(request)), 201)
    return write({"accounts": list(sim.state.accounts.values())})


@control
async def one_account(request: Request, sim: Simulator) -> Response:
    """`PATCH /_sim/accounts/{id}`: plan, API denied, mode of the shared-access refusal."""
    account: Account = found(sim.state.accounts.get(request.path_params["id"]), "account")
    body = await read(request)
    _only(body, ACCOUNT_FIELDS)
    change_account(account, body)
    return write(account)


def change_account(account: Account, changes: JSON) -> None:
    """Change fields of an account. Raises ValueError for an unknown plan."""
    if "plan" in changes:
        changes["plan"] = Plan(changes["plan"])
    for name, value in changes.items():
        setattr(account, name, value)


@control
async def users(request: Request, sim: Simulator) -> Response:
    """`GET /_sim/users` lists; `POST /_sim/accounts/{id}/users` adds one."""
    if request.method == "GET":
        return write({"users": list(sim.state.users.values())})
    account: Account = found(sim.state.accounts.get(request.path_params["id"]), "account")
    user = add_user(sim, account, await read(request))
    events.user_event(sim, "created", user, {"creation_type": "create"})
    return write(user, 201)


@control
async def one_user(request: Request, sim: Simulator) -> Response:
    """`PATCH` changes a user, `DELETE` removes one; both send Zoom's events.

    As at Zoom, `?action=disassociate` only takes a user out of the account.
    """
    user: User = found(sim.state.user(request.path_params["id"]), "user")
    if request.method == "DELETE":
        if request.query_params.get("action") == "disassociate":
            remove_user(sim, user, "disassociated")
            return write({"status": "disassociated"})
        remove_user(sim, user, "deleted")
        return write({"status": "deleted"})
    body = await read(request)
    _only(body, USER_FIELDS)
    change_user(sim, user, body)
    return write(user)


def change_user(sim: Simulator, user: User, changes: JSON) -> None:
    """Change fields of a user, and tell of it as Zoom would."""
    before = {name: getattr(user, name) for name in changes}
    for name, value in changes.items():
        setattr(user, name, set(value) if name == "assistants" else value)
    if before.get("status", user.status) != user.status:
        events.user_event(sim, "activated" if user.status == "active" else "deactivated", user)
    shown = {name: value for name, value in changes.items() if name in PROFILE}
    if shown:
        old = {"id": user.id, **{name: before[name] for name in shown}}
        stamp = int(sim.clock.now().timestamp() * 1000)
        events.user_event(sim, "updated", user, {"old_object": old, "time_stamp": stamp})


def remove_user(sim: Simulator, user: User, how: str) -> None:
    """Remove a user with their tokens and meetings: "deleted", or "disassociated".

    Whoever is taken out of an account lives on outside of it, where nobody here looks.
    """
    events.user_event(sim, how, user)
    for grant in sim.state.grants_of(user.id):
        sim.state.drop_tokens(grant.client_id, user.id)
        del sim.state.grants[grant.client_id, user.id]
    for meeting in sim.state.meetings_of(user.id, now=sim.clock.now()):
        meeting.gone = "deleted"
    del sim.state.users[user.id]


@control
async def all_grants(request: Request, sim: Simulator) -> Response:
    """`GET` lists what is installed; `POST` installs without a browser and returns tokens."""
    if request.method == "GET":
        return write({"grants": list(sim.state.grants.values())})
    body = await read(request)
    app: App = found(sim.state.apps.get(str(body.get("client_id"))), "app")
    user: User = found(sim.state.user(str(body.get("user"))), "user")
    shared = bool(body.get("shared_access", True))
    grant = grants.install(sim, app, user, shared_access=shared)
    issued = grants.fresh_pair(sim, app, grant)
    answer = {"access_token": issued.value, "refresh_token": grant.refresh_token}
    return write({**answer, "scope": " ".join(issued.scopes), "user_id": user.id}, 201)


@control
async def one_grant(request: Request, sim: Simulator) -> Response:
    """`PATCH` sets `shared_access`; `DELETE` removes the app as its user would."""
    key = (request.path_params["client_id"], request.path_params["user_id"])
    grant: Grant = found(sim.state.grants.get(key), "grant")
    if request.method == "DELETE":
        grants.uninstall(sim, grant)
        return write({"status": "removed"})
    body = await read(request)
    _only(body, {"shared_access"})
    grant.shared_access = bool(body["shared_access"])
    return write(grant)


@control
async def authorization(request: Request, sim: Simulator) -> Response:
    """`POST /_sim/authorization`: what a person does on the consent page, without a browser.

    The body is an authorisation request plus `user`, `shared_access` and `decision`.
    """
    body = {key: value for key, value in (await read(request)).items() if value is not None}
    user: User = found(sim.state.user(str(body.get("user"))), "user")
    words = {key: str(value) for key, value in body.items()}
    try:
        asked = authorize.read(sim, {"response_type": "code", **words})
    except authorize.UnacceptableError as error:
        raise ControlError(str(error)) from error
    if body.get("decision", "allow") != "allow":
        answer = {"error": "access_denied", "state": asked.state or ""}
        return write({"redirect_to": f"{asked.redirect_uri}?{urlencode(answer)}"})
    grants.install(sim, asked.app, user, shared_access=bool(body.get("shared_access", True)))
    return write({"redirect_to": authorize.with_code(sim, asked, user)})


def _only(body: JSON, allowed: set[str]) -> None:
    unknown = body.keys() - allowed
    if unknown:
        raise ControlError(f"unknown field {', '.join(sorted(unknown))}")
