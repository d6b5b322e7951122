"""The picker on a page: who may be chosen, how many places, and the month around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from visavis.booking_site.offered import ANY, Offered
from visavis.booking_site.picker import Asked, Wanted, horizon, pick
from visavis.booking_site.site import SiteRequest, site_page
from visavis.booking_site.visitors import visitor_of
from visavis.booking_site.zones import visitors_zone
from visavis.bookings.models import Booking
from visavis.catalog.models import Provider

# More providers than this are chosen from a list that folds.
PROVIDERS_SIDE_BY_SIDE = 6


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """Somebody who can be chosen; without a provider: any of them."""

    provider: Provider | None
    value: str
    url: str
    current: bool


def picker_page(
    request: SiteRequest,
    template: str,
    offered: Offered,
    *,
    now: datetime,
    slot_url: Callable[[datetime], str],
    moving: Booking | None = None,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render a page with the picker on it, or the picker alone where htmx asks for it."""
    # A booking that moves stays in its own zone, which its mails have named.
    read = (
        visitors_zone(request, moving.time_zone)
        if moving
        else visitors_zone(request, request.company.time_zone, online=offered.online)
    )
    zone = read.name
    question = (
        offered.question(now=now, leaving=moving.appointment_id if moving.alone else None)
        if moving
        else offered.question(now=now, visitor=visitor_of(request))
    )
    asked = Asked.of(
        _query(request, moving, ZoneInfo(zone)),
        today=now.astimezone(ZoneInfo(zone)).date(),
        last=horizon(question, ZoneInfo(zone)),
    )
    wanted = Wanted(
        question=question,
        providers=offered.candidates,
        zone=zone,
        path=request.path,
        slot_url=slot_url,
        query=offered.query,
        leaving=moving.appointment.starts_at if moving else None,
    )
    shown = {
        "offered": offered,
        "offering": offered.offering,
        "picker": pick(wanted, asked),
        "visitors_zone": read,
        "choices": _choices(request.path, offered, asked.kept),
        "side_by_side": len(offered.providers) <= PROVIDERS_SIDE_BY_SIDE,
        "places": range(1, 1 if moving else offered.offering.places_max + 1),
        "kept": asked.kept,
        # Choosing a time to book holds it; choosing where to move a booking asks first.
        "holding": moving is None,
    }
    partial = request.headers.get("HX-Request-Type") == "partial"
    page = site_page(
        request, "booking_site/picker.html" if partial else template, shown | dict(context or {})
    )
    patch_vary_headers(page, ["HX-Request-Type"])
    return page


def _query(request: SiteRequest, moving: Booking | None, zone: ZoneInfo) -> Mapping[str, str]:
    """Return what is asked for; of a booking that moves, its own day if nothing else is."""
    query = request.GET.dict()
    if moving and not query.keys() & {"day", "month", "after"}:
        query["day"] = f"{moving.appointment.starts_at.astimezone(zone):%Y-%m-%d}"
    return query


def _choices(path: str, offered: Offered, kept: Mapping[str, str]) -> Sequence[ProviderChoice]:
    """Return who can be chosen, if there is a choice at all."""
    if len(offered.providers) < 2:
        return []
    everybody: list[Provider | None] = [None, *offered.providers]
    return [
        ProviderChoice(
            provider,
            value=str(provider.pk) if provider else ANY,
            url=f"{path}?{urlencode({**replace(offered, provider=provider).query, **kept})}",
            current=provider == offered.provider,
        )
        for provider in everybody
    ]
