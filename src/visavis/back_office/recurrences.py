"""How often a class takes place: RFC 5545 rules, to and from what people say."""

import re
from collections.abc import Sequence
from datetime import date

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visavis.back_office.wall_times import clock
from visavis.catalog.models import ClassSchedule

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONCE, DAILY, WEEKLY, MONTHLY_DATE, MONTHLY_WEEKDAY = "once", "daily", "weekly", "date", "weekday"
REPEATS = (
    (WEEKLY, gettext_lazy("Every week, on chosen weekdays")),
    (DAILY, gettext_lazy("Every day")),
    (MONTHLY_DATE, gettext_lazy("Every month, on the same date")),
    (MONTHLY_WEEKDAY, gettext_lazy("Every month, on the same weekday")),
    (ONCE, gettext_lazy("Only once")),
)
_ORDINALS = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    -1: gettext_lazy("last"),
}


def rule_of(repeats: str, *, every: int, weekdays: Sequence[int], first_day: date) -> str:
    """Return the rule for a choice; of a month, the date or weekday of the first day is meant."""
    interval = f";INTERVAL={every}" if every > 1 else ""
    match repeats:
        case "once":
            return "FREQ=DAILY;COUNT=1"
        case "daily":
            return f"FREQ=DAILY{interval}"
        case "weekly":
            return f"FREQ=WEEKLY{interval};BYDAY={','.join(CODES[day] for day in weekdays)}"
        case "date":
            return f"FREQ=MONTHLY{interval};BYMONTHDAY={first_day.day}"
        case _:
            # A fifth Tuesday is missing in most months: then the last one is meant.
            nth = (first_day.day - 1) // 7 + 1
            nth = -1 if nth == 5 else nth
            return f"FREQ=MONTHLY{interval};BYDAY={nth}{CODES[first_day.weekday()]}"


def choice_of(rule: str) -> dict[str, object]:
    """Return what somebody must have chosen for a rule made by `rule_of`."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    every = int(parts.get("INTERVAL", "1"))
    weekdays: list[int] = []
    if parts.get("COUNT") == "1":
        repeats = ONCE
    elif parts["FREQ"] == "DAILY":
        repeats = DAILY
    elif parts["FREQ"] == "WEEKLY":
        repeats = WEEKLY
        weekdays = [CODES.index(code) for code in parts.get("BYDAY", "").split(",") if code]
    else:
        repeats = MONTHLY_WEEKDAY if "BYDAY" in parts else MONTHLY_DATE
    return {"repeats": repeats, "every": every, "weekdays": weekdays}


def in_words(schedule: ClassSchedule) -> str:
    """Return "Every 2 weeks on Monday and Thursday at 18:00"."""
    chosen, first = choice_of(schedule.rule), schedule.first_day
    every = int(str(chosen["every"]))
    values: dict[str, object] = {
        "count": every,
        "time": clock(schedule.starts),
        "day": formats.date_format(first, "DATE_FORMAT"),
        "date": first.day,
        "weekday": WEEKDAYS[first.weekday()],
        "nth": _ORDINALS[_nth(schedule.rule)],
    }
    match chosen["repeats"]:
        case "once":
            text = _("Once, on %(day)s at %(time)s")
        case "daily":
            text = ngettext("Every day at %(time)s", "Every %(count)d days at %(time)s", every)
        case "weekly":
            days = chosen["weekdays"] or [first.weekday()]
            names = [str(WEEKDAYS[day]) for day in days]  # type: ignore[attr-defined]
            values["days"] = get_text_list(names, _("and"))
            text = ngettext(
                "Every week on %(days)s at %(time)s",
                "Every %(count)d weeks on %(days)s at %(time)s",
                every,
            )
        case "date":
            text = ngettext(
                "Every month on day %(date)d at %(time)s",
                "Every %(count)d months on day %(date)d at %(time)s",
                every,
            )
        case _:
            text = ngettext(
                "Every month on the %(nth)s %(weekday)s at %(time)s",
                "Every %(count)d months on the %(nth)s %(weekday)s at %(time)s",
                every,
            )
    return text % values


def _nth(rule: str) -> int:
    """Return which of its weekdays a monthly rule means: 2 of BYDAY=2TU, -1 of the last one."""
    found = re.search(r"BYDAY=(-?\d)", rule)
    return int(found[1]) if found else 1
