"""What staff say when they book, move or cancel."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from visavis.back_office.forms.choices import RowField, languages
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Booking, Client
from visavis.catalog.models import Offering, Provider
from visavis.companies.models import Company
from visavis.core.refusals import OVERRIDABLE, Refusal
from visavis.design.widgets import DateInput, TimeInput
from visavis.notifications import sms

OTHER = "other"


def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment that an ISO text means; without an offset it is a wall time of `zone`."""
    try:
        moment = parse_datetime(text)
        if moment is None or not 2000 <= moment.year < 2200:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return aware.astimezone(UTC).replace(second=0, microsecond=0)
    except (ValueError, OverflowError):
        return None


def tell_client() -> forms.BooleanField:
    """Return the question whether the client gets a message."""
    return forms.BooleanField(
        required=False,
        initial=True,
        label=_("Tell the client"),
        help_text=_("The provider or the company is told in any case, as set."),
    )


class StartForm(forms.Form):
    """When: one of the times that are offered, or any other moment."""

    start = forms.CharField(required=False, max_length=40, label=_("Time"))
    other_day = forms.DateField(required=False, label=_("Day"), widget=DateInput)
    other_time = forms.TimeField(required=False, label=_("Starts at"), widget=TimeInput)
    tell_client = tell_client()
    overriding = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @property
    def chosen(self) -> str:
        """Return the start that is ticked when the form is shown."""
        return str(self["start"].value() or "")

    def clean_overriding(self) -> frozenset[Refusal]:
        """Return the reasons that staff set aside; what cannot be set aside is passed over."""
        named = set(self.cleaned_data["overriding"].split(","))
        return frozenset(why for why in OVERRIDABLE if why.value in named)

    def clean(self) -> None:
        super().clean()
        start = self.cleaned_data.get("start", "")
        offered = start and start != OTHER
        starts_at = instant(start, self.zone) if offered else self._other_start()
        if starts_at is None and not self.errors:
            self.add_error("start", _("Choose a time."))
        self.cleaned_data["starts_at"] = starts_at

    def _other_start(self) -> datetime | None:
        day, time = self.cleaned_data.get("other_day"), self.cleaned_data.get("other_time")
        if day is None or time is None:
            return None
        return instant(datetime.combine(day, time).isoformat(), self.zone)


class BookingForm(StartForm):
    """Everything about a new booking but the service and the provider."""

    client = forms.ModelChoiceField(Client.objects.none(), required=False, label=_("Client"))
    name = forms.CharField(required=False, max_length=100, label=_("Name"))
    email = forms.EmailField(required=False, label=_("E-mail address"))
    phone = forms.CharField(required=False, max_length=40, label=_("Phone"))
    texts = forms.BooleanField(required=False, label=_("They want texts (SMS)"))
    language = forms.ChoiceField(choices=languages, required=False, label=_("Language"))
    places = forms.IntegerField(min_value=1, initial=1, required=False, label=_("Places"))
    note = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Note"),
        help_text=_("The client sees it too."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    request_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offering: Offering, clients: QuerySet[Client], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._company = offering.company
        if sms.account_of(offering.company) is None:
            del self.fields["texts"]
        client, places = self.fields["client"], self.fields["places"]
        assert isinstance(client, forms.ModelChoiceField)
        client.queryset = clients
        # Through the setter of the field's limits, so that the browser knows them too.
        self.fields["places"] = forms.IntegerField(
            min_value=1,
            max_value=offering.places_max,
            initial=1,
            required=False,
            label=places.label,
        )

    def clean(self) -> None:
        super().clean()
        known = self.cleaned_data.get("client")
        if known is None and not self.cleaned_data.get("name") and "client" not in self.errors:
            self.add_error("name", _("Choose a client, or enter a name."))

    def details(self) -> ClientDetails:
        """Return who it is for."""
        given: dict[str, Any] = self.cleaned_data
        known: Client | None = given.get("client")
        if known is not None:
            return ClientDetails(
                name=known.name,
                email=known.email,
                language=known.language,
                time_zone=known.time_zone or self._company.time_zone,
                known=known,
            )
        return ClientDetails(
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            texts=sms.Source.STAFF if given.get("texts") else None,
            language=given["language"] or self._company.language,
            time_zone=self._company.time_zone,
        )


class WhatForm(forms.Form):
    """The first step of a booking: what, and with whom. Its answers stand in the address."""

    offering = RowField(label=_("Service or class"))
    provider = RowField(label=_("Provider"), required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        offerings: Sequence[Offering],
        providers: Sequence[Provider],
        anybody: bool,
    ) -> None:
        # Without an offering nothing is answered yet, though it may be known with whom.
        answered = data if data.get("offering") else None
        initial = {"provider": data.get("provider")}
        super().__init__(answered, initial=initial, use_required_attribute=False)
        offering, provider = self.fields["offering"], self.fields["provider"]
        assert isinstance(offering, RowField)
        assert isinstance(provider, RowField)
        offering.offer(offerings, otherwise=_("Choose…"))
        provider.offer(providers, otherwise=_("Any provider") if anybody else "")


class MoveForm(StartForm):
    """Where a booking or an appointment goes."""

    provider = forms.ModelChoiceField(
        Provider.objects.none(), label=_("Provider"), empty_label=None
    )
    why = forms.CharField(
        required=False,
        max_length=500,
        label=_("Reason"),
        help_text=_("Stands in the message to the client and in the history."),
    )

    def __init__(self, *args: Any, providers: QuerySet[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ModelChoiceField)
        provider.queryset = providers


class EndForm(forms.Form):
    """Why something is called off, and whether the client is told."""

    why = forms.CharField(
        required=False,
        max_length=500,
        label=_("Reason"),
        help_text=_("Stands in the message to the client and in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tell_client = tell_client()


class DeclineForm(forms.Form):
    """Why a booking that awaits approval is declined. The client is always told."""

    why = EndForm.base_fields["why"]


class StaffNoteForm(forms.ModelForm):  # type: ignore[type-arg] # Django's own has no []
    """A note that clients never see."""

    class Meta:
        model = Booking
        fields = ("staff_note",)
        widgets = {"staff_note": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012


def able(company: Company, offering: Offering, providers: QuerySet[Provider]) -> QuerySet[Provider]:
    """Return those of the providers who offer it."""
    return providers.filter(company=company, offerings=offering)
