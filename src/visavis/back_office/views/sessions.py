"""The sessions of a class: looking at them, moving one, cancelling one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.bookings import instant
from visavis.back_office.forms.schedules import CancelSessionForm, MoveSessionForm
from visavis.back_office.pages import office_page
from visavis.back_office.times import refused
from visavis.back_office.views.offerings import offering_of
from visavis.bookings import handing_over, touched
from visavis.bookings.actors import by_staff
from visavis.bookings.models import Appointment
from visavis.bookings.operations import appointments
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.queries import bookings_in
from visavis.bookings.seats import StartRefused, question_of
from visavis.catalog.models import Offering
from visavis.companies.permissions import Permission

CLASS = Offering.Kind.CLASS
PER_PAGE = 25


@office(Permission.MANAGE_CATALOG)
def sessions(request: OfficeRequest, pk: int) -> HttpResponse:
    """List the sessions of a class that are not over."""
    offering, now = offering_of(request, pk, CLASS), timezone.now()
    rows = Paginator(touched.appointments_of(offering, now=now), PER_PAGE)
    context = {
        "offering": offering,
        "page": rows.get_page(request.GET.get("page")),
        "now": now,
        "zone": request.company.time_zone,
    }
    return office_page(request, "back_office/manage/sessions.html", context, current="classes")


@office(Permission.MANAGE_CATALOG)
def cancel_session(request: OfficeRequest, pk: int, session: int) -> HttpResponse:
    """Cancel one session, and each booking in it, with the reason."""
    found = _session(request, pk, session)
    form = CancelSessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appointments.cancel(
            found, by=by_staff(request.user), now=timezone.now(), why=form.cleaned_data["why"]
        )
        messages.success(request, _("The session was cancelled."))
        return redirect("back_office:sessions", request.company.slug, pk)
    return _page(request, "cancel", found, {"form": form}, rejected=bool(form.errors))


@office(Permission.MANAGE_CATALOG)
def move_session(request: OfficeRequest, pk: int, session: int) -> HttpResponse:
    """Move one session with everybody in it, or give it to a substitute."""
    found = _session(request, pk, session)
    form = MoveSessionForm(request.POST or None, session=found, zone=request.company.time_zone)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        now, provider = timezone.now(), form.cleaned_data["provider"]
        starts_at = instant(request.POST.get("start", ""), form.zone) or form.starts_at
        try:
            handing_over.move_session(
                found,
                starts_at=starts_at,
                provider=provider,
                by=by_staff(request.user),
                now=now,
                why=form.cleaned_data["why"],
                anyway="overriding" in request.POST,
            )
        except StartRefused as refusal:
            question = question_of(found, now=now)
            context["refused"] = refused(refusal, question, [provider], starts_at, whole=True)
        except NotPossible:
            form.add_error(None, _("This session was cancelled in the meantime."))
        else:
            messages.success(request, _("The session was moved."))
            return redirect("back_office:sessions", request.company.slug, pk)
    rejected = bool(form.errors or "refused" in context)
    return _page(request, "move", found, context, rejected=rejected)


def _session(request: OfficeRequest, pk: int, session: int) -> Appointment:
    rows = touched.appointments_of(offering_of(request, pk, CLASS), now=timezone.now())
    found: Appointment = get_object_or_404(rows, pk=session)
    return found


def _page(
    request: OfficeRequest,
    what: str,
    session: Appointment,
    context: dict[str, object],
    *,
    rejected: bool,
) -> HttpResponse:
    shown = {
        **context,
        "session": session,
        "offering": session.offering,
        "booked": bookings_in(session),
        "now": timezone.now(),
        "zone": request.company.time_zone,
    }
    return office_page(
        request,
        f"back_office/manage/session_{what}.html",
        shown,
        current="classes",
        status=422 if rejected else 200,
    )
