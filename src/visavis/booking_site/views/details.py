"""The form that makes a booking."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.booking_site.forms.details import DetailsForm
from visavis.booking_site.offered import Offered, offered
from visavis.booking_site.rate_limits import limited
from visavis.booking_site.refusals import STARTS
from visavis.booking_site.site import SiteRequest, site, site_page, zone_of
from visavis.booking_site.views.booked import booked_url
from visavis.booking_site.views.offering import details_url
from visavis.bookings import queries
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientBlocked, ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused


@require_http_methods(["GET", "HEAD", "POST"])
@limited("book", most=60, seconds=600)
@site()
def details(request: SiteRequest, offering: str, start: datetime) -> HttpResponse:
    """Ask who books, and book."""
    wished = offered(request.company, offering, request.GET)
    if request.method == "POST":
        return _book(request, wished, start)
    refused = queries.refused(wished.question(now=timezone.now()), wished.provider, start)
    initial = {"places": wished.places, "request_key": uuid4()}
    form = DetailsForm(offering=wished.offering, initial=initial)
    return _page(request, wished, start, form, refused)


@require_http_methods(["GET", "HEAD", "POST"])
@site()
def as_typed(request: SiteRequest, offering: str, start: datetime) -> HttpResponse:
    """Show the form for another start, with everything that was typed for the first one."""
    wished = offered(request.company, offering, request.GET)
    if request.method != "POST":
        return redirect(details_url(wished, start))
    form = DetailsForm(offering=wished.offering, initial=request.POST.dict())
    return _page(request, wished, start, form)


def _book(request: SiteRequest, wished: Offered, start: datetime) -> HttpResponse:
    form = DetailsForm(request.POST, offering=wished.offering)
    refused = None
    if form.is_valid():
        wished = replace(wished, places=form.cleaned_data.get("places", 1))
        zone = zone_of(request, request.company.time_zone)
        try:
            booking = making.book(
                _wish(wished, start, form.cleaned_data),
                _client(form.cleaned_data, zone),
                by=by_client(form.cleaned_data["name"]),
                now=timezone.now(),
            )
        except StartRefused as refusal:
            refused = refusal
        except ClientBlocked:
            form.add_error(None, _("We cannot take this booking online. Please call us."))
        else:
            return redirect(booked_url(booking))
    return _page(request, wished, start, form, refused, status=422)


def _wish(wished: Offered, start: datetime, typed: dict[str, Any]) -> Wish:
    return Wish(
        offering=wished.offering,
        starts_at=start,
        provider=wished.provider,
        places=wished.places,
        note=typed["note"],
        terms_accepted=typed.get("terms", False),
        request_key=str(typed["request_key"]),
    )


def _client(typed: dict[str, Any], zone: str) -> ClientDetails:
    return ClientDetails(
        name=typed["name"],
        email=typed["email"],
        phone=typed["phone"],
        language=get_language() or "en",
        time_zone=zone,
    )


def _page(
    request: SiteRequest,
    wished: Offered,
    start: datetime,
    form: DetailsForm,
    refused: StartRefused | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    zone = zone_of(request, request.company.time_zone)
    day = start.astimezone(ZoneInfo(zone)).date()
    times = reverse("booking_site:offering", args=[request.company.slug, wished.offering.slug])
    context = {
        "offered": wished,
        "offering": wished.offering,
        "start": start,
        "end": start + timedelta(minutes=wished.offering.duration_minutes),
        "zone": zone,
        "form": form,
        "times_url": f"{times}?{urlencode({**wished.query, 'day': day})}",
        "action": details_url(wished, start),
        "refusal": STARTS[refused.why] if refused else "",
        "instead": [
            (
                other,
                details_url(wished, other),
                details_url(wished, other, "details_as_typed"),
            )
            for other in (refused.instead if refused else ())
        ],
    }
    return site_page(request, "booking_site/details.html", context, status=status)
