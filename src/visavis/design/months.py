"""A month as `design/month.html` draws it."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format

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
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day]]
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

    def square(each: date) -> Day:
        if each.month != first.month:
            return Day()
        return Day(
            number=each.day,
            url=urls.get(each, ""),
            label=day_text(each, "UTC"),
            today=each == today,
            current=each == chosen,
        )

    week_starts = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    weeks = calendar.Calendar(week_starts).monthdatescalendar(first.year, first.month)
    order = [(week_starts + number) % 7 for number in range(7)]
    return Month(
        title=month_title(first),
        weekdays=[(str(WEEKDAYS_ABBR[each]), str(WEEKDAYS[each])) for each in order],
        weeks=[[square(each) for each in week] for week in weeks],
        previous_url=previous_url,
        next_url=next_url,
    )
