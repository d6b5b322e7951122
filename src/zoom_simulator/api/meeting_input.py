"""Reading the body of a meeting's creation or update, and refusing what Zoom refuses.

Limits and allowed values are those of the Zoom API reference, meetings; unknown fields are
ignored, as there.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import Request

from zoom_simulator.api import errors
from zoom_simulator.api.errors import ApiError
from zoom_simulator.meeting_fields import DEFAULT_SETTINGS, Wanted
from zoom_simulator.models import JSON

TYPES = (1, 2, 3, 8, 10)
LENGTHS = {"topic": 200, "agenda": 2000, "password": 10, "schedule_for": 320}
RECURRENCE = {
    "type": (1, 3),
    "repeat_interval": (1, 99),
    "end_times": (1, 60),
    "monthly_day": (1, 31),
    "monthly_week": (-1, 4),
    "monthly_week_day": (1, 7),
}
CHOICES: dict[str, tuple[object, ...]] = {
    "jbh_time": (0, 5, 10, 15),
    "approval_type": (0, 1, 2),
    "registration_type": (1, 2, 3),
    "auto_recording": ("local", "cloud", "none"),
    "audio": ("both", "telephony", "voip", "thirdParty"),
    "encryption_type": ("enhanced_encryption", "e2ee"),
    "calendar_type": (1, 2),
}


async def read_object(request: Request) -> JSON:
    """Return the JSON object of a body. Raises ApiError."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, 300, "Request Body should be a valid JSON object.")
    return body


def read_meeting(body: JSON, *, zone: str) -> Wanted:
    """Check a body. Raises ApiError naming every field that is wrong."""
    wrong: list[tuple[str, str]] = []
    wanted = Wanted()
    _texts(body, wanted, wrong)
    _numbers(body, wanted, wrong)
    _moment(body, wanted, wrong, zone)
    _settings(body.get("settings"), wanted, wrong)
    for name in ("pre_schedule", "default_password"):
        if name in body:
            wanted.fields[name] = _boolean(body[name], name, wrong)
    if "recurrence" in body:
        wanted.fields["recurrence"] = _recurrence(body["recurrence"], wrong)
    if isinstance(body.get("tracking_fields"), list):
        wanted.fields["tracking_fields"] = body["tracking_fields"]
    if wrong:
        raise errors.invalid(*wrong)
    return wanted


def _texts(body: JSON, wanted: Wanted, wrong: list[tuple[str, str]]) -> None:
    for name, longest in LENGTHS.items():
        if name not in body:
            continue
        if not isinstance(body[name], str) or len(body[name]) > longest:
            wrong.append((name, f"Invalid parameter: {name}."))
        wanted.fields[name] = body[name]


def _numbers(body: JSON, wanted: Wanted, wrong: list[tuple[str, str]]) -> None:
    if "type" in body:
        if body["type"] not in TYPES:
            wrong.append(("type", "Invalid parameter: type."))
        wanted.fields["type"] = body["type"]
    if "duration" in body:
        minutes = _whole(body["duration"])
        if minutes is None or not 1 <= minutes <= 1440:
            wrong.append(("duration", "Invalid parameter: duration."))
        wanted.fields["duration"] = minutes


def _moment(body: JSON, wanted: Wanted, wrong: list[tuple[str, str]], zone: str) -> None:
    zone = body.get("timezone", zone)
    if "timezone" in body:
        if zone not in available_timezones():
            wrong.append(("timezone", "Invalid parameter: timezone."))
            return
        wanted.fields["timezone"] = zone
    if body.get("start_time"):
        try:
            wanted.fields["start_time"] = read_moment(body["start_time"], zone)
        except (AttributeError, TypeError, ValueError):
            wrong.append(("start_time", "Invalid parameter: start_time."))


def read_moment(text: str, zone: str) -> datetime:
    """Read a start: with Z it is UTC, without it is local to `zone`. Raises ValueError."""
    form = "%Y-%m-%dT%H:%M:%S"
    if text.endswith("Z"):
        return datetime.strptime(text, form + "Z").replace(tzinfo=UTC)
    return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _settings(given: Any, wanted: Wanted, wrong: list[tuple[str, str]]) -> None:
    if given is None:
        return
    if not isinstance(given, dict):
        wrong.append(("settings", "Invalid parameter: settings."))
        return
    for name, value in given.items():
        field_name = f"settings.{name}"
        if name in CHOICES and value not in CHOICES[name]:
            wrong.append((field_name, f"Invalid parameter: {name}."))
        elif name in DEFAULT_SETTINGS and isinstance(DEFAULT_SETTINGS[name], bool):
            wanted.settings[name] = _boolean(value, field_name, wrong)
        elif name in DEFAULT_SETTINGS:
            wanted.settings[name] = value


def _recurrence(given: Any, wrong: list[tuple[str, str]]) -> JSON:
    if not isinstance(given, dict):
        wrong.append(("recurrence", "Invalid parameter: recurrence."))
        return {}
    for name, (smallest, largest) in RECURRENCE.items():
        number = _whole(given[name]) if name in given else smallest
        if name == "type" and name not in given:
            number = None
        if number is None or not smallest <= number <= largest:
            wrong.append((f"recurrence.{name}", f"Invalid parameter: {name}."))
    if not re.fullmatch(r"[1-7](,[1-7])*", str(given.get("weekly_days", "1"))):
        wrong.append(("recurrence.weekly_days", "Invalid parameter: weekly_days."))
    try:
        read_moment(given.get("end_date_time") or "2000-01-01T00:00:00Z", "UTC")
    except (AttributeError, TypeError, ValueError):
        wrong.append(("recurrence.end_date_time", "Invalid parameter: end_date_time."))
    return given


def _boolean(value: Any, name: str, wrong: list[tuple[str, str]]) -> bool:
    if isinstance(value, bool) or str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    wrong.append((name, f"Invalid parameter: {name.rpartition('.')[2]}."))
    return False


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if str(value).isdecimal() else None
