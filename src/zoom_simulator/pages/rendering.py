"""Turning templates into pages, and knowing who is signed in."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from zoom_simulator.ids import secret
from zoom_simulator.models import User
from zoom_simulator.simulator import Simulator

# Cookies are shared by all ports of a host, so the name must not meet anybody else's.
SESSION_COOKIE = "zoom_simulator_session"
FOLDER = Path(__file__).resolve().parent.parent


def spaced(number: int | str) -> str:
    """Write a meeting number in groups, as it is read aloud."""
    digits = str(number)
    return f"{digits[:-8]} {digits[-8:-4]} {digits[-4:]}" if len(digits) > 8 else digits


def moment(value: datetime | None) -> str:
    """Write a moment for people; UTC, since nobody here has a time zone of their own."""
    return value.strftime("%a %d %b %Y, %H:%M UTC") if value else "No fixed time"


_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
)
_templates.filters |= {"spaced": spaced, "moment": moment}


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a whole page."""
    sim: Simulator = request.app.state.sim
    user = signed_in(request)
    account = sim.state.accounts.get(user.account_id) if user else None
    text = _templates.get_template(template).render(
        signed_in=user, account=account, here=request.url.path, **values
    )
    return HTMLResponse(text, status)


def signed_in(request: Request) -> User | None:
    """Return the user of this browser's Zoom session."""
    sim: Simulator = request.app.state.sim
    user_id = sim.state.sessions.get(request.cookies.get(SESSION_COOKIE, ""), "")
    user = sim.state.users.get(user_id)
    return user if user and user.status == "active" else None


def sign_in(sim: Simulator, response: Response, user: User) -> None:
    """Start a session for `user` in this browser."""
    token = secret(18)
    sim.state.sessions[token] = user.id
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="lax", path="/")


def local_path(target: str) -> str:
    """Return `target` if it stays on this server, or else the home page."""
    parts = urlsplit(target)
    safe = not parts.scheme and not parts.netloc and target.startswith("/")
    return target if safe and not target.startswith(("//", "/\\")) else "/"
