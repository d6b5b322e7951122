"""When a class takes place, and moving one of its sessions."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
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
from visavis.catalog.models import ClassSchedule, Provider
from visavis.core.recurrence import RecurrenceError, check
from visavis.core.spans import to_datetime
from visavis.core.zones import Wall, wall_minutes
from visavis.design.widgets import DateInput, TimeInput


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
        able = Provider.objects.active().filter(company=self.instance.offering.company).in_order()
        provider = self.fields["provider"]
        provider.queryset, provider.empty_label = able, None  # type: ignore[attr-defined]
        if self.instance.pk:
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
        able = session.offering.providers.active().in_order()
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


class CancelSessionForm(forms.Form):
    """Why a session does not take place."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody who booked reads it."),
    )
