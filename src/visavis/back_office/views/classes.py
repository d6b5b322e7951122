"""Classes: group sessions at set times. Which times, their schedules say (`views.schedules`)."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.offerings import ClassForm
from visavis.back_office.pages import office_page
from visavis.back_office.readiness import readiness_for
from visavis.back_office.recurrences import in_words
from visavis.back_office.views.offerings import direct_link, listed, moved_up, offering_of
from visavis.bookings import sessions, touched
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import Offering
from visavis.companies.permissions import Permission

CLASS = Offering.Kind.CLASS


@office(Permission.MANAGE_CATALOG)
def classes(request: OfficeRequest) -> HttpResponse:
    """List the classes, those that are offered no longer at the end."""
    return listed(request, CLASS, "classes")


@office(Permission.MANAGE_CATALOG)
def new_class(request: OfficeRequest) -> HttpResponse:
    """Make a class. It has no sessions and does not meet online yet."""
    made = Offering(company=request.company, kind=CLASS, duration_minutes=60, seats=10)
    return _edited(request, made, _("%(name)s was added. Now say when it takes place."))


@office(Permission.MANAGE_CATALOG)
def class_(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change a class."""
    return _edited(request, offering_of(request, pk, CLASS), _("Saved."))


@office(Permission.MANAGE_CATALOG)
@require_POST
def remove_class(request: OfficeRequest, pk: int) -> HttpResponse:
    """Offer a class no longer. Empty sessions vanish, booked ones take place."""
    found = offering_of(request, pk, CLASS)
    sessions.retire_class(found, now=timezone.now())
    messages.success(request, _("%(name)s can no longer be booked.") % {"name": found.name})
    return redirect("back_office:classes", request.company.slug)


@office(Permission.MANAGE_CATALOG)
@require_POST
def restore_class(request: OfficeRequest, pk: int) -> HttpResponse:
    """Offer a class again. It needs a new schedule."""
    found = catalog.restore_offering(offering_of(request, pk, CLASS))
    messages.success(
        request, _("%(name)s is back. Say when it takes place.") % {"name": found.name}
    )
    return redirect("back_office:class", request.company.slug, pk)


@office(Permission.MANAGE_CATALOG)
@require_POST
def class_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a class stand higher in the list."""
    return moved_up(request, offering_of(request, pk, CLASS))


def _edited(request: OfficeRequest, offering: Offering, done: str) -> HttpResponse:
    now = timezone.now()
    form = ClassForm(request.POST or None, request.FILES or None, instance=offering)
    if request.method == "POST" and form.is_valid():
        saved = catalog.save_offering(form.save(commit=False))
        messages.success(request, done % {"name": saved.name})
        return redirect("back_office:class", request.company.slug, saved.pk)
    zone = request.company.time_zone
    context: dict[str, Any] = {"form": form, "offering": offering, "now": now, "zone": zone}
    if offering.pk:
        if form.errors:
            offering.refresh_from_db()
        today = now.astimezone(ZoneInfo(zone)).date()
        schedules = queries.schedules(offering, since=today)
        context |= {
            "direct_link": direct_link(offering),
            "readiness": readiness_for(
                request.member, [offering], now=timezone.now(), also_offline=True
            ),
            "ahead": touched.bookings_of(offering, now=now).count(),
            "schedules": [(schedule, in_words(schedule)) for schedule in schedules],
            "next_sessions": touched.appointments_of(offering, now=now)[:3],
            "left_out": [
                start for schedule in schedules for start in sessions.left_out(schedule, now=now)
            ],
        }
    return office_page(
        request,
        "back_office/manage/class.html",
        context,
        current="classes",
        status=422 if form.errors else 200,
    )
