"""What Zoom tells us by itself: is it Zoom, and what does it say?

Deliveries come at least once, late, in any order, or never. Nothing here knows the clock:
`now` is passed in.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

# Zoom repeats a delivery after up to 90 minutes, and does not say whether it stamps it anew.
LONGEST_AGE = timedelta(hours=2)
MOST_AHEAD = timedelta(minutes=5)


# Begins the token of a challenge that we send to ourselves, to see whether we would pass.
OWN_CHALLENGE = "visavis-"


class EventKind(StrEnum):
    """What happened, in our words."""

    CHALLENGE = "challenge"
    DEAUTHORISED = "deauthorised"
    MEETING_STARTED = "meeting_started"
    MEETING_ENDED = "meeting_ended"
    MEETING_DELETED = "meeting_deleted"
    PARTICIPANT_JOINED = "participant_joined"
    PARTICIPANT_LEFT = "participant_left"
    USER_CHANGED = "user_changed"
    USER_GONE = "user_gone"
    OTHER = "other"


KINDS = {
    "endpoint.url_validation": EventKind.CHALLENGE,
    "app_deauthorized": EventKind.DEAUTHORISED,
    "meeting.started": EventKind.MEETING_STARTED,
    "meeting.ended": EventKind.MEETING_ENDED,
    "meeting.deleted": EventKind.MEETING_DELETED,
    "meeting.permanently_deleted": EventKind.MEETING_DELETED,
    "meeting.participant_joined": EventKind.PARTICIPANT_JOINED,
    "meeting.participant_left": EventKind.PARTICIPANT_LEFT,
    "user.updated": EventKind.USER_CHANGED,
    "user.activated": EventKind.USER_CHANGED,
    "user.created": EventKind.USER_CHANGED,
    "user.settings_updated": EventKind.USER_CHANGED,
    "user.deleted": EventKind.USER_GONE,
    "user.deactivated": EventKind.USER_GONE,
    "user.disassociated": EventKind.USER_GONE,
}


class UnreadableError(ValueError):
    """A delivery that is not an event at all."""


@dataclass(frozen=True, slots=True)
class ZoomEvent:
    """One event. What it does not tell is empty or None.

    `user_id` is the user it is about: who removed the app, or who changed or is gone.
    `participant_id` is what Zoom calls one stay in one meeting, also in the list it gives
    afterwards; `participant_user_id` is given for those who are signed in to Zoom.
    `dedupe_key` is the same for each delivery of the same event.
    """

    kind: EventKind
    name: str
    at: datetime | None
    dedupe_key: str
    account_id: str = ""
    client_id: str = ""
    user_id: str = ""
    meeting_id: str = ""
    meeting_uuid: str = ""
    host_id: str = ""
    participant_id: str = ""
    participant_name: str = ""
    participant_email: str = ""
    participant_user_id: str = ""
    # When they joined or left.
    participant_at: datetime | None = None
    plain_token: str = ""


def verify(secret: str, timestamp: str, body: bytes, signature: str, now: datetime) -> bool:
    """Return whether a delivery is Zoom's and fresh.

    `timestamp` and `signature` are the headers x-zm-request-timestamp and x-zm-signature,
    `body` the bytes as they came. An empty secret verifies nothing.
    """
    if not secret or not re.fullmatch(r"[0-9]{1,13}", timestamp):
        return False
    expected = f"v0={_hmac(secret, b'v0:' + timestamp.encode() + b':' + body)}"
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return False
    sent = _from_epoch(int(timestamp))
    return sent is not None and now - LONGEST_AGE <= sent <= now + MOST_AHEAD


def signed(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the headers with which Zoom would deliver a body."""
    stamp = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "x-zm-request-timestamp": stamp,
        "x-zm-signature": f"v0={_hmac(secret, b'v0:' + stamp.encode() + b':' + body)}",
    }


def challenge_answer(secret: str, plain_token: str) -> dict[str, str]:
    """Return the JSON object by which we show Zoom that the endpoint is ours."""
    return {
        "plainToken": plain_token,
        "encryptedToken": _hmac(secret, plain_token.encode()),
    }


def parse(body: bytes) -> ZoomEvent:
    """Return the event in a delivery's body. Raises UnreadableError if there is none."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("not JSON") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("event"), str):
        raise UnreadableError("no event")
    name = whole["event"]
    payload = _object(whole.get("payload"))
    about = _object(payload.get("object"))
    person = _object(about.get("participant"))
    kind = KINDS.get(name, EventKind.OTHER)
    # Meetings and users have their ids in the same place.
    of_user = name.startswith("user.")
    return ZoomEvent(
        kind=kind,
        name=name,
        at=_moment(whole.get("event_ts", payload.get("event_ts"))),
        dedupe_key=_key(name, whole, payload),
        account_id=_text(payload, "account_id"),
        client_id=_text(payload, "client_id"),
        user_id=_text(about, "id") if of_user else _text(payload, "user_id"),
        meeting_id="" if of_user else _text(about, "id"),
        meeting_uuid=_text(about, "uuid"),
        host_id=_text(about, "host_id"),
        participant_id=_text(person, "user_id") or _text(person, "participant_uuid"),
        participant_name=_text(person, "user_name"),
        participant_email=_text(person, "email"),
        participant_user_id=_text(person, "id") or _text(person, "participant_user_id"),
        participant_at=_first_moment(person, "join_time", "leave_time", "date_time"),
        plain_token=_text(payload, "plainToken"),
    )


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _key(name: str, whole: dict[str, Any], payload: dict[str, Any]) -> str:
    # Not of the bytes: a repetition may be written down differently.
    same = json.dumps([whole.get("event_ts"), payload], sort_keys=True)
    return f"{name}:{hashlib.sha256(same.encode()).hexdigest()[:32]}"


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(source: dict[str, Any], key: str) -> str:
    # Meeting ids come as strings in some events and as numbers in others.
    value = source.get(key)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _moment(value: object) -> datetime | None:
    # Milliseconds in real deliveries; a text without a zone in Zoom's own examples.
    if isinstance(value, int):
        return _from_epoch(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first_moment(source: dict[str, Any], *keys: str) -> datetime | None:
    # Zoom's example calls the time of joining `date_time`, its description `join_time`.
    return next((moment for key in keys if (moment := _moment(source.get(key)))), None)


def _from_epoch(number: int) -> datetime | None:
    seconds = number / 1000 if number > 10**11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
