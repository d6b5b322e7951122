"""The guided set-up of a new company. Every step can be left, skipped and taken up again."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.hours import WeekForm
from visavis.back_office.forms.offerings import FirstServiceForm
from visavis.back_office.forms.providers import FirstProviderForm
from visavis.back_office.pages import office_page
from visavis.back_office.readiness import readiness_of_company
from visavis.bookings import addresses
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import Offering, Provider
from visavis.catalog.operations import OFFICE_HOURS, Hours
from visavis.companies import operations as companies
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem


@office(Permission.MANAGE_COMPANY)
def setup_provider(request: OfficeRequest) -> HttpResponse:
    """The first provider, with their weekly hours."""
    provider = request.company.providers.active().in_order().first() or _first_provider(request)
    form = FirstProviderForm(request.POST or None, instance=provider, by=request.member)
    week = _week(request, provider)
    rejected = False
    if request.method == "POST" and not week.edit(request.POST):
        if form.is_valid() & week.is_valid():
            saved = form.save(commit=False)
            saved.member = form.member()
            catalog.save_provider(saved, hours=week.week)
            return redirect("back_office:setup_service", request.company.slug)
        rejected = True
    return _step(request, "provider", 2, {"form": form, "week": week}, rejected=rejected)


@office(Permission.MANAGE_COMPANY)
def setup_service(request: OfficeRequest) -> HttpResponse:
    """The first service."""
    services = queries.offerings(request.company, Offering.Kind.SERVICE).active()
    service = services.first() or Offering(
        company=request.company, kind=Offering.Kind.SERVICE, duration_minutes=60
    )
    form = FirstServiceForm(request.POST or None, instance=service)
    if request.method == "POST" and form.is_valid():
        catalog.save_offering(form.save(commit=False), form.cleaned_data["providers"])
        return redirect("back_office:setup_publish", request.company.slug)
    return _step(request, "service", 3, {"form": form}, rejected=bool(form.errors))


@office(Permission.MANAGE_COMPANY)
def setup_publish(request: OfficeRequest) -> HttpResponse:
    """The booking site: looked at first, then opened."""
    if request.method == "POST":
        companies.publish(request.company, on=True)
        messages.success(request, _("Your booking site is open."))
        return redirect("back_office:dashboard", request.company.slug)
    context = {
        "site": addresses.booking_site(request.company),
        "missing": missing_steps(request.company),
        "readiness": readiness_of_company(request.member, now=timezone.now()),
    }
    return _step(request, "publish", 4, context)


def missing_steps(company: Company) -> list[str]:
    """Return what a company cannot be booked without, in the order of the set-up."""
    checks = {
        "setup_provider": queries.works_at_all(company),
        "setup_service": Offering.objects.public().filter(company=company).exists(),
    }
    return [step for step, done in checks.items() if not done]


def _step(
    request: OfficeRequest,
    name: str,
    number: int,
    context: Mapping[str, object],
    *,
    rejected: bool = False,
) -> HttpResponse:
    labels = (
        ("", _("Company")),
        ("setup_provider", _("Provider")),
        ("setup_service", _("Service")),
        ("setup_publish", _("Publish")),
    )
    steps = [
        NavigationItem(
            label, reverse(f"back_office:{step}", args=[request.company.slug]) if step else ""
        )
        for step, label in labels
    ]
    shown = {**context, "steps": steps, "number": number, "now": timezone.now()}
    return office_page(
        request,
        f"back_office/entry/setup_{name}.html",
        shown,
        current="dashboard",
        status=422 if rejected else 200,
    )


def _first_provider(request: OfficeRequest) -> Provider:
    return Provider(
        company=request.company,
        name=request.user.name,
        email=request.user.email,
        time_zone=request.company.time_zone,
        language=translation.get_language() or request.company.language,
        colour=request.company.accent_colour,
    )


def _week(request: OfficeRequest, provider: Provider) -> WeekForm:
    if request.method == "POST":
        return WeekForm.typed(request.POST)
    if provider.pk is None:
        return WeekForm.of(OFFICE_HOURS)
    return WeekForm.of(queries.week(Hours(request.company, provider)))
