"""The door to an online meeting: wait, start, go in.

Whoever has a client's link is let in without signing in. A provider's link asks for a sign-in
when the provider has an account, since it makes its reader the host. Opening a link changes
nothing but *seen at*, so that scanners and previews of mail programs do no harm; only the
provider's POST starts a meeting.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visavis.companies.models import Member
from visavis.companies.permissions import Permission
from visavis.entrance.pages import Page, page_of
from visavis.meetings import entering
from visavis.meetings.entering import CannotStart, Door, Stage
from visavis.meetings.faults import explanation
from visavis.meetings.models import JoinLink

# Rooms are on other people's servers: forms that end there may be sent.
_leads_elsewhere = csp_update({"form-action": ["https:", "http:"]})


def _door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Find the link and hand on how things stand; keep the address out of other places."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = entering.find(token)
        except JoinLink.DoesNotExist:
            return render(request, "entrance/unknown.html", status=404)
        if (elsewhere := _sign_in_first(request, link)) is not None:
            return _whole_page(link) if "HX-Request" in request.headers else elsewhere
        door = entering.view(link, now=timezone.now())
        page = page_of(door, now=timezone.now())
        response = view(request, door, page)
        # Not "no-referrer": Chromium then sends `Origin: null` with forms, which cannot be checked.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_safe
@_leads_elsewhere
@_door
def door(request: HttpRequest, door: Door, page: Page) -> HttpResponse:
    """Show the waiting page, or let a client in when it is time.

    Whoever is led to another platform than was agreed reads that first.
    """
    entering.note_seen(door.link, now=timezone.now())
    if door.stage is Stage.OPEN and not door.is_provider:
        if door.instead and "go" not in request.GET:
            return render(request, "entrance/elsewhere.html", _context(door, page))
        return _let_in(door)
    return render(request, "entrance/door.html", _context(door, page))


@require_safe
@_door
def state(request: HttpRequest, door: Door, page: Page) -> HttpResponse:
    """Show what changes while somebody waits; asked for every few seconds.

    Answers nothing if the page shows it already, so that nothing moves under its reader.
    """
    now = timezone.now()
    entering.note_seen(door.link, now=now)
    if door.stage is Stage.OPEN and not door.is_provider:
        if entering.is_worth_a_moment(door, now=now):
            return HttpResponse(status=204)
        return _whole_page(door.link)
    context = _context(door, page)
    if request.GET.get("shown") == context["shown"]:
        return HttpResponse(status=204)
    return render(request, "entrance/state.html", context)


@require_POST
@_leads_elsewhere
@_door
def start(request: HttpRequest, door: Door, page: Page) -> HttpResponse:
    """Open the room and make the provider its host. Waits for the platform, a few seconds."""
    if not door.is_provider:
        raise PermissionDenied
    if door.stage is not Stage.STARTABLE:
        return redirect("entrance:door", door.link.token)
    try:
        address = entering.start(door.link, clock=timezone.now)
    except CannotStart as trouble:
        context = _context(door, page) | {"problem": explanation(trouble.fault)}
        return render(request, "entrance/door.html", context, status=503)
    entering.note_forwarded(door.link, now=timezone.now())
    return HttpResponseRedirect(address)


def _whole_page(link: JoinLink) -> HttpResponse:
    """Have a page that asked for a part of itself load the door instead."""
    response = HttpResponse()
    response["HX-Redirect"] = reverse("entrance:door", args=[link.token])
    return response


def _let_in(door: Door) -> HttpResponse:
    address = entering.let_in(door, now=timezone.now())
    if not address:
        return redirect("entrance:door", door.link.token)
    return HttpResponseRedirect(address)


def _sign_in_first(request: HttpRequest, link: JoinLink) -> HttpResponse | None:
    """Return where a provider's link sends somebody who is not known to be its owner."""
    member = link.meeting.provider.member
    if link.side != JoinLink.Side.PROVIDER or member is None:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not _may_host(request, link):
        raise PermissionDenied
    return None


def _may_host(request: HttpRequest, link: JoinLink) -> bool:
    """The provider, or a colleague who manages bookings and stands in."""
    provider = link.meeting.provider
    if provider.member is not None and provider.member.user_id == request.user.pk:
        return True
    colleague = Member.objects.filter(company=provider.company_id, user=request.user.pk).first()
    return colleague is not None and colleague.may(Permission.MANAGE_BOOKINGS)


def _context(door: Door, page: Page) -> dict[str, Any]:
    now = timezone.now()
    context = {
        "door": door,
        "page": page,
        "company": door.meeting.company,
        "stage": door.stage.value,
        "waiting": entering.waiting(door.meeting, now=now) if door.is_provider else [],
        "host_is_there": _host_is_there(door, now=now),
        "instead": door.instead,
        "problem": explanation(door.meeting.fault) if door.meeting.fault else "",
    }
    return context | {"now": now, "shown": _fingerprint(context)}


def _host_is_there(door: Door, *, now: datetime) -> bool:
    waits = door.stage in (Stage.EARLY, Stage.WAIT_FOR_HOST) and not door.is_provider
    return waits and entering.provider_is_there(door.meeting, now=now)


def _fingerprint(context: dict[str, Any]) -> str:
    """Return a short word for what a page shows, which changes only if that does."""
    changing = [
        context["stage"],
        context["page"].passed_start,
        context["door"].meeting.starts_at,
        context["host_is_there"],
        context["instead"],
        context["problem"],
        context["door"].meeting.started_at is not None,
        *(link.pk for link in context["waiting"]),
    ]
    return sha256(repr(changing).encode()).hexdigest()[:16]
