"""On which public holidays somebody is closed: a place, and a tick for each of its days.

The days of the place are listed with the form (`listed`), those to close on are ticked
(`closed`). The button *show* lists the days of another place, and saves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.catalog import holidays
from visavis.catalog.models import HolidayCalendar
from visavis.catalog.operations import Hours
from visavis.core.holidays import countries, subdivisions
from visavis.design.countries import country_choices, country_name, country_of_zone

AS_COMPANY = "company"
# A choice shows its days at once where there is JavaScript; the button does it otherwise.
SHOW_AT_ONCE = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-target": "#holidays",
    "hx-select": "#holidays",
    "hx-swap": "outerHTML",
    "hx-vals": '{"show": "1"}',
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day of the list; `booked` says how many bookings lie on it."""

    day: date
    name: str
    closed: bool
    booked: int = 0


class HolidaysForm(forms.Form):
    """The place whose public holidays hold, and which of them do not."""

    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        widget=forms.Select(attrs=SHOW_AT_ONCE),
    )
    subdivision = forms.ChoiceField(
        label=gettext_lazy("Region"), required=False, widget=forms.Select(attrs=SHOW_AT_ONCE)
    )

    def __init__(self, data: QueryDict | None, *, owner: Hours, today: date) -> None:
        saved = holidays.calendar_of(owner)
        self.saved = saved or HolidayCalendar(company=owner.company, provider=owner.provider)
        self.today = today
        follows = owner.provider is not None and saved is None
        initial = {
            "country": AS_COMPANY if follows else self.saved.country,
            "subdivision": self.saved.subdivision,
        }
        super().__init__(data, initial=initial, use_required_attribute=False)
        country, region = self.fields["country"], self.fields["subdivision"]
        assert isinstance(country, forms.ChoiceField)
        assert isinstance(region, forms.ChoiceField)
        country.choices = _countries(owner)
        self.regions = subdivisions(self.chosen) if self.chosen in countries() else {}
        region.choices = [
            ("", _("Holidays of the whole country only")),
            *sorted(self.regions.items(), key=lambda pair: pair[1]),
        ]

    @property
    def chosen(self) -> str:
        """Return the country (or the other answer) that the form shows."""
        return str(self["country"].value() or "")

    def days(self, booked: Mapping[date, int]) -> list[Holiday]:
        """Return each of these days as it is saved, or as it was ticked."""
        open_ = self.kept_open() if self.is_bound else self.saved.days_kept_open
        return [
            Holiday(day, name, day not in open_, booked.get(day, 0))
            for day, name in self.named().items()
        ]

    def kept_open(self) -> set[date]:
        """Return the days that were listed and not ticked."""
        listed, closed = (_dates(self.data, name) for name in ("listed", "closed"))
        return (listed - closed) & self.named().keys()

    def named(self) -> Mapping[date, str]:
        """Return what lies ahead in this year and the next, by name."""
        region = str(self["subdivision"].value() or "")
        place = HolidayCalendar(
            country=self.chosen if self.chosen in countries() else "",
            # A region of the country chosen before means nothing in this one.
            subdivision=region if region in self.regions else "",
        )
        years = (self.today.year, self.today.year + 1)
        return {
            day: name for day, name in holidays.named(place, years).items() if day >= self.today
        }


def _countries(owner: Hours) -> list[tuple[str, str]]:
    nothing = ("", _("None: open on public holidays"))
    # The likeliest country stands first.
    near = country_of_zone((owner.provider or owner.company).time_zone)
    listed = country_choices(countries())
    found = [nothing, *(pair for pair in listed if pair[0] == near), *listed]
    if owner.provider is None:
        return found
    company = holidays.calendar_of(Hours(owner.company))
    theirs = country_name(company.country) if company else _("none")
    return [(AS_COMPANY, _("As the company (%(holidays)s)") % {"holidays": theirs}), *found]


def _dates(data: QueryDict | object, name: str) -> set[date]:
    assert isinstance(data, QueryDict)
    found = set()
    for text in data.getlist(name):
        try:
            day = parse_date(text)
        except ValueError:
            continue
        if day is not None:
            found.add(day)
    return found
