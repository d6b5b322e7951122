"""The 28 operations: path, handler, rate-limit category and scopes (Zoom API reference)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zoom_simulator.api import meetings, past, registrants, sharing, users
from zoom_simulator.api.access import Handler, Operation, endpoint

READ_MEETINGS = ("meeting:read", "meeting:read:admin")
WRITE_MEETINGS = ("meeting:write", "meeting:write:admin")
USERS = ("user:read", "user:write", "user:read:admin", "user:write:admin")
PROFILE = (*USERS, "user_profile")

_MEETING = "/v2/meetings/{meeting_id}"
_USER = "/v2/users/{user_id}"
_PAST = "/v2/past_meetings/{meeting_id}"


def _route(
    method: str, path: str, handler: Handler, category: str, scope: str, classic: tuple[str, ...]
) -> Route:
    operation = Operation(category, (scope, f"{scope}:admin"), classic)
    return Route(path, endpoint(operation, handler), methods=[method])


def _listing_users() -> Route:
    # The one operation which exists for whole accounts only.
    operation = Operation("Medium", ("user:read:list_users:admin",), USERS)
    return Route("/v2/users", endpoint(operation, users.list_users), methods=["GET"])


def user_routes() -> list[Route]:
    """Return the operations about users."""
    own_zak = (users.own_host_key, "Light", "user:read:zak", ("user_zak:read",))
    info = (*PROFILE, "user_info:read")
    return [
        _listing_users(),
        _route("GET", "/v2/users/me/zak", *own_zak),
        _route("GET", _USER, users.get_user, "Light", "user:read:user", info),
        _route("GET", f"{_USER}/settings", users.settings, "Medium", "user:read:settings", USERS),
        _route("GET", f"{_USER}/token", users.host_key, "Light", "user:read:token", PROFILE),
        _route(
            "GET",
            f"{_USER}/permissions",
            users.permissions,
            "Light",
            "user:read:list_permissions",
            PROFILE,
        ),
        _route(
            "GET",
            f"{_USER}/assistants",
            users.assistants,
            "Medium",
            "user:read:list_assistants",
            PROFILE,
        ),
        _route(
            "GET",
            f"{_USER}/schedulers",
            users.schedulers,
            "Medium",
            "user:read:list_schedulers",
            PROFILE,
        ),
        _route(
            "GET",
            f"{_USER}/meeting_templates",
            users.templates,
            "Medium",
            "meeting:read:list_templates",
            READ_MEETINGS,
        ),
    ]


def meeting_routes() -> list[Route]:
    """Return the operations about meetings."""
    read, write = READ_MEETINGS, WRITE_MEETINGS
    listing = "meeting:read:list_upcoming_meetings"
    rows: list[tuple[str, str, Handler, str, str, tuple[str, ...]]] = [
        ("GET", f"{_USER}/meetings", meetings.list_scheduled, "Medium", "", read),
        ("POST", f"{_USER}/meetings", meetings.create, "Light", "meeting:write:meeting", write),
        ("GET", f"{_USER}/upcoming_meetings", meetings.list_upcoming, "Medium", listing, read),
        ("GET", _MEETING, meetings.get, "Light", "meeting:read:meeting", read),
        ("PATCH", _MEETING, meetings.update, "Light", "meeting:update:meeting", write),
        ("DELETE", _MEETING, meetings.delete, "Light", "meeting:delete:meeting", write),
        ("PUT", f"{_MEETING}/status", meetings.set_status, "Light", "meeting:update:status", write),
        ("GET", f"{_MEETING}/token", sharing.captions_token, "Light", "meeting:read:token", read),
        (
            "GET",
            f"{_MEETING}/invitation",
            sharing.invitation,
            "Light",
            "meeting:read:invitation",
            read,
        ),
        (
            "POST",
            f"{_MEETING}/invite_links",
            sharing.invite_links,
            "Light",
            "meeting:write:invite_links",
            write,
        ),
        ("GET", _PAST, past.details, "Light", "meeting:read:past_meeting", read),
        (
            "GET",
            f"{_PAST}/instances",
            past.instances,
            "Medium",
            "meeting:read:list_past_instances",
            read,
        ),
        (
            "GET",
            f"{_PAST}/participants",
            past.participants,
            "Medium",
            "meeting:read:list_past_participants",
            read,
        ),
    ]
    return [
        _route(method, path, handler, category, scope or "meeting:read:list_meetings", classic)
        for method, path, handler, category, scope, classic in rows
    ]


def registrant_routes() -> list[Route]:
    """Return the operations about registrants."""
    people, one = f"{_MEETING}/registrants", f"{_MEETING}/registrants/{{registrant_id}}"
    read, write = READ_MEETINGS, WRITE_MEETINGS
    return [
        _route(
            "PUT",
            f"{people}/status",
            registrants.set_status,
            "Medium",
            "meeting:update:registrant_status",
            write,
        ),
        _route(
            "GET",
            people,
            registrants.list_registrants,
            "Medium",
            "meeting:read:list_registrants",
            read,
        ),
        _route("POST", people, registrants.add, "Light", "meeting:write:registrant", write),
        _route("GET", one, registrants.get, "Light", "meeting:read:registrant", read),
        _route("DELETE", one, registrants.remove, "Light", "meeting:delete:registrant", write),
        _route(
            "POST",
            f"{_MEETING}/batch_registrants",
            registrants.add_batch,
            "Heavy",
            "meeting:write:batch_registrants",
            write,
        ),
    ]


async def unknown(request: Request) -> Response:
    """Answer a path which is no operation."""
    return JSONResponse({"code": 2300, "message": "This API endpoint is not recognized."}, 404)


def routes() -> list[Route]:
    """Return every route below `/v2`."""
    every = [*user_routes(), *meeting_routes(), *registrant_routes()]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [*every, Route("/v2/{rest:path}", unknown, methods=methods)]
