"""Hours: intervals of a week or of one day, edited row by row, with or without JavaScript.

The rows of a day are sent as `starts-0`, `ends-0` (in order) and `overnight-0` (which of them last
into the next day), where 0 is the weekday. The buttons *add*, *remove* and *copy* send the same
form: what was typed comes back with the rows changed, and nothing is saved.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.catalog.models import Provider, TimeOff
from visavis.catalog.operations import Interval
from visavis.design.widgets import DateInput, TimeInput

DAY = 24 * 60
ROWS_MAX = 12
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)(?::00)?$")


@dataclass(slots=True)
class Row:
    """One interval as somebody typed it."""

    starts: str = ""
    ends: str = ""
    overnight: bool = False
    error: str = ""
    interval: Interval | None = None

    @property
    def asks_overnight(self) -> bool:
        """Whether the question "until the next day?" makes sense here."""
        starts, ends = _minutes(self.starts), _minutes(self.ends)
        return self.overnight or (starts is not None and bool(ends) and starts >= (ends or 0))

    def read(self) -> None:
        """Turn the words into an interval, or say what is wrong with them."""
        starts, ends = _minutes(self.starts), _minutes(self.ends)
        if starts is None or ends is None:
            self.error = _("Give both times, such as 09:00 and 17:00.")
        elif ends == 0:
            self.interval = Interval(starts, DAY)
        elif self.overnight:
            self.interval = Interval(starts, ends + DAY)
        elif ends <= starts:
            self.error = _("The end is before the start. Or does it last until the next day?")
        else:
            self.interval = Interval(starts, ends)


@dataclass(slots=True)
class Day:
    """The intervals of one day; `key` tells its rows from those of other days."""

    key: str
    name: Promise | str = ""
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, key: str, name: Promise | str, intervals: Iterable[Interval]) -> "Day":
        """Return a day as it is saved."""
        return cls(key, name, [_row(interval) for interval in intervals])

    @classmethod
    def typed(cls, key: str, name: Promise | str, data: QueryDict) -> "Day":
        """Return a day as it was typed."""
        overnight = set(data.getlist(f"overnight-{key}"))
        pairs = zip(data.getlist(f"starts-{key}"), data.getlist(f"ends-{key}"), strict=False)
        rows = [
            Row(starts.strip(), ends.strip(), str(place) in overnight)
            for place, (starts, ends) in enumerate(pairs)
        ]
        return cls(key, name, rows[:ROWS_MAX])

    def read(self) -> list[Interval]:
        """Return the intervals; rows left empty do not count, wrong ones get their error."""
        self.rows = [row for row in self.rows if row.starts or row.ends]
        for row in self.rows:
            row.read()
        return [row.interval for row in self.rows if row.interval]

    @property
    def valid(self) -> bool:
        return not any(row.error for row in self.rows)


class WeekForm:
    """The hours of a week."""

    def __init__(self, days: Sequence[Day]) -> None:
        self.days = days

    @classmethod
    def of(cls, week: Mapping[int, Sequence[Interval]]) -> "WeekForm":
        """Return the form for hours as they are saved."""
        return cls([Day.of(str(day), WEEKDAYS[day], week.get(day, ())) for day in range(7)])

    @classmethod
    def typed(cls, data: QueryDict) -> "WeekForm":
        """Return the form as somebody sent it."""
        return cls([Day.typed(str(day), WEEKDAYS[day], data) for day in range(7)])

    def is_valid(self) -> bool:
        """Read all rows; rows that are wrong, or overlap others, get an error of their own."""
        for day in self.days:
            day.read()
        found = [
            (number * DAY + row.interval.starts, number * DAY + row.interval.ends, row)
            for number, day in enumerate(self.days)
            for row in day.rows
            if row.interval
        ]
        # Sunday night may reach into Monday.
        found += [(starts + 7 * DAY, ends + 7 * DAY, row) for starts, ends, row in found[:ROWS_MAX]]
        _mark_overlaps(found)
        return all(day.valid for day in self.days)

    @property
    def week(self) -> dict[int, list[Interval]]:
        """The hours that were typed, once they are valid."""
        return {
            number: [row.interval for row in day.rows if row.interval]
            for number, day in enumerate(self.days)
        }

    def edit(self, data: QueryDict) -> bool:
        """Carry out the button that was pressed: add, remove or copy. False if it was none."""
        if (key := data.get("add")) is not None:
            self._day(key).rows.append(Row())
        elif (place := data.get("remove")) is not None:
            key, _dash, number = place.partition("-")
            rows = self._day(key).rows
            if number.isdecimal() and int(number) < len(rows):
                del rows[int(number)]
        elif (key := data.get("copy")) is not None:
            for other in data.getlist(f"copy-{key}"):
                self._day(other).rows = [
                    Row(row.starts, row.ends, row.overnight) for row in self._day(key).rows
                ]
        else:
            return False
        return True

    def _day(self, key: str) -> Day:
        return next((day for day in self.days if day.key == key), Day(""))


class SpecialDayForm(forms.Form):
    """One date that is closed, or has hours of its own."""

    KEY = "special"

    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    open = forms.TypedChoiceField(
        label=gettext_lazy("On this day"),
        choices=[("no", gettext_lazy("Closed")), ("yes", gettext_lazy("Open at other hours"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["day"].widget.attrs["min"] = today.isoformat()
        self.hours = Day.typed(self.KEY, "", data) if data else Day(self.KEY)
        if not self.hours.rows:
            self.hours.rows.append(Row())

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("open"):
            intervals = self.hours.read()
            _mark_overlaps(
                [
                    (row.interval.starts, row.interval.ends, row)
                    for row in self.hours.rows
                    if row.interval
                ]
            )
            if not self.hours.rows:
                self.hours.rows.append(Row(error=_("Give both times, such as 09:00 and 17:00.")))
            if not self.hours.valid:
                self.add_error("open", _("Check the hours."))
            cleaned["intervals"] = intervals
        else:
            cleaned["intervals"] = []
        return cleaned


class TimeOffForm(forms.ModelForm[TimeOff]):
    """When a provider is away: whole days, or from a time on the first to one on the last."""

    from_time = forms.TimeField(
        label=gettext_lazy("From time"),
        required=False,
        widget=TimeInput,
        help_text=gettext_lazy("Leave both times empty for whole days."),
    )
    to_time = forms.TimeField(label=gettext_lazy("To time"), required=False, widget=TimeInput)

    class Meta:
        model = TimeOff
        fields = ("first_day", "last_day", "reason")
        widgets: ClassVar = {"first_day": DateInput(), "last_day": DateInput()}
        labels: ClassVar = {
            "first_day": gettext_lazy("First day"),
            "last_day": gettext_lazy("Last day"),
        }
        help_texts: ClassVar = {"reason": gettext_lazy("Clients do not see it.")}

    field_order = ("first_day", "from_time", "last_day", "to_time", "reason")

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.company, self.instance.provider = provider.company, provider
        self.fields["last_day"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        first = cleaned.get("first_day")
        if first is None:
            return cleaned
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        starts, ends = cleaned.get("from_time"), cleaned.get("to_time")
        self.instance.starts = starts.hour * 60 + starts.minute if starts else 0
        self.instance.ends = (ends.hour * 60 + ends.minute if ends else 0) or DAY
        if last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif last == first and self.instance.ends <= self.instance.starts:
            self.add_error("to_time", _("The end is before the start."))
        return cleaned


def _mark_overlaps(found: list[tuple[int, int, Row]]) -> None:
    reached = -1
    for starts, ends, row in sorted(found, key=lambda one: one[:2]):
        if starts < reached and not row.error:
            row.error = _("These hours overlap others.")
        reached = max(reached, ends)


def _row(interval: Interval) -> Row:
    return Row(_clock(interval.starts), _clock(interval.ends), overnight=interval.ends > DAY)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _minutes(text: str) -> int | None:
    read = _TIME.match(text)
    return int(read[1]) * 60 + int(read[2]) if read else None
