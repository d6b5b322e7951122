"""Calling things off: cancelling and declining bookings, cancelling whole appointments."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
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
from visavis.bookings.actors import by_staff
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import appointments, ending
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.queries import bookings_in

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@office(*CHANGING)
@GET_OR_POST
def cancel_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Ask why, and cancel a booking."""
    return _ended(request, code, EndForm, ending.cancel, _("The booking is cancelled."))


@office(*CHANGING)
@GET_OR_POST
def decline_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Ask why, and decline a booking that awaited approval."""
    return _ended(request, code, DeclineForm, ending.decline, _("The booking is declined."))


@office(*CHANGING)
@GET_OR_POST
def cancel_appointment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask why, and cancel an appointment with every booking in it."""
    appointment = Scope(request.member).appointment(pk, to_change=True)
    form = EndForm(_posted(request))
    if not form.is_valid():
        return _ask(request, form, appointment, concerned=_concerned(appointment))
    appointments.cancel(
        appointment, by=by_staff(request.user), now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("The appointment is cancelled."))
    return done(request, _page_of(request, appointment, None))


def _ended(
    request: OfficeRequest,
    code: str,
    form_class: type[EndForm | DeclineForm],
    end: Callable[..., object],
    ended: str,
) -> HttpResponse:
    booking = Scope(request.member).booking(code, to_change=True)
    form = form_class(_posted(request))
    if not form.is_valid():
        declines = form_class is DeclineForm
        return _ask(request, form, booking.appointment, booking=booking, declines=declines)
    try:
        end(booking, by=by_staff(request.user), now=timezone.now(), **form.cleaned_data)
    except NotPossible:
        messages.error(request, NO_LONGER)
    else:
        messages.success(request, ended)
    return done(request, _page_of(request, booking.appointment, booking))


def _posted(request: OfficeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _ask(
    request: OfficeRequest,
    form: Form,
    appointment: Appointment,
    *,
    booking: Booking | None = None,
    declines: bool = False,
    concerned: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "appointment": appointment,
        "booking": booking,
        "declines": declines,
        "concerned": concerned,
        "zone": request.company.time_zone,
        "back": _page_of(request, appointment, booking),
    }
    status = 422 if form.is_bound else 200
    return dialog_or_page(request, "back_office/bookings/end.html", context, status=status)


def _page_of(request: OfficeRequest, appointment: Appointment, booking: Booking | None) -> str:
    if booking is not None:
        return reverse("back_office:booking", args=[request.company.slug, booking.code])
    return reverse("back_office:appointment", args=[request.company.slug, appointment.pk])


def _concerned(appointment: Appointment) -> str:
    number = len(bookings_in(appointment))
    return ngettext(
        "%(number)d booking is cancelled with it.",
        "%(number)d bookings are cancelled with it.",
        number,
    ) % {"number": number}
