"""What visitors of a booking site do in these tests. Pages read the real clock, so times are
relative to it: a working day two weeks from now, so that notices and horizons do not matter.
"""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish

PARIS = ZoneInfo("Europe/Paris")
GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")
ALAN = ClientDetails(name="Alan Demo", email="alan@example.com", time_zone="Europe/Paris")


def at(hour, minute=0, days=0):
    today = timezone.now().astimezone(PARIS).date()
    wednesday = today + timedelta(days=7 + (2 - today.weekday()) % 7 + days)
    return datetime.combine(wednesday, time(hour, minute), tzinfo=PARIS).astimezone(UTC)


def book(offering, start, details=GRACE, **wish):
    return making.book(
        Wish(offering=offering, starts_at=start, **wish),
        details,
        by=by_client(details.name),
        now=timezone.now(),
    )


def url(name, company, *args, **query):
    return reverse(f"booking_site:{name}", args=[company.slug, *args], query=query or None)


def typed(**fields):
    """Return what a visitor types into the form."""
    return {
        "name": "Grace Demo",
        "email": "grace@example.com",
        "phone": "",
        "note": "",
        "website": "",
        "request_key": str(uuid4()),
    } | fields


def mine(booking, page="my_booking", **query):
    """Return the address of a client's page of one booking."""
    return url(page, booking.company, booking.client.token, booking.code, **query)


def path_of(response):
    return urlsplit(response["Location"]).path
