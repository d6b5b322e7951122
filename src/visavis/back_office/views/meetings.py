"""The settings of *Online video meetings*: platforms, who meets where, how meetings start."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.meetings import Hosts, MeetingProvidersForm, MeetingRulesForm
from visavis.back_office.readiness import Readiness, readiness_for, readiness_of_company
from visavis.back_office.views.meetings_page import meetings_page
from visavis.bookings.clashes import clashes
from visavis.catalog.models import Offering, Provider
from visavis.companies.permissions import Permission
from visavis.connections.models import Connection
from visavis.connections.operations import REMOVED_AT_PLATFORM, last_connection, live_connection
from visavis.connections.registrations import registration_of
from visavis.gateways.video.zoom import scopes
from visavis.meetings import day_limit, operations
from visavis.meetings.faults import explanation
from visavis.meetings.models import Platform
from visavis.meetings.queries import settings_for, upcoming_on


@require_safe
@office(Permission.MANAGE_FEATURES, Permission.MANAGE_CONNECTIONS)
def platforms(request: OfficeRequest) -> HttpResponse:
    connection = live_connection(request.company)
    context: dict[str, Any] = {
        "connection": connection,
        "registration": registration_of(request.company),
        "installed_apps_url": settings.ZOOM_INSTALLED_APPS_URL,
        "shared": Connection.SharedAccess,
        "removed": connection is None and _was_removed(request),
        "jitsi_url": settings.JITSI_URL,
        "readiness": readiness_of_company(request.member, now=timezone.now()),
    }
    if connection is not None:
        context["hosts"] = connection.users.filter(gone_at=None).count()
        context["ahead"] = upcoming_on(request.company, Platform.ZOOM, now=timezone.now()).count()
        context["own_only"] = not scopes.Granted(connection.scopes).whole_account
        context["problem"] = explanation(connection.problem) if connection.problem else ""
    return meetings_page(request, "platforms", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_FEATURES, Permission.MANAGE_CONNECTIONS)
def providers(request: OfficeRequest) -> HttpResponse:
    connection = live_connection(request.company)
    everybody = list(Provider.objects.active().filter(company=request.company).in_order())
    posted = request.POST if request.method == "POST" else None
    form = MeetingProvidersForm(everybody, Hosts(connection), posted)
    if posted is not None and form.is_valid():
        _save_providers(form)
        messages.success(request, _("Saved."))
        return redirect("back_office:meeting_providers", request.company.slug)
    context: dict[str, Any] = {
        "form": form,
        "connection": connection,
        "shared": Connection.SharedAccess,
        "readiness": _readiness(request),
        "crowded": [
            form.name_of(host) for host in day_limit.crowded(request.company, now=timezone.now())
        ],
        "most_a_day": day_limit.MOST,
        "at_once": settings_for(request.company).meetings_at_once,
        "clashes": clashes(request.company, now=timezone.now()),
        "zone": request.company.time_zone,
    }
    return meetings_page(request, "providers", context, status=422 if posted is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_FEATURES, Permission.MANAGE_CONNECTIONS)
def rules(request: OfficeRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = MeetingRulesForm(posted, instance=settings_for(request.company))
    if form.is_valid():
        operations.change_settings(request.company, form.save(commit=False), now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("back_office:meeting_rules", request.company.slug)
    return meetings_page(
        request, "rules", {"form": form}, status=422 if posted is not None else 200
    )


def _save_providers(form: MeetingProvidersForm) -> None:
    now = timezone.now()
    with transaction.atomic():
        for row in form.rows:
            operations.choose_host(row.provider, row.chosen(), host_name=row.host_name(), now=now)


def _was_removed(request: OfficeRequest) -> bool:
    """Tell whether the last connection ended because the app was removed in Zoom."""
    last = last_connection(request.company)
    return last is not None and last.disconnected_because == REMOVED_AT_PLATFORM


def _readiness(request: OfficeRequest) -> Readiness:
    offerings = (
        Offering.objects.active()
        .filter(company=request.company)
        .select_related("company", "category")
        .in_order()
    )
    return readiness_for(request.member, list(offerings), now=timezone.now())
