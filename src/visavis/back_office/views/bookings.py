"""One booking or appointment with all that belongs to it, and what needs no second question."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office import attending
from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.agenda import MOVABLE
from visavis.back_office.dialogs import dialog_or_page, done
from visavis.back_office.forms.bookings import StaffNoteForm
from visavis.back_office.meeting_notes import notes_of
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.back_office.views.waiting import waiting_context
from visavis.bookings.actors import by_staff
from visavis.bookings.messages import client_link, provider_link
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import notes, statuses
from visavis.bookings.operations.statuses import NotPossible
from visavis.companies.permissions import Permission
from visavis.core.policies import Actor, State, may_become
from visavis.notifications.models import Message

SEEING = (Permission.VIEW_CALENDAR, Permission.VIEW_OWN_CALENDAR)
CHANGING = (Permission.MANAGE_BOOKINGS, Permission.MANAGE_OWN_BOOKINGS)
NO_LONGER = gettext_lazy("This is not possible any more: the booking has changed meanwhile.")


@office(*SEEING)
@require_safe
def booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Show one booking: a page of its own, or the pop-up of the calendar."""
    shown = Scope(request.member).booking(code)
    return _details(request, shown, StaffNoteForm(instance=shown))


@office(*SEEING)
@require_safe
def appointment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an appointment that several clients share, with all their bookings."""
    now, scope = timezone.now(), Scope(request.member)
    shown = scope.appointment(pk)
    context = {
        "appointment": shown,
        "zone": request.company.time_zone,
        "others": _bookings_in(shown),
        "meeting": _meeting_link(shown) if scope.may_change(shown) else "",
        "notes": notes_of(shown.meeting, now=now),
        **waiting_context(shown, now=now),
        "may_change": scope.may_change(shown) and shown.active,
    }
    return dialog_or_page(request, "back_office/bookings/appointment.html", context)


@office(*CHANGING)
@require_safe
def pending(request: OfficeRequest) -> HttpResponse:
    """List the bookings that wait for somebody's approval, the nearest first."""
    scope = Scope(request.member)
    waiting = (
        scope.bookings()
        .filter(status=Booking.Status.PENDING)
        .select_related("client", "appointment__offering", "appointment__provider")
        .order_by("appointment__starts_at", "pk")
    )
    context = {
        "bookings": [one for one in waiting if scope.may_change(one.appointment)],
        "zone": request.company.time_zone,
    }
    return office_page(request, "back_office/bookings/pending.html", context, current="calendar")


@office(*CHANGING)
@require_POST
def approve_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Confirm a booking that awaited approval."""
    return _change(request, code, statuses.approve, _("The booking is approved."))


@office(*CHANGING)
@require_POST
def complete_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Note that the client came."""
    return _change(request, code, statuses.complete, _("Noted as completed."))


@office(*CHANGING)
@require_POST
def no_show_booking(request: OfficeRequest, code: str) -> HttpResponse:
    """Note that the client did not come."""
    return _change(request, code, statuses.mark_no_show, _("Noted that the client did not come."))


@office(*CHANGING)
@require_POST
def edit_booking_note(request: OfficeRequest, code: str) -> HttpResponse:
    """Keep what staff note about a booking."""
    now = timezone.now()
    noted = Scope(request.member).booking(code, to_change=True)
    form = StaffNoteForm(request.POST, instance=noted)
    if not form.is_valid():
        return _details(request, noted, form, status=422)
    note = form.cleaned_data["staff_note"]
    notes.write_staff_note(noted, note, by=by_staff(request.user), now=now)
    messages.success(request, _("The note is saved."))
    return done(request, _url(noted))


def _change(
    request: OfficeRequest, code: str, operation: Callable[..., Booking], saved: str
) -> HttpResponse:
    changed = Scope(request.member).booking(code, to_change=True)
    try:
        operation(changed, by=by_staff(request.user), now=timezone.now())
    except NotPossible:
        messages.error(request, NO_LONGER)
        return redirect(_url(changed))
    messages.success(request, saved)
    return done(request, _url(changed))


def _details(
    request: OfficeRequest, shown: Booking, form: StaffNoteForm, *, status: int = 200
) -> HttpResponse:
    now, scope = timezone.now(), Scope(request.member)
    seat = shown.appointment
    context = {
        "booking": shown,
        "appointment": seat,
        "zone": request.company.time_zone,
        # Whoever has a link may enter with it: those who only look on have none.
        "meeting": provider_link(shown) if seat.active and scope.may_change(seat) else "",
        "attendance": attending.of_booking(shown, now=now),
        "client_link": client_link(shown) if scope.may_change(seat) else "",
        "notes": notes_of(seat.meeting, now=now),
        **waiting_context(seat, now=now),
        "others": [one for one in _bookings_in(seat) if one.pk != shown.pk],
        "changes": shown.changes.select_related("by_user").order_by("-at", "-pk"),
        "letters": _letters(shown),
        "again_key": uuid4().hex,
        "note_form": form,
        "can": _possible(shown, now=now) if scope.may_change(seat) else {},
    }
    return dialog_or_page(request, "back_office/bookings/booking.html", context, status=status)


def _letters(shown: Booking) -> QuerySet[Message]:
    """Return the messages about a booking, and those about its appointment as a whole."""
    about = Q(about=Message.About.BOOKING, about_id=shown.pk) | Q(
        about=Message.About.APPOINTMENT, about_id=shown.appointment_id
    )
    return Message.objects.filter(about, company=shown.company_id).order_by("-due_at", "-pk")


def _possible(shown: Booking, *, now: datetime) -> dict[str, bool]:
    """Return which buttons make sense; operations check again."""
    state = State(shown.status)
    begun = shown.appointment.starts_at <= now

    def may(target: State) -> bool:
        return may_become(state, target, by=Actor.STAFF)

    return {
        "note": True,
        "move": shown.status in MOVABLE,
        "approve": state is State.PENDING,
        "cancel": may(State.CANCELLED) and state is not State.PENDING,
        "complete": may(State.COMPLETED) and begun,
        "no_show": may(State.NO_SHOW) and begun,
    }


def _bookings_in(shared: Appointment) -> list[Booking]:
    return list(
        shared.bookings.standing()
        .exclude(status=Booking.Status.HELD)
        .select_related("client")
        .order_by("name", "pk")
    )


def _meeting_link(shared: Appointment) -> str:
    # The link is the provider's; any booking of the appointment leads to it.
    return provider_link(Booking(appointment=shared)) if shared.active else ""


def _url(shown: Booking) -> str:
    return reverse("back_office:booking", args=[shown.company.slug, shown.code])
