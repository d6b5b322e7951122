"""`POST /oauth/token` and `POST /oauth/revoke`.

Refusals have the bodies seen in public reports: `reason` for people, `error` for programs.
"""

import asyncio
import base64
import binascii
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from zoom_simulator import grants
from zoom_simulator.dropping import DROPPED
from zoom_simulator.faults import Fault, FaultKind, Subject
from zoom_simulator.models import AccessToken, App, Grant
from zoom_simulator.simulator import Simulator

XML_BODY = (
    '<?xml version="1.0" encoding="UTF-8"?><result><errorCode>500</errorCode>'
    "<errorMessage>Internal error</errorMessage></result>"
)


class RefusedError(Exception):
    """The request for a token is turned down."""

    def __init__(self, reason: str, error: str = "invalid_grant", status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.error, self.status = reason, error, status

    def response(self) -> JSONResponse:
        """Return the refusal as Zoom writes it."""
        return JSONResponse({"reason": self.reason, "error": self.error}, self.status)


async def token(request: Request) -> Response:
    """Exchange a code, rotate a refresh token, or serve an account's own app."""
    sim: Simulator = request.app.state.sim
    form = {**request.query_params, **{k: str(v) for k, v in (await request.form()).items()}}
    try:
        app = _client(sim, request, form)
        request.state.note.app = app.client_id
        subject = Subject(app=app.client_id, method="POST", path="/oauth/token")
        trouble = await _trouble(sim, subject, form.get("grant_type", ""))
        if trouble is not None:
            request.state.note.fault = "token endpoint"
            return trouble
        response = _answer(sim, app, form)
    except RefusedError as refused:
        return refused.response()
    refreshing = form.get("grant_type") == "refresh_token"
    kinds = (FaultKind.REFRESH_LOST,) if refreshing else ()
    lost = sim.faults.take(subject, *kinds, FaultKind.LOST_RESPONSE)
    if lost:
        request.state.note.fault = lost.kind
        return await _lose(lost)
    return response


async def revoke(request: Request) -> Response:
    """Uninstall the app for the token's owner, which also sends `app_deauthorized`."""
    sim: Simulator = request.app.state.sim
    form = {**request.query_params, **{k: str(v) for k, v in (await request.form()).items()}}
    try:
        app = _client(sim, request, form)
    except RefusedError as refused:
        return refused.response()
    request.state.note.app = app.client_id
    known = sim.state.access_tokens.get(form.get("token", ""))
    if known is None or known.client_id != app.client_id:
        return RefusedError("Invalid Token!", "invalid_request").response()
    grant = sim.state.grants.get((app.client_id, known.user_id))
    if grant:
        grants.uninstall(sim, grant)
    sim.state.access_tokens.pop(known.value, None)
    return JSONResponse({"status": "success"})


def _client(sim: Simulator, request: Request, form: dict[str, str]) -> App:
    client_id, password = _basic(request.headers.get("authorization", ""))
    if not client_id and form.get("client_id"):
        client_id, password = form["client_id"], form.get("client_secret", "")
    app = sim.state.apps.get(client_id)
    if app is None or app.client_secret != password:
        raise RefusedError("Invalid client_id or client_secret", "invalid_client", 401)
    return app


def _basic(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, password = text.partition(":")
    return unquote_plus(name), unquote_plus(password)


async def _trouble(sim: Simulator, subject: Subject, grant_type: str) -> Response | None:
    slow = sim.faults.take(subject, FaultKind.SLOW)
    if slow:
        await asyncio.sleep(float(slow.params.get("ms", 1000)) / 1000)
    kinds = [
        FaultKind.XML_ANSWER,
        FaultKind.HTML_ANSWER,
        FaultKind.NO_ANSWER,
        FaultKind.ERROR_AS_200,
        FaultKind.FAILURE,
    ]
    if grant_type == "refresh_token":
        kinds.append(FaultKind.INVALID_GRANT)
    fault = sim.faults.take(subject, *kinds)
    if fault is None:
        return None
    status = int(fault.params.get("status", 0))
    match fault.kind:
        case FaultKind.XML_ANSWER:
            return Response(XML_BODY, status or 500, media_type="application/xml")
        case FaultKind.HTML_ANSWER:
            return HTMLResponse("<html><body>Service unavailable</body></html>", status or 503)
        case FaultKind.NO_ANSWER:
            await asyncio.sleep(float(fault.params.get("seconds", 30)))
            return DROPPED
        case FaultKind.ERROR_AS_200:
            return JSONResponse({"reason": "Internal error", "error": "server_error"})
        case FaultKind.INVALID_GRANT:
            # Over the years the same refusal came with other words and with 401.
            reason = str(fault.params.get("reason", "Invalid Token!"))
            error = str(fault.params.get("error", "invalid_grant"))
            return RefusedError(reason, error, status or 400).response()
        case _:
            return JSONResponse(
                {"reason": "Internal error", "error": "server_error"}, status or 500
            )


async def _lose(fault: Fault) -> Response:
    if fault.params.get("mode") == "timeout":
        await asyncio.sleep(float(fault.params.get("seconds", 30)))
    if fault.params.get("mode") == "error":
        return JSONResponse({"reason": "Internal error", "error": "server_error"}, 500)
    return DROPPED


def _answer(sim: Simulator, app: App, form: dict[str, str]) -> JSONResponse:
    match form.get("grant_type"):
        case "authorization_code":
            grant = _exchanged(sim, app, form)
            issued = grants.fresh_pair(sim, app, grant)
            return _pair(sim, app, issued, grant)
        case "refresh_token":
            grant = _refreshed(sim, app, form.get("refresh_token", ""))
            return _pair(sim, app, grants.rotate(sim, app, grant), grant)
        case "account_credentials":
            return _pair(sim, app, _account_token(sim, app, form.get("account_id", "")), None)
        case None | "":
            raise RefusedError("Missing grant type.", "invalid_request")
        case _:
            raise RefusedError("Unsupported grant type.", "unsupported_grant_type")


def _exchanged(sim: Simulator, app: App, form: dict[str, str]) -> Grant:
    code = sim.state.codes.get(form.get("code", ""))
    grant = sim.state.grants.get((app.client_id, code.user_id)) if code else None
    if (
        code is None
        or grant is None
        or code.client_id != app.client_id
        or code.used
        or sim.clock.now() > code.expires_at
    ):
        raise RefusedError(f"Invalid authorization code {form.get('code', '')}")
    if form.get("redirect_uri", "") != code.redirect_uri:
        raise RefusedError("Redirect URI mismatch.", "invalid_request")
    if not grants.proves(code, form.get("code_verifier", "")):
        raise RefusedError(f"Invalid code verifier {form.get('code_verifier', '')}".strip())
    code.used = True
    return grant


def _refreshed(sim: Simulator, app: App, refresh_token: str) -> Grant:
    grant = grants.grant_of_refresh_token(sim, app, refresh_token)
    if grant is None or not grants.accepts(app, grant, refresh_token):
        raise RefusedError("Invalid Token!")
    user = sim.state.users.get(grant.user_id)
    if user is None or user.status != "active":
        raise RefusedError("Invalid Token!")
    if grant.refresh_expires_at and sim.clock.now() > grant.refresh_expires_at:
        raise RefusedError("Invalid Token!")
    return grant


def _account_token(sim: Simulator, app: App, account_id: str) -> AccessToken:
    owner = sim.state.owner_of(account_id)
    if app.kind != "s2s" or app.account_id != account_id or owner is None:
        raise RefusedError("Bad Request", "invalid_request")
    return grants.server_to_server(sim, app, owner)


def _pair(sim: Simulator, app: App, issued: AccessToken, grant: Grant | None) -> JSONResponse:
    body: dict[str, object] = {"access_token": issued.value, "token_type": "bearer"}
    if grant is not None:
        body["refresh_token"] = grant.refresh_token
    body |= {
        "expires_in": max(app.token_seconds - 1, 1),
        "scope": " ".join(issued.scopes),
        "api_url": app.api_url or sim.options.base_url,
    }
    return JSONResponse(body, headers={"cache-control": "no-store"})
