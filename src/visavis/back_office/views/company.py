"""What can be set about the company itself."""

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.companies import CompanyForm, RulesForm, TermsForm
from visavis.back_office.pages import office_page
from visavis.bookings import addresses
from visavis.companies import operations
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem


@office(Permission.MANAGE_COMPANY)
def company_settings(request: OfficeRequest) -> HttpResponse:
    """Name, address, contact, looks."""
    context = {"site": addresses.booking_site(request.company)}
    return _edited(request, CompanyForm, "company_settings", context)


@office(Permission.MANAGE_COMPANY)
def booking_rules(request: OfficeRequest) -> HttpResponse:
    """Notice, horizon, and who is told."""
    return _edited(request, RulesForm, "booking_rules")


@office(Permission.MANAGE_COMPANY)
def privacy_terms(request: OfficeRequest) -> HttpResponse:
    """What clients agree to."""
    return _edited(request, TermsForm, "privacy_terms")


@office(Permission.MANAGE_COMPANY)
@require_POST
def publish(request: OfficeRequest) -> HttpResponse:
    """Open the booking site to the public."""
    operations.publish(request.company, on=True)
    messages.success(request, _("Your booking site is open."))
    return redirect("back_office:company_settings", request.company.slug)


@office(Permission.MANAGE_COMPANY)
@require_POST
def unpublish(request: OfficeRequest) -> HttpResponse:
    """Close the booking site to the public. What is booked stands."""
    operations.publish(request.company, on=False)
    messages.success(request, _("Your booking site is closed."))
    return redirect("back_office:company_settings", request.company.slug)


def company_tabs(request: OfficeRequest, current: str) -> list[NavigationItem]:
    """Return the links between the pages about the company that a member may open."""
    company, hours = Permission.MANAGE_COMPANY, Permission.MANAGE_CATALOG
    pages = (
        ("company_settings", _("Details"), company),
        ("company_hours", _("Opening hours"), hours),
        ("company_special_days", _("Special days"), hours),
        ("company_holidays", _("Public holidays"), hours),
        ("booking_rules", _("Booking rules"), company),
        ("privacy_terms", _("Privacy terms"), company),
    )
    return [
        NavigationItem(
            label,
            reverse(f"back_office:{page}", args=[request.company.slug]),
            current=page == current,
        )
        for page, label, permission in pages
        if request.member.may(permission)
    ]


def _edited(
    request: OfficeRequest,
    form_class: type[ModelForm[Company]],
    page: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    # A company of its own: a rejected form must not change the page around it.
    company = Company.objects.get(pk=request.company.pk)
    form = form_class(request.POST or None, request.FILES or None, instance=company)
    if request.method == "POST" and form.is_valid():
        saved = operations.save(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect(f"back_office:{page}", saved.slug)
    return office_page(
        request,
        f"back_office/company/{page}.html",
        {**(context or {}), "form": form, "tabs": company_tabs(request, page)},
        current="company_settings",
        status=422 if form.errors else 200,
    )
