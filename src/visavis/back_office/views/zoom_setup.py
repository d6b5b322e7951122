"""Setting up the app at Zoom: what to paste where, the company's own app, and *Check*."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.zoom_app import ZoomAppForm
from visavis.back_office.views.meetings_page import meetings_page
from visavis.back_office.views.zoom import callback_address
from visavis.back_office.views.zoom_findings import Line, lines
from visavis.companies.permissions import Permission
from visavis.connections import own_apps
from visavis.connections.checkup import Addresses, State
from visavis.connections.operations import live_connection
from visavis.connections.registrations import Registration, own_app, registration_of
from visavis.gateways.video.zoom import scopes
from visavis.meetings import checkup

EVENTS = (
    "meeting.started",
    "meeting.ended",
    "meeting.deleted",
    "meeting.participant_joined",
    "meeting.participant_left",
    "user.created",
    "user.activated",
    "user.updated",
    "user.deactivated",
    "user.deleted",
    "user.disassociated",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_CONNECTIONS)
def setup(request: OfficeRequest) -> HttpResponse:
    """Show what to paste into Zoom; take the company's own app from who may manage it."""
    if request.method == "POST" and not request.member.may(Permission.MANAGE_COMPANY):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = _form(request, posted)
    if posted is not None and form.is_valid():
        own_apps.enter(request.company, form.details(), by=request.user, now=timezone.now())
        messages.success(request, _("Saved. Now press Check."))
        return redirect("back_office:zoom_setup", request.company.slug)
    return _page(request, form, status=422 if posted is not None else 200)


@office(Permission.MANAGE_COMPANY)
@require_POST
def remove(request: OfficeRequest) -> HttpResponse:
    own_apps.remove(request.company, now=timezone.now())
    messages.success(request, _("The app is removed here. In Zoom it stays as it was."))
    return redirect("back_office:zoom_setup", request.company.slug)


@office(Permission.MANAGE_CONNECTIONS)
@require_POST
def check(request: OfficeRequest) -> HttpResponse:
    addresses = Addresses(
        redirect=callback_address(), webhook=_webhook_address(registration_of(request.company))
    )
    findings = checkup.examine(request.company, addresses, clock=timezone.now)
    return _page(request, _form(request), lines(findings, request.company))


def _form(request: OfficeRequest, posted: Any | None = None) -> ZoomAppForm:
    connected = live_connection(request.company) is not None
    return ZoomAppForm(posted, kept=own_app(request.company), connected=connected)


def _page(
    request: OfficeRequest,
    form: ZoomAppForm,
    findings: list[Line] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    registration = registration_of(request.company)
    context: dict[str, Any] = {
        "form": form,
        "findings": findings,
        "sound": findings is not None and all(line.sound for line in findings),
        "wrong": findings is not None and any(line.state is State.WRONG for line in findings),
        "registration": registration,
        "connection": live_connection(request.company),
        "callback_address": callback_address(),
        "webhook_address": _webhook_address(registration),
        "scopes_of_account": scopes.names(whole_account=True),
        "scopes_of_user": scopes.names(whole_account=False),
        "events": EVENTS,
    }
    return meetings_page(request, "platforms", context, template="zoom_setup", status=status)


def _webhook_address(registration: Registration | None) -> str:
    address = registration.address if registration else ""
    path = reverse("inbound:zoom_own", args=[address]) if address else reverse("inbound:zoom")
    return f"{settings.BASE_URL}{path}"
