"""Moving one booking, or an appointment with everybody in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import dialog_or_page, done, in_dialog
from visavis.back_office.forms.bookings import MoveForm, able
from visavis.back_office.scope import Scope
from visavis.back_office.times import Refused, asked, refused, times
from visavis.back_office.views.bookings import CHANGING, NO_LONGER
from visavis.bookings.actors import by_staff
from visavis.bookings.availability import Question
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import appointments, moving
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.seats import StartRefused
from visavis.catalog.models import Provider


@dataclass(frozen=True, slots=True)
class Moving:
    """What is to be moved, and how."""

    appointment: Appointment
    operation: Callable[..., object]
    back: str
    booking: Booking | None = None

    @property
    def whole(self) -> bool:
        return self.booking is None

    def question(self, now: datetime) -> Question:
        """Ask about free times; what leaves its place does not stand in its own way."""
        places = self.booking.places if self.booking else 1
        goes = self.booking is None or self.booking.alone
        leaving_id = self.appointment.pk if goes else None
        return Question(
            offering=self.appointment.offering, places=places, now=now, leaving_id=leaving_id
        )


@office(*CHANGING)
@require_http_methods(["GET", "HEAD", "POST"])
def move_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Move one booking to another time or provider."""
    booking = Scope(request.member).booking(code, to_change=True)

    def operation(**where: Any) -> Booking:
        return moving.move(booking, **where)

    back = reverse("back_office:booking", args=[request.company.slug, code])
    return _move(request, Moving(booking.appointment, operation, back, booking))


@office(*CHANGING)
@require_http_methods(["GET", "HEAD", "POST"])
def move_appointment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Move a whole appointment."""
    appointment = Scope(request.member).appointment(pk, to_change=True)

    def operation(**where: Any) -> Appointment:
        return appointments.move(appointment, **where)

    back = reverse("back_office:appointment", args=[request.company.slug, pk])
    return _move(request, Moving(appointment, operation, back))


def _move(request: OfficeRequest, moving: Moving) -> HttpResponse:
    now = timezone.now()
    form, context = _page(request, moving, now=now)
    if request.method != "POST":
        return _answer(request, context)
    if not form.is_valid():
        return _answer(request, context, status=422)
    given = form.cleaned_data
    try:
        moving.operation(
            starts_at=given["starts_at"],
            provider=given["provider"],
            by=by_staff(request.user),
            now=now,
            why=given["why"],
            overriding=given["overriding"],
            tell_client=given["tell_client"],
        )
    except StartRefused as refusal:
        context["refused"] = _refused(moving, refusal, given, now=now)
        return _answer(request, context, status=422)
    except NotPossible:
        messages.error(request, NO_LONGER)
        return done(request, moving.back)
    messages.success(request, _("Moved."))
    return done(request, moving.back)


def _page(
    request: OfficeRequest, moving: Moving, *, now: datetime
) -> tuple[MoveForm, dict[str, Any]]:
    appointment, scope = moving.appointment, Scope(request.member)
    providers = able(request.company, appointment.offering, scope.changeable_providers())
    provider = _chosen(request, providers) or appointment.provider
    wanted = asked(request, otherwise=max(appointment.starts_at, now))
    free = times(moving.question(now), [provider], wanted, whole=moving.whole)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        zone=wanted.zone,
        providers=providers,
        initial={"provider": provider.pk, **wanted.initial(free.moments)},
    )
    context = {
        "form": form,
        "times": free,
        "asked": wanted,
        "appointment": appointment,
        "booking": moving.booking,
        "provider": provider,
        "zone": wanted.zone_name,
        "back": moving.back,
    }
    return form, context


def _chosen(request: OfficeRequest, providers: Any) -> Provider | None:
    key = request.POST.get("provider") or request.GET.get("provider") or ""
    found: Provider | None = providers.filter(pk=key).first() if key.isdecimal() else None
    return found


def _refused(
    moving: Moving, refusal: StartRefused, given: dict[str, Any], *, now: datetime
) -> Refused:
    return refused(
        refusal,
        moving.question(now),
        [given["provider"]],
        given["starts_at"],
        whole=moving.whole,
    )


def _answer(request: OfficeRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    # Dropped somewhere in the calendar: the place is chosen, only yes or no is left to say.
    dropped = in_dialog(request) and context["asked"].start is not None
    name = "move_dropped" if dropped else "move"
    return dialog_or_page(request, f"back_office/bookings/{name}.html", context, status=status)
