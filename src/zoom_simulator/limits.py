"""How many calls an account may make (Zoom developer documentation, "Rate limits").

Calls per second and per day are counted per account and category, over all apps. Creating and
updating meetings is counted per host and UTC day besides.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from zoom_simulator.models import Plan

PER_SECOND = {
    "Light": {Plan.FREE: 4, Plan.PRO: 30, Plan.BUSINESS: 80},
    "Medium": {Plan.FREE: 2, Plan.PRO: 20, Plan.BUSINESS: 60},
    "Heavy": {Plan.FREE: 1, Plan.PRO: 10, Plan.BUSINESS: 40},
}
PER_DAY = {
    "Light": {Plan.FREE: 6000},
    "Medium": {Plan.FREE: 2000},
    "Heavy": {Plan.FREE: 1000, Plan.PRO: 30_000, Plan.BUSINESS: 60_000},
}
CHANGES_PER_HOST_AND_DAY = 100
PER_SECOND_TEXT = (
    "You have reached the maximum per-second rate limit for this API. Try again later."
)
PER_DAY_TEXT = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header "
    "for details on when you can make another request."
)
HOST_TEXT = (
    "You have exceeded the daily rate limit of ({limit}) for Meeting Create/Update API requests "
    "permitted for this user."
)


@dataclass(frozen=True)
class Verdict:
    """The outcome of counting one call."""

    allowed: bool
    headers: dict[str, str]
    message: str = ""


class Limits:
    """Counts calls and says when there were too many."""

    def __init__(self, *, enforced: bool = True) -> None:
        self.enforced = enforced
        self.changes_per_day = CHANGES_PER_HOST_AND_DAY
        self._second: tuple[int, dict[tuple[str, str], int]] = (0, {})
        self._day: tuple[str, dict[tuple[str, str], int]] = ("", {})

    def reset(self) -> None:
        """Forget what was counted."""
        self._second, self._day = (0, {}), ("", {})
        self.changes_per_day = CHANGES_PER_HOST_AND_DAY

    def count(self, account_id: str, plan: Plan, category: str, *, now: datetime) -> Verdict:
        """Count one call of an account."""
        per_second, per_day = PER_SECOND[category][plan], PER_DAY[category].get(plan)
        in_second = self._in_second((account_id, category), int(now.timestamp()))
        in_day = self._in_day((account_id, category), now) if per_day else 0
        if not self.enforced:
            return Verdict(allowed=True, headers=headers(category, "QPS", per_second, per_second))
        if per_day and in_day > per_day:
            return over_the_day(category, per_day, now=now)
        if in_second > per_second:
            return over_the_second(category, per_second)
        left = per_second - in_second
        return Verdict(allowed=True, headers=headers(category, "QPS", per_second, left))

    def count_change(self, host_id: str, *, now: datetime) -> Verdict:
        """Count one creation or update of a meeting of a host."""
        done = self._in_day((host_id, "changes"), now)
        if not self.enforced or done <= self.changes_per_day:
            return Verdict(allowed=True, headers={})
        message = HOST_TEXT.format(limit=self.changes_per_day)
        found = over_the_day("Light", self.changes_per_day, now=now)
        return Verdict(allowed=False, headers=found.headers, message=message)

    def _in_second(self, key: tuple[str, str], second: int) -> int:
        if self._second[0] != second:
            self._second = (second, {})
        counts = self._second[1]
        counts[key] = counts.get(key, 0) + 1
        return counts[key]

    def _in_day(self, key: tuple[str, str], now: datetime) -> int:
        day = now.astimezone(UTC).date().isoformat()
        if self._day[0] != day:
            self._day = (day, {})
        counts = self._day[1]
        counts[key] = counts.get(key, 0) + 1
        return counts[key]


def headers(category: str, kind: str, limit: int, left: int) -> dict[str, str]:
    """Return the rate-limit headers of a response."""
    return {
        "x-ratelimit-category": category,
        "x-ratelimit-type": kind,
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(left),
    }


def over_the_second(category: str, limit: int) -> Verdict:
    """Return the refusal of a call too many in this second."""
    return Verdict(
        allowed=False, headers=headers(category, "QPS", limit, 0), message=PER_SECOND_TEXT
    )


def over_the_day(category: str, limit: int, *, now: datetime) -> Verdict:
    """Return the refusal of a call too many today; `Retry-After` is a date here, not seconds."""
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    found = headers(category, "Daily-limit", limit, 0)
    found["retry-after"] = tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Verdict(allowed=False, headers=found, message=PER_DAY_TEXT)
