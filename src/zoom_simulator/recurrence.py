"""The occurrences of a meeting which repeats at fixed times (type 8)."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from zoom_simulator.clock import zoom_time
from zoom_simulator.models import JSON

OCCURRENCES_MAX = 60
_FREQUENCY: dict[int, Literal[1, 2, 3]] = {1: DAILY, 2: WEEKLY, 3: MONTHLY}


def occurrences(start: datetime, rule: JSON, *, zone: str, duration: int) -> list[JSON]:
    """Return up to 60 occurrences. They keep their wall-clock time across a change of clocks."""
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    options: JSON = {"interval": int(rule.get("repeat_interval") or 1), "dtstart": local}
    if rule.get("end_date_time"):
        end = datetime.fromisoformat(rule["end_date_time"])
        options["until"] = end.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        options["count"] = None
    else:
        options["count"] = min(int(rule.get("end_times") or 1), OCCURRENCES_MAX)
    if rule["type"] == 2 and rule.get("weekly_days"):
        options["byweekday"] = [_weekday(day) for day in str(rule["weekly_days"]).split(",")]
    if rule["type"] == 3:
        options |= _monthly(rule)
    found = itertools.islice(rrule(_FREQUENCY[rule["type"]], **options), OCCURRENCES_MAX)
    return [_occurrence(moment, zone, duration) for moment in found]


def _monthly(rule: JSON) -> JSON:
    if rule.get("monthly_week"):
        day = _weekday(str(rule.get("monthly_week_day", 1)))
        return {"byweekday": day(int(rule["monthly_week"]))}
    return {"bymonthday": int(rule.get("monthly_day") or 1)}


def _weekday(day: str) -> weekday:
    # Zoom counts from Sunday = 1, dateutil from Monday = 0.
    return weekday((int(day) - 2) % 7)


def _occurrence(local: datetime, zone: str, duration: int) -> JSON:
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return {
        "occurrence_id": str(int(moment.timestamp() * 1000)),
        "start_time": zoom_time(moment),
        "duration": duration,
        "status": "available",
    }


def last_end(found: list[JSON]) -> datetime | None:
    """Return the end of the last occurrence."""
    if not found:
        return None
    last = datetime.fromisoformat(found[-1]["start_time"])
    return last + timedelta(minutes=found[-1]["duration"])
