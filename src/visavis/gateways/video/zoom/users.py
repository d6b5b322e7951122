"""The users of a Zoom account: who may be a host, and whether we may act for them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from visavis.gateways.video import Fault, MappingBroken, TryLater, VideoError
from visavis.gateways.video.zoom.client import ZoomClient

# The largest page that every edition of the API reference allows.
PAGE_SIZE = 300
MOST_PAGES = 200
# Unassigned (no meetings licence at all) and none.
TYPES_WITHOUT_MEETINGS = frozenset({4, 99})
LICENSED_TYPES = frozenset({2, 3})


class SharedAccess(StrEnum):
    """Whether the authorising user let us act for the others of the account."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ZoomUser:
    """A user of the account. `personal_room` is the number of their personal meeting room."""

    id: str
    name: str
    email: str
    type: int
    active: bool
    account_id: str
    personal_room: str
    language: str
    time_zone: str

    @property
    def may_host(self) -> bool:
        """Return whether the kind of user includes hosting meetings."""
        return self.type not in TYPES_WITHOUT_MEETINGS

    @property
    def licensed(self) -> bool:
        """Return whether meetings may last longer than 40 minutes."""
        return self.type in LICENSED_TYPES


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What of a user's own settings matters to our meetings."""

    instant_in_personal_room: bool
    waiting_room: bool
    # "None", "Basic" or "Plus": the add-on for more meetings at a time.
    concurrent: str

    @property
    def several_at_once(self) -> bool:
        """Return whether the user may lead more than one meeting at a time."""
        return self.concurrent != "None"


def me(client: ZoomClient) -> ZoomUser:
    """Return the user who authorised us. Raises VideoError."""
    return get(client, "me")


def get(client: ZoomClient, user_id: str) -> ZoomUser:
    """Return one user. Raises VideoError; MappingBroken if there is none."""
    return _user(client.call("GET", "/users/{user}", ids={"user": user_id}, expect=("id",)))


def somebody(client: ZoomClient) -> ZoomUser | None:
    """Return a user of the account, whoever it is. Raises VideoError."""
    rows, _token = _page_of_users(client, 1, "")
    return rows[0] if rows else None


def everybody(client: ZoomClient) -> list[ZoomUser]:
    """Return the active users of the account. Raises VideoError."""
    found: dict[str, ZoomUser] = {}
    token = ""
    for _page in range(MOST_PAGES):
        rows, token = _page_of_users(client, PAGE_SIZE, token)
        found.update((user.id, user) for user in rows)
        if not token:
            return list(found.values())
    raise TryLater(Fault.UNREACHABLE, "the list of users has no end")


def settings(client: ZoomClient, user_id: str) -> HostSettings:
    """Return a user's settings. Raises VideoError."""
    body = client.call("GET", "/users/{user}/settings", ids={"user": user_id})
    scheduling, meeting, feature = (
        body.get(part) or {} for part in ("schedule_meeting", "in_meeting", "feature")
    )
    return HostSettings(
        instant_in_personal_room=bool(scheduling.get("use_pmi_for_instant_meetings")),
        waiting_room=bool(meeting.get("waiting_room")),
        concurrent=str(feature.get("concurrent_meeting") or "None"),
    )


def probe_shared_access(client: ZoomClient, own_id: str) -> SharedAccess:
    """Find out, by a harmless look at another user, whether we may act for others.

    Zoom has no field for it. UNKNOWN means that there was nobody else to look at or that a
    scope is missing. Raises VideoError for anything that has nothing to do with it.
    """
    try:
        rows, _token = _page_of_users(client, 30, "")
        other = next((user for user in rows if user.id != own_id), None)
        if other is None:
            return SharedAccess.UNKNOWN
        settings(client, other.id)
    except VideoError as error:
        if error.fault is Fault.SHARED_ACCESS:
            return SharedAccess.NO
        if error.fault in {Fault.SCOPES, Fault.HOST_GONE}:
            return SharedAccess.UNKNOWN
        raise
    return SharedAccess.YES


def usable(user: ZoomUser) -> ZoomUser:
    """Return the user if they can be a host. Raises MappingBroken if not."""
    if not user.active:
        raise MappingBroken(Fault.HOST_GONE, f"{user.name} is not an active user of the account")
    if not user.may_host:
        raise MappingBroken(Fault.HOST_NOT_ALLOWED, f"{user.name} has no licence for meetings")
    return user


def _page_of_users(client: ZoomClient, size: int, token: str) -> tuple[list[ZoomUser], str]:
    query: dict[str, str | int] = {"page_size": size, "status": "active"}
    if token:
        query["next_page_token"] = token
    body = client.call("GET", "/users", query=query, expect=("users",))
    # People who have been invited and have not answered have no id yet.
    rows = [_user(row) for row in body["users"] if row.get("id")]
    return rows, str(body.get("next_page_token") or "")


def _user(row: dict[str, Any]) -> ZoomUser:
    names = f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    email = str(row.get("email") or "")
    return ZoomUser(
        id=str(row["id"]),
        name=str(row.get("display_name") or names or email or row["id"]),
        email=email,
        type=int(row.get("type") or 1),
        active=row.get("status", "active") == "active",
        account_id=str(row.get("account_id") or ""),
        personal_room=str(row.get("pmi") or ""),
        language=str(row.get("language") or ""),
        time_zone=str(row.get("timezone") or ""),
    )
