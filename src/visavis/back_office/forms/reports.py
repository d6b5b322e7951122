"""The filters of the reports. Each stands in the address and narrows one list."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visavis.back_office.scope import Scope
from visavis.bookings.availability import day_bounds
from visavis.bookings.models import Booking, BookingQuerySet
from visavis.catalog.models import Offering, Provider
from visavis.companies.models import Company
from visavis.design.widgets import DateInput
from visavis.meetings.faults import explanation
from visavis.meetings.models import Meeting, MeetingQuerySet, Room
from visavis.meetings.states import MeetingState, in_state
from visavis.notifications.models import Event, Fate, Message

# Days that every zone of the world can still turn into instants.
FIRST_YEAR, LAST_YEAR = 1900, 2200
ANY = "any"


class Period(forms.Form):
    """From one day to another, both included; an open end has no bound."""

    since = forms.DateField(required=False, label=pgettext_lazy("date", "From"), widget=DateInput)
    until = forms.DateField(required=False, label=pgettext_lazy("date", "To"), widget=DateInput)

    def __init__(self, data: QueryDict, *, company: Company) -> None:
        super().__init__(data, use_required_attribute=False)
        self.company = company
        self.zone = ZoneInfo(company.time_zone)

    def given(self) -> dict[str, Any]:
        """Return what was filled in; what is wrong is passed over, and said beside its field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def between(self, field: str, *, since: str = "since", until: str = "until") -> Q:
        """Return the condition that an instant lies within two days of the company."""
        given, condition = self.given(), Q()
        first, last = given.get(since), given.get(until)
        if first and FIRST_YEAR < first.year < LAST_YEAR:
            condition &= Q(**{f"{field}__gte": day_bounds(first, first, self.zone)[0]})
        if last and FIRST_YEAR < last.year < LAST_YEAR:
            condition &= Q(**{f"{field}__lt": day_bounds(last, last, self.zone)[1]})
        return condition


class BookingFilter(Period):
    """Which bookings the report *Booking details* lists."""

    made_since = forms.DateField(required=False, label=_("Booked from"), widget=DateInput)
    made_until = forms.DateField(required=False, label=_("Booked to"), widget=DateInput)
    offering = forms.ModelChoiceField(
        Offering.objects.none(), required=False, label=_("Service or class"), empty_label=_("All")
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(), required=False, label=_("Provider"), empty_label=_("All")
    )
    status = forms.ChoiceField(required=False, label=_("Status"))
    q = forms.CharField(required=False, label=_("Client or code"), max_length=100)

    field_order = (
        "since", "until", "offering", "provider", "status", "q", "made_since", "made_until",
    )  # fmt: skip

    def __init__(self, data: QueryDict, *, scope: Scope) -> None:
        super().__init__(data, company=scope.member.company)
        offering, provider = self.fields["offering"], self.fields["provider"]
        status = self.fields["status"]
        assert isinstance(offering, forms.ModelChoiceField)
        assert isinstance(provider, forms.ModelChoiceField)
        assert isinstance(status, forms.ChoiceField)
        offering.queryset, provider.queryset = scope.offerings(), scope.providers()
        kept = [one for one in Booking.Status.choices if one[0] != Booking.Status.HELD]
        status.choices = [("", _("All")), *kept]

    def narrow(self, bookings: BookingQuerySet) -> BookingQuerySet:
        """Keep what the filters let through."""
        given = self.given()
        bookings = bookings.filter(
            self.between("appointment__starts_at"),
            self.between("created_at", since="made_since", until="made_until"),
        )
        if "offering" in given:
            bookings = bookings.filter(appointment__offering=given["offering"])
        if "provider" in given:
            bookings = bookings.filter(appointment__provider=given["provider"])
        if "status" in given:
            bookings = bookings.filter(status=given["status"])
        if "q" in given:
            sought = given["q"]
            bookings = bookings.filter(
                Q(name__icontains=sought)
                | Q(client__name__icontains=sought)
                | Q(client__email__icontains=sought)
                | Q(client__phone__icontains=sought)
                | Q(code__iexact=sought)
            )
        return bookings


class MeetingFilter(Period):
    """Which online meetings are listed."""

    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[("", _("All")), *MeetingState.choices]
    )
    offering = forms.ModelChoiceField(
        Offering.objects.none(), required=False, label=_("Service or class"), empty_label=_("All")
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(), required=False, label=_("Provider"), empty_label=_("All")
    )
    host = forms.ChoiceField(required=False, label=_("Host"))
    fault = forms.ChoiceField(required=False, label=_("Problem"))

    field_order = ("since", "until", "state", "offering", "provider", "host", "fault")

    def __init__(self, data: QueryDict, *, scope: Scope, hosts: Mapping[str, str]) -> None:
        super().__init__(data, company=scope.member.company)
        offering, provider = self.fields["offering"], self.fields["provider"]
        host, fault = self.fields["host"], self.fields["fault"]
        assert isinstance(offering, forms.ModelChoiceField)
        assert isinstance(provider, forms.ModelChoiceField)
        assert isinstance(host, forms.ChoiceField)
        assert isinstance(fault, forms.ChoiceField)
        offering.queryset, provider.queryset = scope.offerings(), scope.providers()
        host.choices = [("", _("All")), *sorted(hosts.items(), key=lambda one: one[1])]
        fault.choices = [("", _("All")), (ANY, _("Any problem")), *_faults(self.company)]

    def narrow(self, meetings: MeetingQuerySet, *, now: datetime) -> MeetingQuerySet:
        """Keep what the filters let through, the next ones first.

        Without any filter what is over stays away.
        """
        given = self.given()
        meetings = meetings.filter(self.between("starts_at"))
        if not given:
            meetings = meetings.filter(ends_at__gte=now - timedelta(hours=1))
        if "state" in given:
            meetings = meetings.filter(in_state(MeetingState(given["state"]), now=now))
        if "offering" in given:
            meetings = meetings.filter(appointment__offering=given["offering"])
        if "provider" in given:
            meetings = meetings.filter(provider=given["provider"])
        if "host" in given:
            meetings = meetings.filter(_led_by(given["host"]))
        if given.get("fault") == ANY:
            meetings = meetings.wanted().exclude(fault="")
        elif "fault" in given:
            meetings = meetings.wanted().filter(fault=given["fault"])
        back = given.get("state") in (MeetingState.ENDED, MeetingState.CANCELLED)
        return meetings.order_by("-starts_at" if back else "starts_at", "pk")


def _faults(company: Company) -> list[tuple[str, str]]:
    """Return the problems there are, each with the beginning of its explanation."""
    known = Meeting.objects.wanted().filter(company=company).exclude(fault="")
    faults = known.order_by("fault").values_list("fault", flat=True).distinct()
    return [(fault, explanation(fault).split(". ")[0].rstrip(".")) for fault in faults]


def _led_by(host_id: str) -> Q:
    """Return the condition that a meeting had, or is going to have, a host."""
    rooms = Room.objects.filter(meeting=OuterRef("pk"))
    ahead = Q(provider__meeting_provider__host_id=host_id) & ~Exists(rooms)
    return Exists(rooms.filter(host_id=host_id)) | ahead


class MessageFilter(Period):
    """Which messages are listed."""

    event = forms.ChoiceField(
        required=False, label=_("About"), choices=[("", _("All")), *Event.choices]
    )
    status = forms.ChoiceField(required=False, label=_("Status"))
    q = forms.CharField(required=False, label=_("Recipient"), max_length=100)

    def __init__(self, data: QueryDict, *, company: Company) -> None:
        super().__init__(data, company=company)
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        told = Fate.choices if settings.MAIL_RELAY else []
        status.choices = [("", _("All")), *Message.Status.choices, *told]

    def narrow(self, messages: QuerySet[Message]) -> QuerySet[Message]:
        """Keep what the filters let through."""
        given = self.given()
        messages = messages.filter(self.between("due_at"))
        if "event" in given:
            messages = messages.filter(event=given["event"])
        if "status" in given:
            kept_in = "fate" if given["status"] in Fate else "status"
            messages = messages.filter(**{kept_in: given["status"]})
        if "q" in given:
            sought = given["q"]
            messages = messages.filter(
                Q(recipient__icontains=sought) | Q(recipient_name__icontains=sought)
            )
        return messages
