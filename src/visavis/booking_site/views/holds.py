"""Holding the chosen time while the form is filled in, and letting go of it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from visavis.booking_site.filling import context_of
from visavis.booking_site.holding import held_for, refusal, try_to_hold
from visavis.booking_site.offered import offered
from visavis.booking_site.site import SiteRequest, site
from visavis.booking_site.views.offering import details_url
from visavis.booking_site.visitors import visitor_of
from visavis.bookings.operations import holds


@require_http_methods(["GET", "HEAD", "POST"])
@site()
def hold(request: SiteRequest, offering: str, start: datetime) -> HttpResponse:
    """Hold a start and go on to the form; a script on the form gets the note about it alone.

    Only a POST holds anything: programs that follow links take no time from anybody.
    """
    wished, now = offered(request.company, offering, request.GET), timezone.now()
    if request.method == "POST":
        try_to_hold(request, wished, start, now=now)
    if "note" not in request.POST:
        return redirect(details_url(wished, start))
    own = held_for(request, wished, start, now=now)
    refused = None if own else refusal(request, wished, start, now=now)
    context = context_of(request, wished, start, own, refused, now=now, typed=True)
    return render(request, "booking_site/hold.html", context)


@require_POST
@site(always=True)
def release(request: SiteRequest) -> HttpResponse:
    """Let go of what the visitor holds: they have left the form. Doing it twice does no harm."""
    code = request.POST.get("code", "")
    holds.let_go(request.company, code, visitor=visitor_of(request), now=timezone.now())
    return HttpResponse(status=204)
