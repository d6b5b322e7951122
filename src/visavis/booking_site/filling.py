"""The page on which a client fills in the form: what is booked, and whether it can be."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from visavis.booking_site.offered import Offered
from visavis.booking_site.refusals import STARTS
from visavis.booking_site.site import SiteRequest
from visavis.booking_site.views.offering import details_url
from visavis.booking_site.zones import visitors_zone
from visavis.bookings.models import Booking
from visavis.bookings.seats import StartRefused


def context_of(
    request: SiteRequest,
    wished: Offered,
    start: datetime,
    hold: Booking | None,
    refused: StartRefused | None,
    *,
    now: datetime,
    typed: bool,
) -> Mapping[str, Any]:
    """Return what the page shows. With `typed`, another time keeps what was typed."""
    zone = visitors_zone(request, request.company.time_zone, online=wished.online)
    slugs = [request.company.slug, wished.offering.slug]
    day = start.astimezone(ZoneInfo(zone.name)).date()
    times = reverse("booking_site:offering", args=slugs)
    return {
        "company": request.company,
        "offered": wished,
        "offering": wished.offering,
        "start": start,
        "end": start + timedelta(minutes=wished.offering.duration_minutes),
        "zone": zone.name,
        "follows_device": zone.follows_device,
        "times_url": f"{times}?{urlencode({**wished.query, 'day': day})}",
        "action": details_url(wished, start),
        "typed": typed,
        "typed_url": details_url(wished, start, "details_as_typed"),
        "refusal": STARTS[refused.why] if refused else "",
        # It was held when the form was opened, and no longer when it was sent.
        "lapsed": bool(refused and request.POST.get("held")),
        "instead": [
            (other, details_url(wished, other), details_url(wished, other, "details_as_typed"))
            for other in (refused.instead if refused else ())
        ],
        "hold": hold,
        "seconds": int((hold.expires_at - now).total_seconds()) if hold and hold.expires_at else 0,
        "hold_url": details_url(wished, start, "hold") if settings.HOLD_MINUTES else "",
        "release_url": reverse("booking_site:release", args=slugs[:1]),
    }
