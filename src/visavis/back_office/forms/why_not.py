"""Which moment somebody asks about. The question stands in the address, so it can be linked."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from visavis.back_office.forms.bookings import instant
from visavis.catalog.models import Offering, Provider
from visavis.design.widgets import DateInput, TimeInput
from visavis.design.zones import zone_phrase


class WhyNotForm(forms.Form):
    """What, when, for how many, and with whom or with anybody."""

    offering = forms.ModelChoiceField(
        Offering.objects.none(), label=_("Service or class"), empty_label=_("Choose…")
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(), label=_("Provider"), empty_label=_("All providers"), required=False
    )
    day = forms.DateField(label=_("Day"), widget=DateInput)
    time = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=1000, initial=1)
    zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(
        self,
        data: QueryDict | None,
        *,
        offerings: QuerySet[Offering],
        providers: QuerySet[Provider],
        zones: list[str],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        offering, provider, zone = (self.fields[name] for name in ("offering", "provider", "zone"))
        assert isinstance(offering, forms.ModelChoiceField)
        assert isinstance(provider, forms.ModelChoiceField)
        assert isinstance(zone, forms.ChoiceField)
        offering.queryset, provider.queryset = offerings, providers
        zone.choices = [(name, zone_phrase(name)) for name in zones]

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        given = self.cleaned_data
        zone = ZoneInfo(given["zone"])
        # A time that clocks skip moves forward by the gap; of a repeated one the first is meant.
        starts_at = instant(datetime.combine(given["day"], given["time"]).isoformat(), zone)
        if starts_at is None:
            self.add_error("day", _("Choose a day that a calendar has."))
        given["starts_at"] = starts_at
