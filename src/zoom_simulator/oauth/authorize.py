"""`/oauth/authorize`: the pages on which a person allows an app.

A fault of the client (unknown id, unregistered address) is shown as a page and never sent back
by redirect, as Zoom does. Who has installed the app already is sent back at once with a code,
without being asked again.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zoom_simulator import grants
from zoom_simulator.models import App, User
from zoom_simulator.oauth.scopes import describe
from zoom_simulator.pages.rendering import page, signed_in
from zoom_simulator.simulator import Simulator

PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class UnacceptableError(Exception):
    """The request cannot be shown to a person; the text is Zoom's."""


@dataclass(frozen=True)
class Asked:
    """A valid request for authorisation."""

    app: App
    redirect_uri: str
    state: str | None
    challenge: str
    method: str
    parameters: dict[str, str]


async def ask(request: Request) -> Response:
    """Show the consent page, or go straight back when there is nothing to ask."""
    sim: Simulator = request.app.state.sim
    try:
        asked = read(sim, dict(request.query_params))
    except UnacceptableError as why:
        return page(request, "oauth_error.html", 400, message=str(why))
    request.state.note.app = asked.app.client_id
    user = signed_in(request)
    if user is None:
        return RedirectResponse("/signin?" + urlencode({"next": _here(asked)}), 303)
    request.state.note.user = user.id
    if asked.app.level == "admin" and not user.is_admin:
        return page(request, "admin_required.html", 403, app=asked.app, here_url=_here(asked))
    grant = sim.state.grants.get((asked.app.client_id, user.id))
    if grant and set(grant.scopes) == set(asked.app.scopes):
        return RedirectResponse(with_code(sim, asked, user), 302)
    return page(
        request,
        "consent.html",
        asked=asked,
        app=asked.app,
        scopes=[describe(scope) for scope in asked.app.scopes],
        here_url=_here(asked),
        goes_to=urlsplit(asked.redirect_uri).netloc,
    )


async def decide(request: Request) -> Response:
    """Take the answer given on the consent page."""
    sim: Simulator = request.app.state.sim
    form = {key: str(value) for key, value in (await request.form()).items()}
    try:
        asked = read(sim, form)
    except UnacceptableError as why:
        return page(request, "oauth_error.html", 400, message=str(why))
    user = signed_in(request)
    if user is None or (asked.app.level == "admin" and not user.is_admin):
        return RedirectResponse(_here(asked), 303)
    if form.get("decision") != "allow":
        if asked.app.decline == "stay":
            return page(request, "declined.html", app=asked.app, here_url=_here(asked))
        return RedirectResponse(_back(asked, error="access_denied"), 303)
    shared = form.get("shared_access") == "on"
    grants.install(sim, asked.app, user, shared_access=shared)
    return RedirectResponse(with_code(sim, asked, user), 303)


def read(sim: Simulator, values: dict[str, str]) -> Asked:
    """Check a request for authorisation. Raises UnacceptableError."""
    app = sim.state.apps.get(values.get("client_id", ""))
    if app is None or app.kind != "oauth":
        raise UnacceptableError(f"Invalid client_id: {values.get('client_id', '')} (4,702)")
    redirect_uri = values.get("redirect_uri", "")
    if not _registered(app, redirect_uri):
        raise UnacceptableError(f"Invalid redirect: {redirect_uri} (4,700)")
    if values.get("response_type") != "code":
        raise UnacceptableError("Invalid response_type (4,700)")
    method = values.get("code_challenge_method") or "plain"
    if method not in {"plain", "S256"}:
        raise UnacceptableError("Invalid code_challenge_method (4,700)")
    parameters = {key: values[key] for key in PARAMETERS if key in values}
    challenge = values.get("code_challenge", "")
    return Asked(app, redirect_uri, values.get("state"), challenge, method, parameters)


def with_code(sim: Simulator, asked: Asked, user: User) -> str:
    """Return the address to go back to, carrying a fresh code."""
    code = grants.new_code(sim, asked.app, user, asked.redirect_uri, asked.challenge, asked.method)
    return _back(asked, code=code.value)


def _registered(app: App, uri: str) -> bool:
    parts = urlsplit(uri)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.fragment:
        return False
    if not app.redirect_uris:
        # Nothing registered: an app for trying things out on one's own computer.
        host = parts.hostname or ""
        return host in LOOPBACK or host.endswith(".localhost")
    if app.strict:
        return uri in app.redirect_uris
    return any(uri.startswith(known) for known in app.redirect_uris)


def _back(asked: Asked, **answer: str) -> str:
    if asked.state is not None:
        answer["state"] = asked.state
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    return asked.redirect_uri + joint + urlencode(answer)


def _here(asked: Asked) -> str:
    return "/oauth/authorize?" + urlencode(asked.parameters)
