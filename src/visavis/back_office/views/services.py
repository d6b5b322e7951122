"""Services: what can be booked at times that are found in the providers' calendars."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.offerings import ServiceForm
from visavis.back_office.pages import office_page
from visavis.back_office.readiness import readiness_for
from visavis.back_office.views.offerings import direct_link, listed, moved_up, offering_of
from visavis.back_office.whose import DETAILS, of_service, tabs
from visavis.bookings import touched
from visavis.catalog import operations as catalog
from visavis.catalog.models import Offering
from visavis.companies.permissions import Permission

SERVICE = Offering.Kind.SERVICE


@office(Permission.MANAGE_CATALOG)
def services(request: OfficeRequest) -> HttpResponse:
    """List the services, those that are offered no longer at the end."""
    return listed(request, SERVICE, "services")


@office(Permission.MANAGE_CATALOG)
def new_service(request: OfficeRequest) -> HttpResponse:
    """Make a service. It does not meet online until somebody switches that on."""
    service = Offering(company=request.company, kind=SERVICE, duration_minutes=60)
    return _edited(request, service, _("%(name)s was added."))


@office(Permission.MANAGE_CATALOG)
def service(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change a service."""
    return _edited(request, offering_of(request, pk, SERVICE), _("Saved."))


@office(Permission.MANAGE_CATALOG)
@require_POST
def remove_service(request: OfficeRequest, pk: int) -> HttpResponse:
    """Offer a service no longer. Bookings ahead stand."""
    found = offering_of(request, pk, SERVICE)
    catalog.remove_offering(found)
    messages.success(request, _("%(name)s can no longer be booked.") % {"name": found.name})
    return redirect("back_office:services", request.company.slug)


@office(Permission.MANAGE_CATALOG)
@require_POST
def restore_service(request: OfficeRequest, pk: int) -> HttpResponse:
    """Offer a service again."""
    found = catalog.restore_offering(offering_of(request, pk, SERVICE))
    messages.success(request, _("%(name)s can be booked again.") % {"name": found.name})
    return redirect("back_office:services", request.company.slug)


@office(Permission.MANAGE_CATALOG)
@require_POST
def service_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a service stand higher in the list."""
    return moved_up(request, offering_of(request, pk, SERVICE))


def _edited(request: OfficeRequest, service: Offering, done: str) -> HttpResponse:
    form = ServiceForm(request.POST or None, request.FILES or None, instance=service)
    if request.method == "POST" and form.is_valid():
        saved = catalog.save_offering(form.save(commit=False), form.cleaned_data["providers"])
        messages.success(request, done % {"name": saved.name})
        return redirect("back_office:service", request.company.slug, saved.pk)
    context: dict[str, Any] = {"form": form, "offering": service}
    if service.pk:
        if form.errors:
            service.refresh_from_db()
        context |= {
            "tabs": tabs(of_service(service), DETAILS),
            "direct_link": direct_link(service),
            "readiness": readiness_for(
                request.member, [service], now=timezone.now(), also_offline=True
            ),
            "ahead": touched.bookings_of(service, now=timezone.now()).count(),
        }
    return office_page(
        request,
        "back_office/manage/service.html",
        context,
        current="services",
        status=422 if form.errors else 200,
    )
