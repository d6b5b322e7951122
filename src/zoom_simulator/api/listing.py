"""Lists in pages. Page tokens are opaque, belong to one list, and die after 15 minutes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from starlette.requests import Request

from zoom_simulator.api.errors import ApiError
from zoom_simulator.ids import secret
from zoom_simulator.models import JSON
from zoom_simulator.simulator import Simulator

PAGE_TOKEN_LIFE = timedelta(minutes=15)
Item = TypeVar("Item")


def paged(
    sim: Simulator, request: Request, items: Sequence[Item], *, largest: int = 300
) -> tuple[list[Item], JSON]:
    """Return the items of the page asked for, and the fields which describe the page."""
    size = _number(request, "page_size", default=30, largest=largest)
    number = _number(request, "page_number", default=1, largest=10**6)
    token = request.query_params.get("next_page_token", "")
    start = _offset(sim, request, token) if token else (number - 1) * size
    following = ""
    if start + size < len(items):
        following = secret(24)
        expires_at = sim.clock.now() + PAGE_TOKEN_LIFE
        sim.state.page_tokens[following] = (request.url.path, start + size, expires_at)
    description = {
        "page_count": max(-(-len(items) // size), 1),
        "page_number": start // size + 1,
        "page_size": size,
        "total_records": len(items),
        "next_page_token": following,
    }
    return list(items[start : start + size]), description


def _number(request: Request, name: str, *, default: int, largest: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ApiError(400, 300, f"Invalid parameter: {name}.")
    return min(int(text), largest)


def _offset(sim: Simulator, request: Request, token: str) -> int:
    path, offset, expires_at = sim.state.page_tokens.get(token, ("", 0, sim.clock.now()))
    if path != request.url.path or sim.clock.now() >= expires_at:
        raise ApiError(400, 300, "The next page token is invalid or expired.")
    return offset
