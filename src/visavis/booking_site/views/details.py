"""The form that makes a booking."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.booking_site.filling import context_of
from visavis.booking_site.forms.details import DetailsForm
from visavis.booking_site.holding import held_for, refusal, try_to_hold
from visavis.booking_site.offered import Offered, offered
from visavis.booking_site.rate_limits import limited
from visavis.booking_site.site import SiteRequest, site, site_page
from visavis.booking_site.views.booked import booked_url
from visavis.booking_site.views.offering import details_url
from visavis.booking_site.visitors import visitor_of
from visavis.booking_site.zones import zone_of
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientBlocked, ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.notifications import sms


@require_http_methods(["GET", "HEAD", "POST"])
@limited("book", most=60, seconds=600)
@site()
def details(request: SiteRequest, offering: str, start: datetime) -> HttpResponse:
    """Ask who books, and book."""
    wished, now = offered(request.company, offering, request.GET), timezone.now()
    if request.method == "POST":
        return _book(request, wished, start, now=now)
    initial = {"places": wished.places, "request_key": uuid4()}
    form = DetailsForm(offering=wished.offering, initial=initial)
    return _page(request, wished, start, form, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@site()
def as_typed(request: SiteRequest, offering: str, start: datetime) -> HttpResponse:
    """Show the form for another start, with everything that was typed for the first one."""
    wished, now = offered(request.company, offering, request.GET), timezone.now()
    if request.method != "POST":
        return redirect(details_url(wished, start))
    try_to_hold(request, wished, start, now=now)
    form = DetailsForm(offering=wished.offering, initial=request.POST.dict())
    return _page(request, wished, start, form, now=now)


def _book(request: SiteRequest, wished: Offered, start: datetime, *, now: datetime) -> HttpResponse:
    form = DetailsForm(request.POST, offering=wished.offering)
    refused = None
    if form.is_valid():
        wished = replace(wished, places=form.cleaned_data.get("places", 1))
        zone = zone_of(request, request.company.time_zone, online=wished.online)
        try:
            booking = making.book(
                _wish(wished, start, form.cleaned_data, visitor=visitor_of(request)),
                _client(form.cleaned_data, zone),
                by=by_client(form.cleaned_data["name"]),
                now=now,
            )
        except StartRefused as refusal:
            refused = refusal
        except ClientBlocked:
            form.add_error(None, _("We cannot take this booking online. Please call us."))
        else:
            return redirect(booked_url(booking))
    return _page(request, wished, start, form, refused, now=now, status=422)


def _wish(wished: Offered, start: datetime, typed: dict[str, Any], *, visitor: str) -> Wish:
    return Wish(
        offering=wished.offering,
        starts_at=start,
        provider=wished.provider,
        places=wished.places,
        note=typed["note"],
        terms_accepted=typed.get("terms", False),
        request_key=str(typed["request_key"]),
        visitor=visitor,
    )


def _client(typed: dict[str, Any], zone: str) -> ClientDetails:
    return ClientDetails(
        name=typed["name"],
        email=typed["email"],
        phone=typed["phone"],
        texts=sms.Source.FORM if typed.get("texts") else None,
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
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    hold = None if refused else held_for(request, wished, start, now=now)
    if hold is None and not form.is_bound:
        refused = refusal(request, wished, start, now=now)
    context = context_of(
        request, wished, start, hold, refused, now=now, typed=request.method == "POST"
    )
    return site_page(request, "booking_site/details.html", {**context, "form": form}, status=status)
