"""Rendering a page of the back office: the shell with its navigation around the content."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from visavis.back_office.access import OfficeRequest
from visavis.companies import features
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationGroup, NavigationItem


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation: shown to who may call it, and while its feature is on."""

    name: str
    label: Promise
    icon: str
    permissions: tuple[Permission, ...] = ()
    feature: str = ""


P = Permission
MENU: tuple[tuple[Promise | str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("dashboard", _("Overview"), "house"),
            Entry(
                "calendar", _("Calendar"), "calendar-days", (P.VIEW_CALENDAR, P.VIEW_OWN_CALENDAR)
            ),
            Entry("clients", _("Clients"), "contact", (P.VIEW_CLIENTS,)),
            Entry(
                "why_not",
                _("Why not free?"),
                "circle-help",
                (P.MANAGE_BOOKINGS, P.MANAGE_OWN_BOOKINGS),
            ),
        ),
    ),
    (
        _("Manage"),
        (
            Entry("services", _("Services"), "sparkles", (P.MANAGE_CATALOG,)),
            Entry("classes", _("Classes"), "users", (P.MANAGE_CATALOG,), features.CLASSES),
            Entry("providers", _("Providers"), "user-round", (P.MANAGE_CATALOG,)),
            Entry("my_hours", _("My hours"), "clock", (P.MANAGE_OWN_HOURS,)),
        ),
    ),
    (
        _("Reports"),
        (
            Entry("booking_report", _("Booking details"), "clipboard-list", (P.VIEW_REPORTS,)),
            Entry(
                "meeting_report",
                _("Online video meetings"),
                "video",
                (P.VIEW_REPORTS,),
                features.ONLINE_MEETINGS,
            ),
            Entry("message_report", _("Messages"), "mail", (P.MANAGE_BOOKINGS,)),
        ),
    ),
    (
        _("Settings"),
        (
            Entry("features", _("Custom features"), "puzzle", (P.MANAGE_FEATURES,)),
            Entry(
                "texts", _("Email & SMS settings"), "message-square-text", (P.MANAGE_NOTIFICATIONS,)
            ),
            Entry("company_settings", _("Company"), "building-2", (P.MANAGE_COMPANY,)),
            Entry("members", _("Team"), "users-round", (P.MANAGE_MEMBERS,)),
        ),
    ),
)


def office_page(
    request: OfficeRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page inside the shell. `current` is the name of its line in the navigation."""
    shell = {
        "company": request.company,
        "member": request.member,
        "may": {permission.value: request.member.may(permission) for permission in Permission},
        # A dialog opens over a page that has these.
        "navigation": SimpleLazyObject(lambda: _navigation(request, current)),
        "company_links": SimpleLazyObject(lambda: _company_links(request)),
    }
    return render(request, template, shell | (context or {}), status=status)


def _navigation(request: OfficeRequest, current: str) -> list[NavigationGroup]:
    on = features.enabled_keys(request.company)
    groups = []
    for title, entries in MENU:
        items = [
            NavigationItem(
                label=str(entry.label),
                url=reverse(f"back_office:{entry.name}", args=[request.company.slug]),
                icon=entry.icon,
                current=entry.name == current,
            )
            for entry in entries
            if _shown(entry, request, on)
        ]
        if items:
            groups.append(NavigationGroup(items=items, title=str(title)))
    return groups


def _shown(entry: Entry, request: OfficeRequest, on: set[str]) -> bool:
    if entry.feature and entry.feature not in on:
        return False
    if entry.name == "my_hours" and not hasattr(request.member, "provider"):
        return False
    return not entry.permissions or any(request.member.may(one) for one in entry.permissions)


def _company_links(request: OfficeRequest) -> list[NavigationItem]:
    companies = Company.objects.filter(members__user=request.user).order_by("name")
    return [
        NavigationItem(
            label=company.name,
            url=reverse("back_office:dashboard", args=[company.slug]),
            current=company.pk == request.company.pk,
        )
        for company in companies
    ]
