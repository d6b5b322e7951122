"""What a grant may do, by the scopes that came with it.

An app is managed either by an administrator, for the whole account, or by each user for
themselves; the scopes of the first end in `:admin`. Apps made before 2024 have a few broad
"classic" scopes instead of the granular ones. Names: Zoom API reference, per operation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ADMIN = ":admin"
LIST_USERS = "user:read:list_users"
USER_SETTINGS = "user:read:settings"
END_MEETINGS = "meeting:update:status"
INVITE_LINKS = "meeting:write:invite_links"
PAST_PARTICIPANTS = "meeting:read:list_past_participants"
CHANGE_MEETINGS = "meeting:update:meeting"
LIST_MEETINGS = "meeting:read:list_meetings"


@dataclass(frozen=True, slots=True)
class Need:
    """A scope we need, without the ending, and the classic scopes that include it."""

    name: str
    classic: tuple[str, ...]
    # Only apps managed by an administrator can have it.
    whole_account: bool = False
    # Meetings take place without it as well.
    optional: bool = False


NEEDS = (
    Need("meeting:write:meeting", ("meeting:write",)),
    Need("meeting:read:meeting", ("meeting:read",)),
    Need("meeting:delete:meeting", ("meeting:write",)),
    Need(END_MEETINGS, ("meeting:write",)),
    Need("user:read:user", ("user:read", "user:write")),
    Need(USER_SETTINGS, ("user:read", "user:write")),
    Need(LIST_USERS, ("user:read", "user:write"), whole_account=True),
    # The page that sets Zoom up says that the last four are optional.
    Need(CHANGE_MEETINGS, ("meeting:write",), optional=True),
    Need(LIST_MEETINGS, ("meeting:read", "meeting:write"), optional=True),
    Need(INVITE_LINKS, ("meeting:write",), optional=True),
    Need(PAST_PARTICIPANTS, ("meeting:read",), optional=True),
)
# Without these there is no meeting at all.
ESSENTIAL = ("meeting:write:meeting", "meeting:read:meeting", "user:read:user")
_BY_NAME = {need.name: need for need in NEEDS}


def names(*, whole_account: bool) -> list[str]:
    """Return the scopes to choose for an app, for the whole account or for single users."""
    if whole_account:
        return [f"{need.name}{ADMIN}" for need in NEEDS]
    return [need.name for need in NEEDS if not need.whole_account]


class Granted:
    """The scopes of a grant, separated by blanks as the token endpoint gives them.

    A grant that came without any word about scopes counts as having all of them.
    """

    def __init__(self, scopes: str) -> None:
        self._held = frozenset(scopes.split())

    @property
    def whole_account(self) -> bool:
        """Tell whether the grant may reach others than the user who authorised."""
        return not self._held or any(scope.endswith(ADMIN) for scope in self._held)

    def has(self, name: str) -> bool:
        """Tell whether the grant has one of our needs, granular or classic."""
        need = _BY_NAME[name]
        endings = (ADMIN,) if need.whole_account else ("", ADMIN)
        enough = {f"{one}{ending}" for one in (name, *need.classic) for ending in endings}
        return not self._held or bool(enough & self._held)

    @property
    def suffices(self) -> bool:
        """Tell whether meetings can take place, even if something must be left out."""
        return all(self.has(name) for name in ESSENTIAL)

    def missing(self, *, optional: bool = False) -> Sequence[str]:
        """Return the scopes that must be added to the app, or may be, as they are called there."""
        ending = ADMIN if self.whole_account else ""
        return [
            f"{need.name}{ending}"
            for need in NEEDS
            if need.optional is optional
            and not self.has(need.name)
            and (self.whole_account or not need.whole_account)
        ]


EVERYTHING = Granted("")
