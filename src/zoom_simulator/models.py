"""What exists at the simulated Zoom: accounts, users, apps, grants, meetings, people in rooms."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

JSON = dict[str, Any]


class Plan(StrEnum):
    """What an account pays for; decides rate limits and concurrent meetings."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"


class UserType(IntEnum):
    """Licence of a user (Zoom API reference, users)."""

    BASIC = 1
    LICENSED = 2
    UNASSIGNED = 4
    NONE = 99


class MeetingType(IntEnum):
    """Kinds of meetings (Zoom API reference, meetings)."""

    INSTANT = 1
    SCHEDULED = 2
    RECURRING = 3
    PERSONAL = 4
    RECURRING_FIXED = 8
    SCREEN_SHARE = 10


@dataclass
class Account:
    """A company at Zoom."""

    id: str
    name: str
    number: int
    plan: Plan = Plan.BUSINESS
    api_denied: bool = False
    # Whether GET /users needs the shared-access box too; Zoom's documents leave it open.
    listing_needs_shared_access: bool = False


@dataclass
class User:
    """A person with a sign-in at Zoom."""

    id: str
    account_id: str
    email: str
    first_name: str
    last_name: str
    pmi: int
    created_at: datetime
    type: int = UserType.LICENSED
    status: str = "active"
    role: str = "member"
    timezone: str = "UTC"
    use_pmi: bool = False
    # "off", "unless_refused" (settings.use_pmi false wins) or "always".
    pmi_capture: str = "off"
    waiting_room: bool = False
    passcode_required: bool = True
    # "None", "Basic" or "Plus": the add-on for more meetings at a time.
    concurrent_meeting: str = "None"
    assistants: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_admin(self) -> bool:
        """Whether this user may install apps for the whole account."""
        return self.role in {"owner", "admin"}

    @property
    def may_host(self) -> bool:
        """Whether this user may have meetings at all."""
        return self.status == "active" and self.type in {UserType.BASIC, UserType.LICENSED, 3}


@dataclass
class App:
    """A client registered at the simulated Marketplace."""

    client_id: str
    client_secret: str
    name: str
    level: str = "admin"
    kind: str = "oauth"
    account_id: str = ""
    scopes: list[str] = field(default_factory=list)
    redirect_uris: list[str] = field(default_factory=list)
    strict: bool = True
    event_url: str = ""
    deauthorization_url: str = ""
    webhook_secret: str = ""
    events: list[str] = field(default_factory=list)
    # "account": events of every user of the account; "installed": only of those who installed.
    event_receivers: str = "account"
    # "redirect": error=access_denied; "stay": the person stays at Zoom.
    decline: str = "redirect"
    refresh_grace: int = 0
    # How a user-level token is answered that asks for somebody else: "1001" or "4711".
    foreign_user_answer: str = "1001"
    me_allowed: bool = True
    token_seconds: int = 3600
    api_url: str = ""
    event_url_valid: bool | None = None
    validation_failures: int = 0


@dataclass
class Grant:
    """An app installed by a user."""

    client_id: str
    user_id: str
    account_id: str
    scopes: list[str]
    shared_access: bool
    installed_at: datetime
    refresh_token: str = ""
    refresh_expires_at: datetime | None = None
    old_refresh_tokens: list[str] = field(default_factory=list)


@dataclass
class AuthorizationCode:
    """A code on its way from the browser to the token endpoint."""

    value: str
    client_id: str
    user_id: str
    redirect_uri: str
    expires_at: datetime
    challenge: str = ""
    challenge_method: str = "plain"
    used: bool = False


@dataclass
class AccessToken:
    """A bearer token."""

    value: str
    client_id: str
    user_id: str
    account_id: str
    scopes: list[str]
    expires_at: datetime
    server_to_server: bool = False


@dataclass
class Seat:
    """One person at, or in front of, a meeting."""

    token: str
    meeting_id: int
    name: str
    # "waiting_host", "waiting_room", "in", "left", "removed"
    place: str
    number: int
    uuid: str
    arrived_at: datetime
    host: bool = False
    user_id: str = ""
    email: str = ""
    registrant_id: str = ""
    invite: str = ""
    joined_at: datetime | None = None
    left_at: datetime | None = None
    waiting_announced: bool = False


@dataclass
class Instance:
    """One holding of a meeting, from start to end."""

    uuid: str
    started_at: datetime
    ended_at: datetime | None = None
    # It was over because its minutes were.
    cut_off: bool = False
    seats: list[Seat] = field(default_factory=list)


@dataclass
class Registrant:
    """Somebody with a personal link."""

    id: str
    number: int
    email: str
    first_name: str
    last_name: str
    token: str
    status: str
    created_at: datetime
    details: JSON = field(default_factory=dict)


@dataclass
class Invite:
    """A personal invite link, which carries a name and nothing else."""

    token: str
    name: str
    expires_at: datetime | None


@dataclass
class Meeting:
    """A meeting, scheduled or not."""

    id: int
    uuid: str
    account_id: str
    host_id: str
    type: int
    topic: str
    agenda: str
    duration: int
    timezone: str
    password: str
    join_key: str
    created_at: datetime
    settings: JSON
    start_time: datetime | None = None
    created_by: str = ""
    recurrence: JSON | None = None
    occurrences: list[JSON] = field(default_factory=list)
    tracking_fields: list[JSON] = field(default_factory=list)
    pre_schedule: bool = False
    source: str = "open_api"
    pmi: str = ""
    live: Instance | None = None
    past: list[Instance] = field(default_factory=list)
    waiting: list[Seat] = field(default_factory=list)
    registrants: dict[str, Registrant] = field(default_factory=dict)
    invites: dict[str, Invite] = field(default_factory=dict)
    # Set when the number no longer leads anywhere: deleted, ended instant meeting, expired.
    gone: str = ""

    @property
    def instant(self) -> bool:
        """Whether this meeting dies with its first end and is in no list."""
        return self.type == MeetingType.INSTANT


@dataclass
class Zak:
    """A host key inside a start link."""

    token: str
    user_id: str
    expires_at: datetime
