"""One service or class: whom to meet, and when."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from visavis.booking_site.converters import written
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
        slot_url=_hold_urls(wished),
    )


def _hold_urls(wished: Offered) -> Callable[[datetime], str]:
    """Return the addresses that hold one of many starts; nothing but the start differs."""
    some = datetime(2000, 1, 1, tzinfo=UTC)
    before, after = details_url(wished, some, "hold").split(written(some))
    return lambda start: f"{before}{written(start)}{after}"


def details_url(wished: Offered, start: datetime, page: str = "details") -> str:
    """Return the form for this start, or another page about it."""
    of = wished.offering
    path = reverse(f"booking_site:{page}", args=[of.company.slug, of.slug, start])
    return f"{path}?{urlencode(wished.query)}" if wished.query else path
