"""When clients and providers are reminded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.texts import ReminderForm, reminder_rows
from visavis.back_office.pages import office_page
from visavis.bookings.replanning import add_reminder, remove_reminder
from visavis.companies.permissions import Permission
from visavis.notifications import editing
from visavis.notifications.models import Audience, Channel, Event, ReminderTime


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def reminders(request: OfficeRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ReminderForm(posted)
    if form.is_valid():
        add_reminder(
            request.company,
            audience=form.cleaned_data["audience"],
            minutes_before=form.cleaned_data["minutes_before"],
        )
        messages.success(request, _("Saved. It holds for the bookings ahead too."))
        return redirect("back_office:reminders", request.company.slug)
    rows = list(ReminderTime.objects.filter(company=request.company, channel=Channel.EMAIL))
    switches = editing.switches(request.company, Channel.EMAIL)
    context = {
        "form": form,
        "groups": list(reminder_rows(rows)),
        "clients_off": not switches[Event.REMINDER, Audience.CLIENT],
        "providers_off": not switches[Event.REMINDER, Audience.PROVIDER]
        and any(row.audience == Audience.PROVIDER for row in rows),
    }
    status = 422 if posted is not None else 200
    return office_page(
        request, "back_office/texts/reminders.html", context, current="texts", status=status
    )


@require_POST
@office(Permission.MANAGE_NOTIFICATIONS)
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    reminder = get_object_or_404(ReminderTime, pk=pk, company=request.company)
    remove_reminder(reminder)
    messages.success(request, _("Removed. It no longer holds for the bookings ahead either."))
    return redirect("back_office:reminders", request.company.slug)
