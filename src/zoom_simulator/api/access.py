"""The gate in front of every REST call: token, faults, limits, scopes; and whom it may reach."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from zoom_simulator import limits
from zoom_simulator.api import errors
from zoom_simulator.api.errors import ApiError
from zoom_simulator.dropping import DROPPED
from zoom_simulator.faults import BEFORE_THE_WORK, Fault, FaultKind, Subject
from zoom_simulator.models import AccessToken, App, Meeting, User
from zoom_simulator.simulator import Simulator


@dataclass(frozen=True)
class Operation:
    """What the Zoom API reference says about one endpoint, apart from what it does."""

    category: str
    granular: tuple[str, ...]
    classic: tuple[str, ...]


@dataclass(frozen=True)
class Caller:
    """Whoever holds the token, and the call at hand."""

    sim: Simulator
    app: App
    token: AccessToken
    user: User
    request: Request
    subject: Subject

    @property
    def account_level(self) -> bool:
        """Whether the token was made for a whole account."""
        return self.app.level == "admin" or self.token.server_to_server

    @property
    def shared_access(self) -> bool:
        """Whether the person ticked the shared-access box."""
        if self.token.server_to_server:
            return True
        grant = self.sim.state.grants.get((self.app.client_id, self.user.id))
        return bool(grant and grant.shared_access)

    def target(self, user_id: str) -> User:
        """Return the user meant by a path. Raises ApiError where the caller may not reach."""
        if user_id == "me":
            if not self.app.me_allowed:
                raise errors.no_such_user(user_id)
            return self.user
        found = self.sim.state.user(user_id, account_id=self.token.account_id)
        if found is self.user:
            return self.user
        if not self.account_level:
            if self.app.foreign_user_answer == "4711":
                raise ApiError(400, 4711, "Invalid access token, does not contain scopes:[].")
            raise errors.no_such_user(user_id)
        if found is None:
            raise errors.no_such_user(user_id)
        self.require_shared(found)
        return found

    def require_shared(self, other: User) -> None:
        """Refuse a call at somebody else without the shared-access box."""
        if other is not self.user and not self.shared_access:
            raise errors.not_shared()

    def meeting(self, number: int | str) -> Meeting:
        """Return the meeting meant by a path. Raises ApiError where the caller may not reach."""
        now = self.sim.clock.now()
        found = self.sim.state.meeting(int(number), now=now) if str(number).isdecimal() else None
        if found is None or found.account_id != self.token.account_id:
            raise errors.no_such_meeting(number)
        self.reach(found)
        return found

    def reach(self, meeting: Meeting) -> None:
        """Refuse a meeting of a host whom the caller may not act for."""
        host = self.sim.state.users[meeting.host_id]
        if host is self.user:
            return
        if not self.account_level and self.user.id not in host.assistants:
            raise errors.no_such_meeting(meeting.id)
        self.require_shared(host)


Handler = Callable[[Caller], Awaitable[Response]]


def endpoint(operation: Operation, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Put the gate in front of a handler."""

    async def guarded(request: Request) -> Response:
        try:
            return await _through(request, operation, handler)
        except ApiError as error:
            return error.response()

    return guarded


async def _through(request: Request, operation: Operation, handler: Handler) -> Response:
    sim: Simulator = request.app.state.sim
    caller = _caller(sim, request)
    slow = sim.faults.take(caller.subject, FaultKind.SLOW)
    if slow:
        await asyncio.sleep(float(slow.params.get("ms", 1000)) / 1000)
    fault = sim.faults.take(caller.subject, *BEFORE_THE_WORK)
    if fault:
        request.state.note.fault = fault.kind
        return await _go_wrong(fault, operation, caller)
    account = sim.state.accounts[caller.token.account_id]
    if account.api_denied:
        raise errors.api_denied()
    verdict = sim.limits.count(account.id, account.plan, operation.category, now=sim.clock.now())
    if not verdict.allowed:
        raise ApiError(429, 429, verdict.message, headers=verdict.headers)
    _check_scopes(caller, operation)
    try:
        response = await handler(caller)
    except ApiError as error:
        response = error.response()
    for name, value in verdict.headers.items():
        response.headers.setdefault(name, value)
    lost = sim.faults.take(caller.subject, FaultKind.LOST_RESPONSE)
    if lost:
        request.state.note.fault = lost.kind
        return await _lose(lost)
    return response


def _caller(sim: Simulator, request: Request) -> Caller:
    if "access_token" in request.query_params:
        message = (
            "Invalid access token, this access token is not supported as query parameter string."
        )
        raise ApiError(401, 124, message)
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    token = sim.state.access_tokens.get(value.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise errors.invalid_token()
    user, app = sim.state.users.get(token.user_id), sim.state.apps.get(token.client_id)
    request.state.note.app, request.state.note.user = token.client_id, token.user_id
    if sim.clock.now() > token.expires_at:
        raise errors.expired_token()
    if user is None or app is None or user.status != "active":
        raise errors.invalid_token()
    subject = Subject(
        app=app.client_id,
        account=token.account_id,
        user=user.id,
        method=request.method,
        path=request.scope["path"],
    )
    return Caller(sim, app, token, user, request, subject)


def _check_scopes(caller: Caller, operation: Operation) -> None:
    enough = (*operation.granular, *operation.classic)
    if not set(enough) & set(caller.token.scopes):
        raise errors.missing_scopes(operation.granular)
    if caller.app.level == "admin" and not caller.user.is_admin:
        # What a demoted administrator's token gets is not documented; this is a guess.
        raise ApiError(403, 200, "No permission.")


async def _go_wrong(fault: Fault, operation: Operation, caller: Caller) -> Response:
    params = fault.params
    match fault.kind:
        case FaultKind.CONNECTION_DROPPED:
            return DROPPED
        case FaultKind.TIMEOUT:
            await asyncio.sleep(float(params.get("seconds", 30)))
            return DROPPED
        case FaultKind.HTML_PAGE:
            text = "<html><body>Bad gateway</body></html>"
            return HTMLResponse(text, int(params.get("status", 502)))
        case FaultKind.SERVER_ERROR:
            body = {"code": 500, "message": "Internal server error."}
            return JSONResponse(body, int(params.get("status", 500)))
        case FaultKind.ERROR_200:
            code, message = params.get("code", 300), params.get("message", "Invalid request.")
            return JSONResponse({"code": code, "message": message})
        case FaultKind.TOO_MANY_PER_SECOND | FaultKind.TOO_MANY_PER_DAY:
            raise _too_many(fault, operation, caller)
        case _:
            raise _refusal(fault, operation, caller.request)


def _too_many(fault: Fault, operation: Operation, caller: Caller) -> ApiError:
    """Return the refusal that comes when others have used up what the account's plan allows."""
    category, plan = operation.category, caller.sim.state.accounts[caller.token.account_id].plan
    if fault.kind == FaultKind.TOO_MANY_PER_SECOND:
        verdict = limits.over_the_second(category, limits.PER_SECOND[category][plan])
    else:
        per_day = limits.PER_DAY[category].get(plan, limits.CHANGES_PER_HOST_AND_DAY)
        verdict = limits.over_the_day(category, per_day, now=caller.sim.clock.now())
    headers = dict(verdict.headers)
    if "retry_after" in fault.params:
        headers["retry-after"] = str(fault.params["retry_after"])
    return ApiError(429, 429, verdict.message, headers=headers)


def _refusal(fault: Fault, operation: Operation, request: Request) -> ApiError:
    params = fault.params
    if fault.kind == FaultKind.REFUSED:
        message = str(params.get("message", "Invalid request."))
        return ApiError(int(params.get("status", 400)), int(params.get("code", 300)), message)
    wanted = params.get("scopes") or operation.granular
    refusals = {
        FaultKind.UNAUTHORIZED: errors.invalid_token(),
        FaultKind.EXPIRED: errors.expired_token(),
        FaultKind.API_DENIED: errors.api_denied(),
        FaultKind.MISSING_SCOPE: errors.missing_scopes(tuple(wanted)),
        FaultKind.SHARED_ACCESS: errors.not_shared(),
        FaultKind.USER_MISSING: errors.no_such_user(request.path_params.get("user_id", "me")),
        FaultKind.MEETING_MISSING: errors.no_such_meeting(
            request.path_params.get("meeting_id", "0")
        ),
    }
    return refusals[fault.kind]


async def _lose(fault: Fault) -> Response:
    if fault.params.get("mode") == "timeout":
        await asyncio.sleep(float(fault.params.get("seconds", 30)))
    if fault.params.get("mode") == "error":
        return JSONResponse({"code": 500, "message": "Internal server error."}, 500)
    return DROPPED
