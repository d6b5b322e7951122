"""One service or class: whom to meet, and when."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from visavis.booking_site.offered import Offered, offered
from visavis.booking_site.picking import picker_page
from visavis.booking_site.site import SiteRequest, site


@require_safe
@site()
def offering(request: SiteRequest, offering: str) -> HttpResponse:
    """Let a visitor choose a provider, a day and a time."""
    wished = offered(request.company, offering, request.GET)
    return picker_page(
        request,
        "booking_site/offering.html",
        wished,
        now=timezone.now(),
        slot_url=lambda start: details_url(wished, start, "hold"),
    )


def details_url(wished: Offered, start: datetime, page: str = "details") -> str:
    """Return the form for this start, or another page about it."""
    of = wished.offering
    path = reverse(f"booking_site:{page}", args=[of.company.slug, of.slug, start])
    return f"{path}?{urlencode(wished.query)}" if wished.query else path
