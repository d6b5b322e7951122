"""When clients and providers are reminded, and when nobody is."""

from collections.abc import Iterator, Sequence
from datetime import time

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.texts import ReminderForm, TimingForm, reminder_rows
from visavis.back_office.pages import office_page
from visavis.back_office.views.texts import PAGE_OF
from visavis.bookings import replanning
from visavis.bookings.reminders import timing_of
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.core.quiet_hours import QuietHours
from visavis.notifications import editing, sms
from visavis.notifications.models import Audience, Channel, Event, ReminderTime


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def reminders(request: OfficeRequest) -> HttpResponse:
    form = _form(request.company, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, TimingForm(initial=_timing(request.company)))
    replanning.add_reminder(
        request.company,
        audience=form.cleaned_data["audience"],
        minutes_before=form.cleaned_data["minutes_before"],
        channel=form.sent_by(),
    )
    messages.success(request, _("Saved. It holds for the bookings ahead too."))
    return redirect("back_office:reminders", request.company.slug)


@office(Permission.MANAGE_NOTIFICATIONS)
@require_POST
def timing(request: OfficeRequest) -> HttpResponse:
    form = TimingForm(request.POST)
    if not form.is_valid():
        return _page(request, _form(request.company), form)
    starts, ends = form.cleaned_data["quiet_starts"], form.cleaned_data["quiet_ends"]
    replanning.set_timing(
        request.company,
        quiet=QuietHours(_minutes(starts), _minutes(ends)) if starts is not None else None,
        follow_up_minutes=form.cleaned_data["follow_up_minutes"],
    )
    messages.success(request, _("Saved. It holds for the bookings ahead too."))
    return redirect("back_office:reminders", request.company.slug)


@office(Permission.MANAGE_NOTIFICATIONS)
@require_POST
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    reminder = get_object_or_404(ReminderTime, pk=pk, company=request.company)
    replanning.remove_reminder(reminder)
    messages.success(request, _("Removed. It no longer holds for the bookings ahead either."))
    return redirect("back_office:reminders", request.company.slug)


def _page(request: OfficeRequest, form: ReminderForm, timing_form: TimingForm) -> HttpResponse:
    company = request.company
    rows = list(ReminderTime.objects.filter(company=company))
    context = {
        "form": form,
        "timing_form": timing_form,
        "groups": list(reminder_rows(rows)),
        "by_sms": Channel.SMS,
        "off": list(_off(company, rows)),
        "no_gateway": sms.account_of(company) is None
        and any(row.channel == Channel.SMS for row in rows),
        "follow_ups_off": not editing.switches(company, Channel.EMAIL)[
            Event.FOLLOW_UP, Audience.CLIENT
        ],
    }
    status = 422 if form.is_bound or timing_form.is_bound else 200
    return office_page(
        request, "back_office/texts/reminders.html", context, current="texts", status=status
    )


def _form(company: Company, typed: QueryDict | None = None) -> ReminderForm:
    return ReminderForm(typed, texts=sms.account_of(company) is not None)


def _off(company: Company, rows: Sequence[ReminderTime]) -> Iterator[tuple[str, str]]:
    """Yield which of these reminders are switched off, and on which page they are switched on."""
    says = {
        (Channel.EMAIL, Audience.CLIENT): _("Reminders to clients are switched off."),
        (Channel.EMAIL, Audience.PROVIDER): _("Reminders to providers are switched off."),
        (Channel.SMS, Audience.CLIENT): _("Reminders to clients by SMS are switched off."),
        (Channel.SMS, Audience.PROVIDER): _("Reminders to providers by SMS are switched off."),
    }
    set_up = {(row.channel, row.audience) for row in rows}
    for channel, page in PAGE_OF.items():
        on = editing.switches(company, channel)
        for audience in (Audience.CLIENT, Audience.PROVIDER):
            if (channel, audience) in set_up and not on[Event.REMINDER, audience]:
                yield says[channel, audience], reverse(f"back_office:{page}", args=[company.slug])


def _timing(company: Company) -> dict[str, time | int | None]:
    timing = timing_of(company)
    return {
        "quiet_starts": _clock(timing.quiet_starts),
        "quiet_ends": _clock(timing.quiet_ends),
        "follow_up_minutes": timing.follow_up_minutes,
    }


def _clock(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60, minutes % 60)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
