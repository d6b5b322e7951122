"""Whose bookings a secret address opens."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from visavis.booking_site.site import SiteRequest
from visavis.bookings import queries
from visavis.bookings.models import Booking, Client


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pages of one booking."""

    booking: str
    cancellation: str
    rescheduling: str
    file: str


def client_or_404(request: SiteRequest, token: str) -> Client:
    """Return the client whose *My bookings* this is."""
    return get_object_or_404(
        Client.objects.select_related("company"), company=request.company, token=token
    )


def booking_or_404(request: SiteRequest, token: str, code: str) -> Booking:
    """Return one booking of the client whose token this is."""
    found = queries.find(client_or_404(request, token), code.upper())
    if found is None:
        raise Http404
    return found


def addresses_of(booking: Booking) -> Addresses:
    """Return where a booking is seen, cancelled, moved, and added to a calendar."""
    assert booking.client is not None
    args = [booking.company.slug, booking.client.token, booking.code]
    names = ("my_booking", "cancellation", "rescheduling", "calendar_file")
    return Addresses(*(reverse(f"booking_site:{name}", args=args) for name in names))
