"""What the tests of staff pages share: people who sign in, and bookings some days from now."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from factories import make_member
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.notifications.models import Message

PARIS = ZoneInfo("Europe/Paris")
# What htmx sends when it swaps a part of the page.
IN_DIALOG = {"HX-Request": "true"}


def working_day(weeks=1, weekday=1):
    """Return a Tuesday (or another day) that lies at least `weeks` weeks ahead, in Paris."""
    today = datetime.now(PARIS).date() + timedelta(weeks=weeks)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def at(hour, minute=0, day=None):
    return datetime.combine(day or working_day(), time(hour, minute), tzinfo=PARIS).astimezone(UTC)


def book(offering, starts_at=None, name="Grace Demo", email=None, phone="", **wish):
    details = ClientDetails(
        name=name,
        email=email or f"{name.split()[0].lower()}@example.com",
        phone=phone,
        time_zone="Europe/Paris",
    )
    return making.book(
        Wish(offering=offering, starts_at=starts_at or at(10), **wish),
        details,
        by=by_client(name),
        now=datetime.now(UTC),
    )


def told(event):
    """Return who got, or will get, a message of this kind."""
    return set(Message.objects.filter(event=event).values_list("audience", "recipient"))


def sign_in(client, company, role):
    """Sign a new member with this role in, and return the member."""
    member = make_member(company, role, f"{role}@{company.slug}.example")
    client.force_login(member.user)
    return member
