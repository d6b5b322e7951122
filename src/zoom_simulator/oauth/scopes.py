"""What scopes are called, for the consent page, and the sets which the seed uses.

Names are from the Zoom API reference (granular scopes); app-wide ones end in `:admin`.
"""

from dataclasses import dataclass

MEETINGS = (
    "meeting:read:meeting",
    "meeting:read:list_meetings",
    "meeting:read:list_upcoming_meetings",
    "meeting:read:invitation",
    "meeting:read:past_meeting",
    "meeting:read:list_past_participants",
    "meeting:write:meeting",
    "meeting:write:invite_links",
    "meeting:update:meeting",
    "meeting:update:status",
    "meeting:delete:meeting",
)
USERS = (
    "user:read:user",
    "user:read:settings",
    "user:read:list_schedulers",
    "user:read:list_assistants",
)
COMPANY = tuple(f"{scope}:admin" for scope in (*MEETINGS, *USERS, "user:read:list_users"))
PERSONAL = (*MEETINGS, *USERS)

_VERBS = {"read": "View", "write": "Create", "update": "Change", "delete": "Delete"}
_NOUNS = {
    "meeting": "meetings",
    "list_meetings": "lists of meetings",
    "list_upcoming_meetings": "lists of upcoming meetings",
    "past_meeting": "meetings which are over",
    "list_past_participants": "who was in meetings which are over",
    "invitation": "invitations",
    "invite_links": "invite links",
    "status": "whether a meeting is running",
    "user": "user profiles",
    "list_users": "the list of users",
    "settings": "user settings",
    "list_schedulers": "for whom users may schedule",
    "list_assistants": "who may schedule for users",
}


@dataclass(frozen=True)
class Described:
    """A scope in words."""

    name: str
    words: str
    everyone: bool


def describe(scope: str) -> Described:
    """Put a scope into words."""
    parts = scope.split(":")
    everyone = parts[-1] == "admin"
    parts = parts[:-1] if everyone else parts
    verb = _VERBS.get(parts[1], parts[1]) if len(parts) > 1 else "Use"
    noun = parts[2] if len(parts) > 2 else parts[0]
    return Described(scope, f"{verb} {_NOUNS.get(noun, noun.replace('_', ' '))}", everyone)
