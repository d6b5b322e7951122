"""When a class takes place, and moving one of its sessions."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.back_office.recurrences import (
    MONTHLY_DATE,
    ONCE,
    REPEATS,
    WEEKLY,
    choice_of,
    rule_of,
)
from visavis.bookings.models import Appointment
from visavis.bookings.sessions import recurrence_of
from visavis.catalog.models import ClassSchedule, Offering, Provider
from visavis.core.recurrence import RecurrenceError, check
from visavis.core.spans import to_datetime
from visavis.core.zones import Wall, wall_minutes
from visavis.design.widgets import DateInput, TimeInput

LATEST = timedelta(days=730)


class ScheduleForm(forms.ModelForm[ClassSchedule]):
    """A schedule: what people choose becomes a recurrence rule."""

    at = forms.TimeField(label=gettext_lazy("Starts at"), widget=TimeInput)
    repeats = forms.ChoiceField(
        label=gettext_lazy("Repeats"), choices=REPEATS, initial=WEEKLY, widget=forms.RadioSelect
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For a class that repeats every week."),
    )
    every = forms.IntegerField(
        label=gettext_lazy("Interval"),
        min_value=1,
        max_value=52,
        initial=1,
        help_text=gettext_lazy("1 is every week (or day, or month), 2 every second one."),
    )

    class Meta:
        model = ClassSchedule
        fields = ("provider", "first_day", "last_day")
        widgets: ClassVar = {"first_day": DateInput(), "last_day": DateInput()}
        labels: ClassVar = {
            "provider": gettext_lazy("Provider"),
            "first_day": gettext_lazy("First day"),
            "last_day": gettext_lazy("Last day"),
        }
        help_texts: ClassVar = {"last_day": gettext_lazy("Leave it empty for a class without end.")}

    field_order = ("provider", "repeats", "weekdays", "every", "at", "first_day", "last_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        provider.queryset = providers_of(self.instance.offering)  # type: ignore[attr-defined]
        provider.empty_label = None  # type: ignore[attr-defined]
        if self.instance.pk:
            # Another provider takes over from a day on: see HandOverForm.
            del self.fields["provider"]
            starts = self.instance.starts
            self.initial.update(choice_of(self.instance.rule))
            self.initial["at"] = time(starts // 60, starts % 60)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        repeats, first = cleaned["repeats"], cleaned["first_day"]
        if repeats == WEEKLY and not cleaned["weekdays"]:
            self.add_error("weekdays", _("Choose at least one weekday."))
        elif cleaned.get("last_day") and cleaned["last_day"] < first:
            self.add_error("last_day", _("The last day is before the first."))
        else:
            self._set_rule(cleaned)
        return cleaned

    def _set_rule(self, cleaned: dict[str, Any]) -> None:
        at, first = cleaned["at"], cleaned["first_day"]
        self.instance.starts = at.hour * 60 + at.minute
        self.instance.first_day = first
        self.instance.rule = rule_of(
            cleaned["repeats"],
            every=1 if cleaned["repeats"] == ONCE else cleaned["every"],
            weekdays=cleaned["weekdays"],
            first_day=first,
        )
        try:
            check(recurrence_of(self.instance))
        except RecurrenceError:
            field = "first_day" if cleaned["repeats"] == MONTHLY_DATE else "repeats"
            self.add_error(field, _("This never takes place. Choose something else."))


class DayForm(forms.Form):
    """A day on which a class does not take place, or does after all."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)


class MoveSessionForm(forms.Form):
    """Another time, or another provider, for one session."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    at = forms.TimeField(label=gettext_lazy("Starts at"), widget=TimeInput)
    provider = forms.ModelChoiceField(
        label=gettext_lazy("Provider"), queryset=Provider.objects.none(), empty_label=None
    )
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Everybody who booked reads it."),
    )

    def __init__(self, *args: Any, session: Appointment, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        local = session.starts_at.astimezone(self.zone)
        able = providers_of(session.offering)
        self.fields["provider"].queryset = able  # type: ignore[attr-defined]
        self.initial.update(day=local.date(), at=local.time(), provider=session.provider_id)

    @property
    def starts_at(self) -> datetime:
        """The instant that was typed, as clocks in the zone show it."""
        day: date = self.cleaned_data["day"]
        at: time = self.cleaned_data["at"]
        local = datetime.combine(day, at)
        minute = wall_minutes(local)
        return to_datetime(Wall(self.zone, (minute - 1440, minute + 1440)).from_wall(minute))


class HandOverForm(forms.Form):
    """Who leads a class from a day on."""

    provider = forms.ModelChoiceField(
        label=gettext_lazy("New provider"),
        queryset=Provider.objects.none(),
        empty_label=gettext_lazy("Choose…"),
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput)
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Everybody who booked reads it."),
    )

    def __init__(self, *args: Any, schedule: ClassSchedule, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        others = providers_of(schedule.offering).exclude(pk=schedule.provider_id)
        self.fields["provider"].queryset = others  # type: ignore[attr-defined]
        self.fields["since"].widget.attrs["min"] = today.isoformat()
        self.initial.setdefault("since", max(today, schedule.first_day))

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise forms.ValidationError(_("This day is over."))
        if since > self.today + LATEST:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return since


class CancelSessionForm(forms.Form):
    """Why a session does not take place."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody who booked reads it."),
    )


def providers_of(offering: Offering) -> QuerySet[Provider]:
    """Return who can lead a class: anybody of the company."""
    return Provider.objects.active().filter(company=offering.company).in_order()
