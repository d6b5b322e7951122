"""What the calendar shows: which day, in which form, whose, and of what. Kept in the address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from visavis.back_office.scope import Scope
from visavis.bookings.models import AppointmentQuerySet
from visavis.catalog.models import Provider
from visavis.design.zones import zone_phrase

ONLINE = "online"
VIEWS = ("day", "week", "month", "list")


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody wants to look at. Whatever the address says wrongly takes its default."""

    day: date
    view: str
    zone: str
    provider: Provider | None
    offering: str

    def narrow(self, appointments: AppointmentQuerySet) -> AppointmentQuerySet:
        """Keep the appointments that the filters let through."""
        if self.provider is not None:
            appointments = appointments.filter(provider=self.provider)
        if self.offering == ONLINE:
            return appointments.filter(meeting__wanted=True)
        return appointments.filter(offering=int(self.offering)) if self.offering else appointments


class CalendarFilter(forms.Form):
    """The filters above the calendar."""

    provider = forms.ModelChoiceField(
        Provider.objects.none(), label=_("Provider"), empty_label=_("All providers"), required=False
    )
    offering = forms.ChoiceField(label=_("Service or class"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    day = forms.DateField(required=False, widget=forms.HiddenInput)
    view = forms.ChoiceField(
        choices=[(view, view) for view in VIEWS], required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict, *, scope: Scope) -> None:
        super().__init__(data, use_required_attribute=False)
        self._company = scope.member.company
        self.providers = list(scope.providers())
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ModelChoiceField)
        provider.queryset = scope.providers()
        if len(self.providers) < 2:
            del self.fields["provider"]
        self._choose("offering", self._offering_choices(scope))
        self._choose("zone", self._zone_choices())

    def shown(self, *, now: datetime) -> Shown:
        """Return what to look at; errors in the address are passed over."""
        self.is_valid()
        given = self.cleaned_data
        zone = given.get("zone") or self._company.time_zone
        day = given.get("day")
        return Shown(
            # A year of four digits has neighbours on both sides.
            day=day if day and 1900 < day.year < 2200 else now.astimezone(ZoneInfo(zone)).date(),
            view=given.get("view") or "week",
            zone=zone,
            provider=given.get("provider"),
            offering=given.get("offering") or "",
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offering_choices(self, scope: Scope) -> list[Any]:
        kinds: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for offering in scope.offerings():
            kinds[offering.is_class].append((str(offering.pk), offering.name))
        groups = [(_("Services"), kinds[False]), (_("Classes"), kinds[True])]
        return [
            ("", _("All services and classes")),
            (ONLINE, _("Online meetings only")),
            *(group for group in groups if group[1]),
        ]

    def _zone_choices(self) -> list[Any]:
        zones = [self._company.time_zone, *(one.time_zone for one in self.providers)]
        return [(zone, zone_phrase(zone)) for zone in dict.fromkeys(zones)]
