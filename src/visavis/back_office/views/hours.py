"""When somebody is open: weekly hours, special days, time off. `whose` says who."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visavis.back_office.access import OfficeRequest
from visavis.back_office.forms.hours import Row, SpecialDayForm, TimeOffForm, WeekForm
from visavis.back_office.pages import office_page
from visavis.back_office.views.company import company_tabs
from visavis.back_office.wall_times import DAY, clock, in_words
from visavis.back_office.whose import AWAY, SPECIAL, WEEK, Whose, tabs
from visavis.bookings import touched
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import TimeOff


@dataclass(frozen=True, slots=True)
class Absence:
    """Time off with how many bookings lie in it."""

    row: TimeOff
    booked: int
    remove_url: str

    @property
    def starts(self) -> str:
        """The time on the first day, or nothing when that day is off from its beginning."""
        return clock(self.row.starts) if self.row.starts else ""

    @property
    def ends(self) -> str:
        return clock(self.row.ends) if self.row.ends < DAY else ""


def week(request: OfficeRequest, whose: Whose) -> HttpResponse:
    """Edit the hours of every week."""
    form = (
        WeekForm.typed(request.POST)
        if request.method == "POST"
        else WeekForm.of(queries.week(whose.hours))
    )
    rejected = False
    if request.method == "POST" and not form.edit(request.POST):
        if form.is_valid():
            catalog.set_weekly_hours(whose.hours, form.week)
            messages.success(request, _("The hours were saved."))
            return redirect(whose.url(WEEK))
        rejected = True
    return hours_page(request, whose, WEEK, {"week": form}, rejected=rejected)


def special_days(request: OfficeRequest, whose: Whose) -> HttpResponse:
    """List the dates with hours of their own, with a form for another one."""
    today = today_of(whose)
    form = SpecialDayForm(request.POST if request.method == "POST" else None, today=today)
    rejected = False
    if request.method == "POST" and not _row_edited(request, form):
        if form.is_valid():
            cleaned = form.cleaned_data
            catalog.set_special_day(whose.hours, cleaned["day"], cleaned["intervals"])
            messages.success(request, _("Saved."))
            return redirect(whose.url(SPECIAL))
        rejected = True
    days = queries.special_days(whose.hours, since=today)
    context = {
        "form": form,
        "days": [
            (day, in_words(intervals), whose.url("clear_special_day", day.isoformat()))
            for day, intervals in days.items()
        ],
    }
    return hours_page(request, whose, SPECIAL, context, rejected=rejected)


def clear_special_day(request: OfficeRequest, whose: Whose, day: str) -> HttpResponse:
    """Let the weekly hours hold again on a date."""
    try:
        catalog.clear_special_day(whose.hours, date.fromisoformat(day))
    except ValueError:
        raise Http404 from None
    messages.success(request, _("The weekly hours hold again on this day."))
    return redirect(whose.url(SPECIAL))


def time_off(request: OfficeRequest, whose: Whose) -> HttpResponse:
    """List when a provider is away, with a form for another absence."""
    provider = whose.hours.provider
    assert provider is not None
    now = timezone.now()
    form = TimeOffForm(request.POST or None, provider=provider)
    if request.method == "POST" and form.is_valid():
        added = catalog.add_time_off(form.save(commit=False))
        messages.success(request, _("Saved."))
        if booked := touched.booked_during([added], now=now)[added.pk]:
            messages.warning(request, _still_booked(booked))
        return redirect(whose.url(AWAY))
    absences = queries.time_off(provider, since=today_of(whose))
    booked_in = touched.booked_during(absences, now=now)
    context = {
        "form": form,
        "absences": [
            Absence(one, booked_in[one.pk], whose.url("remove_time_off", one.pk))
            for one in absences
        ],
    }
    return hours_page(request, whose, AWAY, context, rejected=bool(form.errors))


def remove_time_off(request: OfficeRequest, whose: Whose, absence: int) -> HttpResponse:
    """Take an absence back."""
    found = get_object_or_404(TimeOff, provider=whose.hours.provider, pk=absence)
    catalog.remove_time_off(found)
    messages.success(request, _("The time off was removed."))
    return redirect(whose.url(AWAY))


def hours_page(
    request: OfficeRequest,
    whose: Whose,
    kind: str,
    context: dict[str, Any],
    *,
    rejected: bool,
) -> HttpResponse:
    """Render one of the pages about somebody's hours."""
    owner = whose.hours
    company = owner.provider is None and owner.offering is None
    shown = {
        **context,
        "whose": whose,
        "provider": owner.provider,
        "offering": owner.offering,
        "now": timezone.now(),
        "zone": whose.zone,
        "tabs": company_tabs(request, whose.pages[kind]) if company else tabs(whose, kind),
    }
    return office_page(
        request,
        f"back_office/hours/{kind}.html",
        shown,
        current=whose.current,
        status=422 if rejected else 200,
    )


def _row_edited(request: OfficeRequest, form: SpecialDayForm) -> bool:
    """Carry out the buttons that add and remove rows, which save nothing."""
    rows = form.hours.rows
    if "add" in request.POST:
        rows.append(Row())
        return True
    if "remove" in request.POST:
        number = request.POST["remove"].rpartition("-")[2]
        if number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]
        return True
    return False


def today_of(whose: Whose) -> date:
    """Return the date that an owner's clocks show."""
    return timezone.now().astimezone(ZoneInfo(whose.zone)).date()


def _still_booked(count: int) -> str:
    text = ngettext(
        "%(count)d booking lies within this time. It stands until somebody moves or cancels it.",
        "%(count)d bookings lie within this time. They stand until somebody moves or cancels them.",
        count,
    )
    return text % {"count": count}
