"""The 28 operations: path, handler, rate-limit category and scopes (Zoom API reference)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zoom_simulator.api import meetings, past, registrants, sharing, users
from zoom_simulator.api.access import Handler, Operation, endpoint

# The older, coarser scopes which do as well as the granular one named in each row.
_READ = ("meeting:read", "meeting:read:admin")
_WRITE = ("meeting:write", "meeting:write:admin")
_USER = ("user:read", "user:write", "user:read:admin", "user:write:admin")
_PROFILE = (*_USER, "user_profile")
_INFO = (*_PROFILE, "user_info:read")
_ZAK = ("user_zak:read",)

Row = tuple[str, str, Handler, str, tuple[str, ...]]

# The category is the first letter of a row: Light, Medium or Heavy.
_USERS: tuple[Row, ...] = (
    ("L GET", "/me/zak", users.own_host_key, "user:read:zak", _ZAK),
    ("L GET", "/{user_id}", users.get_user, "user:read:user", _INFO),
    ("M GET", "/{user_id}/settings", users.settings, "user:read:settings", _USER),
    ("L GET", "/{user_id}/token", users.host_key, "user:read:token", _PROFILE),
    ("L GET", "/{user_id}/permissions", users.permissions, "user:read:list_permissions", _PROFILE),
    ("M GET", "/{user_id}/assistants", users.assistants, "user:read:list_assistants", _PROFILE),
    ("M GET", "/{user_id}/schedulers", users.schedulers, "user:read:list_schedulers", _PROFILE),
    (
        "M GET",
        "/{user_id}/meeting_templates",
        users.templates,
        "meeting:read:list_templates",
        _READ,
    ),
    (
        "M GET",
        "/{user_id}/meetings",
        meetings.list_scheduled,
        "meeting:read:list_meetings",
        _READ,
    ),
    ("L POST", "/{user_id}/meetings", meetings.create, "meeting:write:meeting", _WRITE),
    (
        "M GET",
        "/{user_id}/upcoming_meetings",
        meetings.list_upcoming,
        "meeting:read:list_upcoming_meetings",
        _READ,
    ),
)
_MEETINGS: tuple[Row, ...] = (
    ("L GET", "", meetings.get, "meeting:read:meeting", _READ),
    ("L PATCH", "", meetings.update, "meeting:update:meeting", _WRITE),
    ("L DELETE", "", meetings.delete, "meeting:delete:meeting", _WRITE),
    ("L PUT", "/status", meetings.set_status, "meeting:update:status", _WRITE),
    ("L GET", "/token", sharing.captions_token, "meeting:read:token", _READ),
    ("L GET", "/invitation", sharing.invitation, "meeting:read:invitation", _READ),
    ("L POST", "/invite_links", sharing.invite_links, "meeting:write:invite_links", _WRITE),
    (
        "M PUT",
        "/registrants/status",
        registrants.set_status,
        "meeting:update:registrant_status",
        _WRITE,
    ),
    ("M GET", "/registrants", registrants.listing, "meeting:read:list_registrants", _READ),
    ("L POST", "/registrants", registrants.add, "meeting:write:registrant", _WRITE),
    ("L GET", "/registrants/{registrant_id}", registrants.get, "meeting:read:registrant", _READ),
    (
        "L DELETE",
        "/registrants/{registrant_id}",
        registrants.remove,
        "meeting:delete:registrant",
        _WRITE,
    ),
    (
        "H POST",
        "/batch_registrants",
        registrants.add_batch,
        "meeting:write:batch_registrants",
        _WRITE,
    ),
)
_PAST: tuple[Row, ...] = (
    ("L GET", "", past.details, "meeting:read:past_meeting", _READ),
    ("M GET", "/instances", past.instances, "meeting:read:list_past_instances", _READ),
    ("M GET", "/participants", past.participants, "meeting:read:list_past_participants", _READ),
)
_CATEGORIES = {"L": "Light", "M": "Medium", "H": "Heavy"}


def routes() -> list[Route]:
    """Return every route below `/v2`."""
    # The one operation which exists for whole accounts only.
    everybody = Operation("Medium", ("user:read:list_users:admin",), _USER)
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Route("/v2/users", endpoint(everybody, users.list_users), methods=["GET"]),
        *(_route("/v2/users", row) for row in _USERS),
        *(_route("/v2/meetings/{meeting_id}", row) for row in _MEETINGS),
        *(_route("/v2/past_meetings/{meeting_id}", row) for row in _PAST),
        Route("/v2/{rest:path}", _unknown, methods=methods),
    ]


def _route(prefix: str, row: Row) -> Route:
    kind, path, handler, scope, classic = row
    category, method = kind.split()
    operation = Operation(_CATEGORIES[category], (scope, f"{scope}:admin"), classic)
    return Route(prefix + path, endpoint(operation, handler), methods=[method])


async def _unknown(_: Request) -> Response:
    return JSONResponse({"code": 2300, "message": "This API endpoint is not recognized."}, 404)
