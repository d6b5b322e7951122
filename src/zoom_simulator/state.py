"""Everything the simulated Zoom remembers, and how it is looked up."""

from datetime import datetime, timedelta

from zoom_simulator.ids import Identifiers
from zoom_simulator.models import (
    AccessToken,
    Account,
    App,
    AuthorizationCode,
    Grant,
    Meeting,
    Seat,
    User,
    Zak,
)

INSTANT_LIFE = timedelta(hours=24)
SCHEDULED_LIFE = timedelta(days=30)
RECURRING_LIFE = timedelta(days=365)


class State:
    """The data. It holds no rules but those of finding things."""

    def __init__(self) -> None:
        self.ids = Identifiers(seed=20)
        self.accounts: dict[str, Account] = {}
        self.users: dict[str, User] = {}
        self.apps: dict[str, App] = {}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.meetings: dict[int, Meeting] = {}
        self.seats: dict[str, Seat] = {}
        self.zaks: dict[str, Zak] = {}
        self.sessions: dict[str, str] = {}
        self.page_tokens: dict[str, tuple[str, int, datetime]] = {}
        self.deleted_users: set[str] = set()
        self.next_seat_number = 16_778_240

    def users_of(self, account_id: str) -> list[User]:
        """Return the users of an account in the order they were added."""
        return [user for user in self.users.values() if user.account_id == account_id]

    def user(self, id_or_email: str, *, account_id: str | None = None) -> User | None:
        """Find a user by id or e-mail address, within one account if given."""
        found = self.users.get(id_or_email) or next(
            (one for one in self.users.values() if one.email == id_or_email.lower()), None
        )
        if found and account_id not in {None, found.account_id}:
            return None
        return found

    def grants_of(self, user_id: str) -> list[Grant]:
        """Return what a user has installed."""
        return [grant for grant in self.grants.values() if grant.user_id == user_id]

    def meeting(self, number: int, *, now: datetime) -> Meeting | None:
        """Find a meeting whose number still leads somewhere."""
        meeting = self.meetings.get(number)
        if meeting is None or meeting.gone:
            return None
        if now > expiry(meeting):
            meeting.gone = "expired"
            return None
        return meeting

    def meetings_of(self, user_id: str, *, now: datetime) -> list[Meeting]:
        """Return every living meeting of a host, instant ones included."""
        mine = [m for m in self.meetings.values() if m.host_id == user_id]
        return [m for m in mine if self.meeting(m.id, now=now)]

    def drop_tokens(self, client_id: str, user_id: str) -> None:
        """Forget the access tokens of one user at one app."""
        for value, token in list(self.access_tokens.items()):
            if (token.client_id, token.user_id) == (client_id, user_id):
                del self.access_tokens[value]

    def owner_of(self, account_id: str) -> User | None:
        """Return the owner of an account, or else its first administrator."""
        users = self.users_of(account_id)
        ranked = [u for u in users if u.role == "owner"] + [u for u in users if u.is_admin]
        return ranked[0] if ranked else None


def expiry(meeting: Meeting) -> datetime:
    """Return when an unused meeting's number dies (Zoom support, "meeting and webinar IDs")."""
    if meeting.live or meeting.type == 4:
        return datetime.max.replace(tzinfo=meeting.created_at.tzinfo)
    used = [instance.ended_at for instance in meeting.past if instance.ended_at]
    last = max([meeting.created_at, *used])
    if meeting.instant:
        return meeting.created_at + INSTANT_LIFE
    if meeting.type in {3, 8}:
        return last + RECURRING_LIFE
    return max(last, meeting.start_time or last) + SCHEDULED_LIFE
