"""Messages that are due: confirmations of real bookings, online, with a calendar entry."""

from datetime import UTC, datetime, timedelta

from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, Booking, Client
from visavis.bookings.operations.making import Wish, book
from visavis.bookings.reminders import MEANT_FOR, PLANNED_FOR
from visavis.catalog.models import Offering, Provider, WeeklyHours
from visavis.companies import features
from visavis.companies.models import Company
from visavis.notifications.models import Message, urgency_of

BOOKINGS = 20


def make_due(number: int) -> None:
    """Make this many messages to clients that are due now, about a handful of bookings."""
    now = datetime.now(UTC)
    for booked in range(BOOKINGS):
        details = ClientDetails(
            name=f"Client {booked}", email=f"c{booked}@example.com", time_zone="America/New_York"
        )
        start = _monday(now) + timedelta(minutes=30 * booked)
        wish = Wish(offering=_service(), starts_at=start, note="A question beforehand.")
        book(wish, details, by=by_client("Client"), now=now)
    samples = list(Message.objects.filter(event="confirmed", audience="client"))
    Message.objects.all().delete()
    Message.objects.bulk_create(
        [_copy(samples[place % BOOKINGS], f"bench:{place}") for place in range(number)],
        batch_size=1000,
    )


def make_reminders(number: int) -> None:
    """Make a reminder that is due now for each of this many bookings of their own."""
    now, service = datetime.now(UTC), _service()
    provider, company = service.providers.get(), service.company
    client = Client.objects.create(
        company=company, name="Client", email="c@example.com", created_at=now
    )
    first, half_hour = _monday(now) + timedelta(days=30), timedelta(minutes=30)
    appointments = Appointment.objects.bulk_create(
        (
            Appointment(
                company=company, offering=service, provider=provider, starts_at=start,
                ends_at=start + half_hour, blocked_from=start, blocked_until=start + half_hour,
                seats=1, seats_taken=1, created_at=now,
            )
            for start in (first + place * half_hour for place in range(number))
        ),
        batch_size=1000,
    )  # fmt: skip
    bookings = Booking.objects.bulk_create(
        (
            Booking(
                company=company, appointment=one, client=client, name=f"Client {place}",
                status="confirmed", source="client", time_zone="America/New_York", created_at=now,
            )
            for place, one in enumerate(appointments)
        ),
        batch_size=1000,
    )  # fmt: skip
    Message.objects.bulk_create(
        (
            Message(
                company=company, about="booking", about_id=one.pk, key=f"reminder:{one.pk}",
                event="reminder", audience="client", recipient=f"c{one.pk}@example.com",
                time_zone=one.time_zone, urgency=urgency_of("reminder"), due_at=now,
                created_at=now - timedelta(days=1),
                details={
                    MEANT_FOR: one.appointment.starts_at.isoformat(), PLANNED_FOR: now.isoformat()
                },
            )
            for one in bookings
        ),
        batch_size=1000,
    )  # fmt: skip


def book_one() -> str:
    """Book, and return the key of the confirmation that the client waits for."""
    now = datetime.now(UTC)
    details = ClientDetails(name="Waiting", email="waiting@example.com", time_zone="Europe/Paris")
    wish = Wish(offering=_service(), starts_at=_monday(now) + timedelta(days=1, hours=3))
    booking = book(wish, details, by=by_client("Waiting"), now=now)
    return Message.objects.get(about_id=booking.pk, event="confirmed", audience="client").key


def _copy(sample: Message, key: str) -> Message:
    fields = {field.attname: getattr(sample, field.attname) for field in Message._meta.fields}
    return Message(**{**fields, "id": None, "key": key})


def _service() -> Offering:
    known = Offering.objects.filter(slug="talk").first()
    if known is not None:
        return known
    company = Company.objects.create(
        slug="bench", name="Bench Practice", email="office@example.com",
        time_zone="Europe/Paris", published=True, horizon_days=90, address="1 Road, Paris",
    )  # fmt: skip
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    provider = Provider.objects.create(
        company=company, name="Ada Bench", email="ada@example.com", time_zone="Europe/Paris"
    )
    WeeklyHours.objects.bulk_create(
        WeeklyHours(company=company, provider=provider, weekday=day, starts=0, ends=1440)
        for day in range(7)
    )
    service = Offering.objects.create(
        company=company, kind="service", name="Talk", slug="talk", duration_minutes=30,
        online=True, price=40,
    )  # fmt: skip
    service.providers.add(provider)
    return service


def _monday(now: datetime) -> datetime:
    day = now + timedelta(days=14 - now.weekday())
    return day.replace(hour=8, minute=0, second=0, microsecond=0)
