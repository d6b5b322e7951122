"""Calling things off: cancelling and declining bookings, cancelling whole appointments."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import dialog_or_page, done
from visavis.back_office.forms.bookings import DeclineForm, EndForm
from visavis.back_office.scope import Scope
from visavis.back_office.views.bookings import CHANGING, NO_LONGER
from visavis.bookings import operations
from visavis.bookings.actors import by_staff
from visavis.bookings.operations import NotPossible

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@office(*CHANGING)
@GET_OR_POST
def cancel_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Ask why, and cancel a booking."""
    booking = Scope(request.member).booking(code, to_change=True)
    back = reverse("back_office:booking", args=[request.company.slug, code])
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.cancel(
                booking,
                by=by_staff(request.user),
                now=timezone.now(),
                why=given["why"],
                tell=given["tell"],
            )
        except NotPossible:
            messages.error(request, NO_LONGER)
        else:
            messages.success(request, _("The booking is cancelled."))
        return done(request, back)
    context = {
        "booking": booking,
        "appointment": booking.appointment,
        "zone": request.company.time_zone,
        "form": form,
        "back": back,
        "declines": False,
    }
    status = 422 if request.method == "POST" else 200
    return dialog_or_page(request, "back_office/bookings/end.html", context, status=status)


@office(*CHANGING)
@GET_OR_POST
def decline_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Ask why, and decline a booking that awaited approval."""
    booking = Scope(request.member).booking(code, to_change=True)
    back = reverse("back_office:booking", args=[request.company.slug, code])
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = form.cleaned_data["why"]
        try:
            operations.decline(booking, by=by_staff(request.user), now=timezone.now(), why=why)
        except NotPossible:
            messages.error(request, NO_LONGER)
        else:
            messages.success(request, _("The booking is declined."))
        return done(request, back)
    context = {
        "booking": booking,
        "appointment": booking.appointment,
        "zone": request.company.time_zone,
        "form": form,
        "back": back,
        "declines": True,
    }
    status = 422 if request.method == "POST" else 200
    return dialog_or_page(request, "back_office/bookings/end.html", context, status=status)


@office(*CHANGING)
@GET_OR_POST
def cancel_appointment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask why, and cancel an appointment with every booking in it."""
    appointment = Scope(request.member).appointment(pk, to_change=True)
    back = reverse("back_office:appointment", args=[request.company.slug, pk])
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        operations.cancel_appointment(
            appointment,
            by=by_staff(request.user),
            now=timezone.now(),
            why=given["why"],
            tell=given["tell"],
        )
        messages.success(request, _("The appointment is cancelled."))
        return done(request, back)
    number = len(operations.bookings_in(appointment))
    context = {
        "appointment": appointment,
        "zone": request.company.time_zone,
        "form": form,
        "back": back,
        "concerned": ngettext(
            "%(number)d booking is cancelled with it.",
            "%(number)d bookings are cancelled with it.",
            number,
        )
        % {"number": number},
    }
    status = 422 if request.method == "POST" else 200
    return dialog_or_page(request, "back_office/bookings/end.html", context, status=status)
