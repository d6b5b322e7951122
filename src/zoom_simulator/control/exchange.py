"""Reading and writing JSON for the control API."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zoom_simulator.models import JSON
from zoom_simulator.simulator import Simulator

Control = Callable[[Request, Simulator], Awaitable[Response]]
FOREIGN = {"cross-site", "same-site"}


class ControlError(ValueError):
    """The control API was asked for something it cannot do."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def control(handler: Control) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint of a handler: JSON errors, and no calls by other sites' pages."""

    async def guarded(request: Request) -> Response:
        # A web page elsewhere must not steer this server through somebody's browser.
        if request.method != "GET" and request.headers.get("sec-fetch-site") in FOREIGN:
            return JSONResponse({"error": "not from another site"}, 403)
        try:
            return await handler(request, request.app.state.sim)
        except (ControlError, ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, getattr(error, "status", 400))

    return guarded


async def read(request: Request) -> JSON:
    """Return the JSON object of a body; an empty body is an empty object."""
    raw = await request.body()
    body = json.loads(raw) if raw.strip() else {}
    if not isinstance(body, dict):
        raise ControlError("a JSON object is needed")
    return body


def write(value: object, status: int = 200) -> Response:
    """Return `value` as JSON; dataclasses become objects and moments text."""
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    return Response(text, status, media_type="application/json")


def found(value: Any, what: str) -> Any:
    """Return `value`, or refuse with 404 if there is none."""
    if value is None:
        raise ControlError(f"no such {what}", 404)
    return value


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, set):
        return sorted(value)
    raise TypeError(f"cannot write {type(value).__name__}")
