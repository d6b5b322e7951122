"""A month as `design/month.html` draws it."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import get_language

from visavis.design.moments import day as day_text
from visavis.design.moments import month_title


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the grid: a number of 0 is a blank, a url makes it a choice."""

    number: int = 0
    url: str = ""
    label: str = ""
    today: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A grid of weeks, each with seven days, and the ways to its neighbours."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]
    previous_url: str
    next_url: str


def month(
    first: date,
    *,
    urls: Mapping[date, str],
    today: date,
    chosen: date | None = None,
    previous_url: str = "",
    next_url: str = "",
) -> Month:
    """Lay out the month of `first`; the days in `urls` can be chosen."""
    blank = _blank(first, get_language())

    def square(each: date, label: str) -> Day:
        if not label:
            return Day()
        return Day(each.day, urls.get(each, ""), label, each == today, each == chosen)

    return Month(
        title=blank.title,
        weekdays=blank.weekdays,
        weeks=tuple(tuple(square(*each) for each in week) for week in blank.weeks),
        previous_url=previous_url,
        next_url=next_url,
    )


def week_of(day: date) -> list[date]:
    """Return the days of the week a day lies in, from where weeks start in the current language."""
    first = day - timedelta(days=(day.weekday() - _first_weekday()) % 7)
    return [first + timedelta(days=number) for number in range(7)]


def _first_weekday() -> int:
    """Return where weeks start; Monday is 0, as in Python, and Sunday 6."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


class _Blank(NamedTuple):
    """What a month looks like whatever may be chosen: each day with its name, if it is its own."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[tuple[date, str], ...], ...]


@lru_cache(maxsize=64)
def _blank(first: date, language: str | None) -> _Blank:
    week_starts = _first_weekday()
    weeks = calendar.Calendar(week_starts).monthdatescalendar(first.year, first.month)
    order = [(week_starts + number) % 7 for number in range(7)]
    return _Blank(
        title=month_title(first),
        weekdays=tuple((str(WEEKDAYS_ABBR[each]), str(WEEKDAYS[each])) for each in order),
        weeks=tuple(
            tuple(
                (each, day_text(each, "UTC") if each.month == first.month else "") for each in week
            )
            for week in weeks
        ),
    )
