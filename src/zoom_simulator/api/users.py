"""The calls about users (Zoom API reference, users)."""

from datetime import timedelta

from starlette.responses import JSONResponse, Response

from zoom_simulator.api import errors
from zoom_simulator.api.access import Caller
from zoom_simulator.api.errors import ApiError
from zoom_simulator.api.listing import paged
from zoom_simulator.clock import zoom_time
from zoom_simulator.models import JSON, User

ROLE_IDS = {"owner": "0", "admin": "1", "member": "2"}
ROLE_NAMES = {"owner": "Owner", "admin": "Admin", "member": "Member"}
ZAK_SECONDS_MAX = 7200
PASSCODE_RULES: JSON = {
    "length": 6,
    "have_letter": False,
    "have_number": False,
    "have_special_character": False,
    "only_allow_numeric": False,
    "have_upper_and_lower_characters": False,
    "consecutive_characters_length": 0,
    "weak_enhance_detection": False,
}
OWN_ZAK_LIFE = timedelta(minutes=5)


async def list_users(caller: Caller) -> Response:
    """`GET /users`: for account-level tokens only."""
    sim = caller.sim
    account = sim.state.accounts[caller.token.account_id]
    if account.listing_needs_shared_access and not caller.shared_access:
        raise errors.not_shared()
    wanted = caller.request.query_params.get("status", "active")
    role = caller.request.query_params.get("role_id")
    users = [
        user
        for user in sim.state.users_of(account.id)
        if user.status == wanted and role in {None, ROLE_IDS[user.role]}
    ]
    found, description = paged(sim, caller.request, users, largest=2000)
    return JSONResponse({**description, "users": [_short(user) for user in found]})


async def get_user(caller: Caller) -> Response:
    """`GET /users/{userId}`."""
    user = caller.target(caller.request.path_params["user_id"])
    account = caller.sim.state.accounts[user.account_id]
    found = _short(user) | {
        "account_id": account.id,
        "account_number": account.number,
        "role_name": ROLE_NAMES[user.role],
        "use_pmi": user.use_pmi,
        "personal_meeting_url": caller.sim.url(f"/j/{user.pmi}"),
        "vanity_url": "",
        "language": "en-US",
        "login_types": [100],
        "cluster": "us02",
        "phone_country": "",
        "phone_number": "",
        "job_title": "",
        "location": "",
        "company": account.name,
    }
    return JSONResponse(found)


async def settings(caller: Caller) -> Response:
    """`GET /users/{userId}/settings`, with what matters to a client which makes meetings."""
    user = caller.target(caller.request.path_params["user_id"])
    if caller.request.query_params.get("option") == "meeting_security":
        security = {"waiting_room": user.waiting_room, "embed_password_in_join_link": True}
        return JSONResponse({"meeting_security": security})
    found: JSON = {
        "schedule_meeting": {
            "host_video": False,
            "participants_video": False,
            "audio_type": "both",
            "join_before_host": False,
            "personal_meeting": True,
            "use_pmi_for_scheduled_meetings": user.use_pmi,
            "use_pmi_for_instant_meetings": user.pmi_capture != "off",
            "require_password_for_scheduling_new_meetings": user.passcode_required,
            "require_password_for_scheduled_meetings": user.passcode_required,
            "require_password_for_instant_meetings": user.passcode_required,
            "require_password_for_pmi_meetings": "all" if user.passcode_required else "none",
            "embed_password_in_join_link": True,
            "meeting_password_requirement": PASSCODE_RULES,
        },
        "in_meeting": {"waiting_room": user.waiting_room, "chat": True, "e2e_encryption": False},
        "email_notification": {"jbh_reminder": True, "cancel_meeting_reminder": True},
        "feature": {
            "meeting_capacity": 100 if user.type == 1 else 300,
            "concurrent_meeting": user.concurrent_meeting,
            "webinar": False,
            "large_meeting": False,
        },
    }
    return JSONResponse(found)


async def schedulers(caller: Caller) -> Response:
    """`GET /users/{userId}/schedulers`: those for whom this user may schedule."""
    user = caller.target(caller.request.path_params["user_id"])
    everyone = caller.sim.state.users_of(user.account_id)
    hosts = [one for one in everyone if user.id in one.assistants]
    listed = [{"id": one.id, "email": one.email, "pmi": one.pmi} for one in hosts]
    return JSONResponse({"schedulers": listed})


async def assistants(caller: Caller) -> Response:
    """`GET /users/{userId}/assistants`: those who may schedule for this user."""
    user = caller.target(caller.request.path_params["user_id"])
    everyone = caller.sim.state.users_of(user.account_id)
    helpers = [one for one in everyone if one.id in user.assistants]
    return JSONResponse({"assistants": [{"id": one.id, "email": one.email} for one in helpers]})


async def permissions(caller: Caller) -> Response:
    """`GET /users/{userId}/permissions`."""
    user = caller.target(caller.request.path_params["user_id"])
    allowed = ["User:Read", "User:Edit"] if user.is_admin else []
    return JSONResponse({"permissions": allowed})


async def host_key(caller: Caller) -> Response:
    """`GET /users/{userId}/token`: a ZAK; the older kind of token is no longer given."""
    user = caller.target(caller.request.path_params["user_id"])
    query = caller.request.query_params
    if query.get("type", "token") == "token":
        raise ApiError(400, 300, "Token is no longer supported. Please use ZAK token instead.")
    seconds = query.get("ttl", str(ZAK_SECONDS_MAX))
    if not seconds.isdecimal():
        raise ApiError(400, 300, "Invalid parameter: ttl.")
    life = timedelta(seconds=min(int(seconds), ZAK_SECONDS_MAX))
    return JSONResponse({"token": caller.sim.new_zak(user, life).token})


async def own_host_key(caller: Caller) -> Response:
    """`GET /users/me/zak`: good for five minutes."""
    return JSONResponse({"token": caller.sim.new_zak(caller.user, OWN_ZAK_LIFE).token})


async def templates(caller: Caller) -> Response:
    """`GET /users/{userId}/meeting_templates`: there are none."""
    caller.target(caller.request.path_params["user_id"])
    return JSONResponse({"templates": [], "total_records": 0})


def _short(user: User) -> JSON:
    found: JSON = {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.name,
        "type": user.type,
        "status": user.status,
        "role_id": ROLE_IDS[user.role],
        "pmi": user.pmi,
        "timezone": user.timezone,
        "verified": 1,
        "dept": "",
        "group_ids": [],
        "created_at": zoom_time(user.created_at),
        "user_created_at": zoom_time(user.created_at),
        "last_login_time": zoom_time(user.created_at),
    }
    if user.status == "pending":
        # Somebody invited who has not answered has no id yet.
        del found["id"]
    return found
