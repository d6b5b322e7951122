"""What somebody sees who has just booked.

The address is signed and grows old. The page knows this one booking and nothing else: whoever
booked may have typed somebody else's e-mail address, so *My bookings* goes there by mail only.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from visavis.booking_site import calendars
from visavis.booking_site.site import SiteRequest, private, site, site_page
from visavis.booking_site.zones import zone_of
from visavis.bookings import calendar_files, queries
from visavis.bookings.models import Booking

SALT = "visavis.booking_site.booked"
VALID = timedelta(days=7)


def booked_url(booking: Booking) -> str:
    """Return where a booking that was just made is shown."""
    return reverse("booking_site:booked", args=[booking.company.slug, _sign(booking)])


def _signed(view: Callable[[SiteRequest, Booking], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the booking that an address names, or say that the address is too old."""

    @wraps(view)
    def guarded(request: SiteRequest, booked: str) -> HttpResponse:
        try:
            key = signing.loads(booked, salt=SALT, max_age=VALID)
        except signing.SignatureExpired:
            return site_page(request, "booking_site/booked_expired.html", status=410)
        except signing.BadSignature:
            raise Http404 from None
        found = queries.with_all().filter(company=request.company, pk=key).first()
        if found is None:
            raise Http404
        return view(request, found)

    return guarded


@require_safe
@site(always=True)
@private
@_signed
def booked(request: SiteRequest, booking: Booking) -> HttpResponse:
    """Confirm the booking, and say what comes next."""
    context: dict[str, Any] = {
        "booking": booking,
        "zone": zone_of(request, booking.time_zone),
        "links": queries.join_links([booking])[booking.pk],
        "calendars": calendars.links(booking),
        "file_url": reverse(
            "booking_site:booked_calendar_file", args=[request.company.slug, _sign(booking)]
        ),
    }
    return site_page(request, "booking_site/booked.html", context)


@require_safe
@site(always=True)
@private
@_signed
def calendar_file(request: SiteRequest, booking: Booking) -> HttpResponse:
    """Give the booking as a file for calendars, without the way to the client's other ones."""
    return as_file(booking, page="")


def as_file(booking: Booking, page: str | None = None) -> HttpResponse:
    """Answer with a booking's calendar file."""
    content = calendar_files.file_for(booking, now=timezone.now(), page=page)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{booking.code}.ics"'},
    )


def _sign(booking: Booking) -> str:
    return signing.dumps(booking.pk, salt=SALT)
