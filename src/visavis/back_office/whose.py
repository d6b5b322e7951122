"""Whose hours a page edits: a provider's, one's own, or the company's.

The pages are the same; what differs is who may open them and where their links lead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest, office
from visavis.catalog.models import Offering, Provider
from visavis.catalog.operations import Hours
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem

WEEK, SPECIAL, HOLIDAYS, AWAY = "week", "special", "holidays", "away"
DETAILS, MAILS = "details", "mails"


@dataclass(frozen=True, slots=True)
class Whose:
    """An owner of hours as pages need it. `pages` names the page of each kind."""

    hours: Hours
    current: str
    pages: dict[str, str]
    pk: int | None = None

    @property
    def zone(self) -> str:
        owner = self.hours.provider or self.hours.company
        return owner.time_zone

    def url(self, page: str, *more: Any) -> str:
        """Return the address of one of the pages: of its kind, or the one with this name."""
        own = [] if self.pk is None else [self.pk]
        name = self.pages.get(page, page)
        return reverse(f"back_office:{name}", args=[self.hours.company.slug, *own, *more])


# A page takes the request, whose hours they are, and what else its address says.
Page = Callable[..., HttpResponse]


def of_provider(provider: Provider) -> Whose:
    """Return a provider as the owner, on the pages of whoever manages all providers."""
    return Whose(
        Hours(provider.company, provider),
        current="providers",
        pages={
            DETAILS: "provider",
            WEEK: "provider_hours",
            SPECIAL: "special_days",
            HOLIDAYS: "provider_holidays",
            AWAY: "provider_time_off",
            MAILS: "provider_mails",
            "clear_special_day": "clear_special_day",
            "remove_time_off": "remove_time_off",
        },
        pk=provider.pk,
    )


def for_provider(page: Page) -> Callable[..., HttpResponseBase]:
    """Let a page edit the hours of the provider in its address."""

    @office(Permission.MANAGE_CATALOG)
    def view(request: OfficeRequest, /, pk: int, **more: Any) -> HttpResponse:
        found = get_object_or_404(
            Provider.objects.select_related("company"), company=request.company, pk=pk
        )
        return page(request, of_provider(found), **more)

    return view


def of_member(provider: Provider) -> Whose:
    """Return a provider as the owner, on the pages about one's own hours."""
    pages = {
        WEEK: "my_hours",
        SPECIAL: "my_special_days",
        HOLIDAYS: "my_holidays",
        AWAY: "my_time_off",
        MAILS: "my_mails",
        "clear_special_day": "clear_my_special_day",
        "remove_time_off": "remove_my_time_off",
    }
    return Whose(Hours(provider.company, provider), "my_hours", pages)


def for_me(page: Page) -> Callable[..., HttpResponseBase]:
    """Let a page edit the hours of the provider that the member is."""

    @office(Permission.MANAGE_OWN_HOURS)
    def view(request: OfficeRequest, /, **more: Any) -> HttpResponse:
        own = Provider.objects.select_related("company").filter(member=request.member).first()
        if own is None:
            raise Http404
        return page(request, of_member(own), **more)

    return view


def of_service(service: Offering) -> Whose:
    """Return a service as the owner of hours."""
    return Whose(
        Hours(service.company, offering=service),
        current="services",
        pages={
            DETAILS: "service",
            WEEK: "service_hours",
            SPECIAL: "service_special_days",
            "clear_special_day": "clear_service_special_day",
        },
        pk=service.pk,
    )


def for_service(page: Page) -> Callable[..., HttpResponseBase]:
    """Let a page edit the hours in which the service in its address can be booked."""

    @office(Permission.MANAGE_CATALOG)
    def view(request: OfficeRequest, /, pk: int, **more: Any) -> HttpResponse:
        services = Offering.objects.filter(kind=Offering.Kind.SERVICE).select_related("company")
        found = get_object_or_404(services, company=request.company, pk=pk)
        return page(request, of_service(found), **more)

    return view


def of_company(company: Company) -> Whose:
    """Return the company as the owner of hours."""
    pages = {
        WEEK: "company_hours",
        SPECIAL: "company_special_days",
        HOLIDAYS: "company_holidays",
        "clear_special_day": "clear_company_special_day",
    }
    return Whose(Hours(company), "company_settings", pages)


def for_company(page: Page) -> Callable[..., HttpResponseBase]:
    """Let a page edit the hours of the company, within which all providers' hours count."""

    @office(Permission.MANAGE_CATALOG)
    def view(request: OfficeRequest, /, **more: Any) -> HttpResponse:
        return page(request, of_company(request.company), **more)

    return view


def tabs(whose: Whose, current: str) -> list[NavigationItem]:
    """Return the links between the pages about one owner of hours."""
    labels = {
        DETAILS: _("Details"),
        WEEK: _("Weekly hours"),
        SPECIAL: _("Special days"),
        HOLIDAYS: _("Public holidays"),
        AWAY: _("Time off"),
        MAILS: _("E-mails"),
    }
    return [
        NavigationItem(label, whose.url(page), current=page == current)
        for page, label in labels.items()
        if page in whose.pages
    ]
