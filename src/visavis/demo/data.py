"""A company to try things with: plainly demo names, and bookings around now.

Everything is made by the operations that people use, so that the demo can be nothing that
the product would refuse.
"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Booking
from visavis.bookings.operations import making, statuses
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES, StartRefused
from visavis.bookings.sessions import make_sessions
from visavis.catalog.models import Category, ClassSchedule, Offering, Provider, WeeklyHours
from visavis.companies import features
from visavis.companies.models import Company, Member, User
from visavis.companies.permissions import Role
from visavis.notifications.models import Message, ReminderTime

PASSWORD = "demo-demo-demo"  # noqa: S105 everybody is meant to know it
SLUG = "demo-practice"
ZONE, FAR_ZONE = "Europe/Paris", "America/New_York"

MEMBERS = (
    (Role.OWNER, "owner", "Olive Demo-Owner"),
    (Role.SCHEDULING_ADMINISTRATOR, "scheduling", "Sam Demo-Scheduler"),
    (Role.RECEPTIONIST, "reception", "Rosa Demo-Reception"),
    (Role.PROVIDER, "alma", "Alma Demo"),
    (Role.VIEWER, "viewer", "Vera Demo-Viewer"),
)
PROVIDERS = (
    ("Alma Demo", ZONE, "#0f766e", "Talking therapy, online and in the practice."),
    ("Bruno Demo", ZONE, "#7c3aed", "Breathing, movement and yoga groups."),
    ("Carla Demo", FAR_ZONE, "#b45309", "Coaching from across the ocean."),
    ("Dario Demo", ZONE, "#be123c", "First consultations and follow-ups."),
)
# When clients come, in the zone of the practice; in the evening it is still day across the ocean.
HOURS = (9, 10, 11, 13, 14, 15, 16, 17, 20)
CLIENTS = tuple(
    f"{first} Sample"
    for first in (
        "Alex", "Billie", "Charlie", "Dana", "Eli", "Frankie", "Gale", "Harper", "Indigo",
        "Jules", "Kim", "Lee", "Morgan", "Noa", "Ollie", "Pat", "Quinn",
    )
)  # fmt: skip


@transaction.atomic
def load(*, now: datetime) -> Company:
    """Make the demo company, unless it is there already."""
    found = Company.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    company = _company()
    members = _members(company)
    providers = _providers(company, members)
    offerings = _offerings(company, providers)
    _schedule(offerings["yoga"], providers[1], now=now)
    owner = members[Role.OWNER].user
    _bookings(offerings, providers, owner, now=now)
    # The mailbox starts with what follows: a word about each of these would bury it.
    Message.objects.filter(company=company, due_at__lte=now).delete()
    _soon(offerings["online"], providers[0], now=now)
    return company


def client(name: str, zone: str = ZONE) -> ClientDetails:
    """Return a demo client's details."""
    address = f"{name.split(maxsplit=1)[0].lower()}@client.example"
    return ClientDetails(name=name, email=address, phone="+33 1 99 00 00 00", time_zone=zone)


def _company() -> Company:
    company = Company.objects.create(
        slug=SLUG,
        name="Demo Practice",
        description="A made-up practice to try Visavis with. Book whatever you like.",
        email="office@demo-practice.example",
        phone="+33 1 99 00 00 01",
        address="1 Sample Street, Demo Town",
        time_zone=ZONE,
        published=True,
        recipients=Company.Recipients.BOTH,
        notice_minutes=60,
        privacy_terms="These are demo terms. Nothing here is real.",
    )
    ReminderTime.objects.create(company=company, minutes_before=24 * 60)
    features.switch(company, features.APPROVAL, on=True)
    return company


def _members(company: Company) -> dict[str, Member]:
    members: dict[str, Member] = {}
    # Hashed once for all, since that takes long on purpose.
    password = make_password(PASSWORD)
    for role, address, name in MEMBERS:
        email = f"{address}@demo-practice.example"
        user = User.objects.create(email=email, password=password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        members[role] = Member.objects.create(company=company, user=user, role=role)
    return members


def _providers(company: Company, members: dict[str, Member]) -> list[Provider]:
    providers = []
    for position, (name, zone, colour, description) in enumerate(PROVIDERS):
        provider = Provider.objects.create(
            company=company,
            name=name,
            email=f"{name.split()[0].lower()}@demo-practice.example",
            time_zone=zone,
            colour=colour,
            description=description,
            position=position,
            member=members[Role.PROVIDER] if position == 0 else None,
        )
        WeeklyHours.objects.bulk_create(
            WeeklyHours(company=company, provider=provider, weekday=day, starts=starts, ends=ends)
            for day in range(5)
            for starts, ends in ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
        )
        providers.append(provider)
    return providers


def _offerings(company: Company, providers: list[Provider]) -> dict[str, Offering]:
    talk = Category.objects.create(company=company, name="One to one", position=0)
    groups = Category.objects.create(company=company, name="Groups", position=1)
    specs: dict[str, tuple[list[Provider], dict[str, object]]] = {
        "online": (
            [providers[0], providers[2], providers[3]],
            {"name": "Online consultation", "slug": "online-consultation", "category": talk,
             "duration_minutes": 50, "buffer_after_minutes": 10, "step_minutes": 30,
             "price": Decimal(60),
             "description": "Fifty minutes by video, from wherever you are."},
        ),
        "short": (
            [providers[0], providers[3]],
            {"name": "Short check-in", "slug": "short-check-in", "category": talk,
             "duration_minutes": 20, "price": Decimal(25),
             "description": "Twenty minutes by video between two longer talks."},
        ),
        "practice": (
            [providers[0], providers[1]],
            {"name": "Appointment in the practice", "slug": "in-the-practice", "category": talk,
             "duration_minutes": 60, "buffer_after_minutes": 15, "price": Decimal(70),
             "place": "1 Sample Street, Demo Town", "approval_wanted": True,
             "description": "In person. We confirm each request ourselves."},
        ),
        "yoga": (
            [providers[1]],
            {"name": "Gentle yoga class", "slug": "gentle-yoga", "category": groups,
             "kind": Offering.Kind.CLASS, "duration_minutes": 45, "seats": 8, "places_max": 2,
             "price": Decimal(12), "description": "A class of up to eight, twice a week."},
        ),
    }  # fmt: skip
    offerings = {}
    for key, (by, fields) in specs.items():
        offering = Offering.objects.create(
            **({"company": company, "kind": Offering.Kind.SERVICE} | fields)
        )
        offering.providers.set(by)
        offerings[key] = offering
    return offerings


def _schedule(yoga: Offering, provider: Provider, *, now: datetime) -> None:
    schedule = ClassSchedule.objects.create(
        offering=yoga,
        provider=provider,
        first_day=(now - timedelta(days=14)).date(),
        starts=18 * 60 + 30,
        rule="FREQ=WEEKLY;BYDAY=TU,TH",
    )
    make_sessions(schedule, until=now + timedelta(days=yoga.company.horizon_days), now=now)
    for session in yoga.appointments.filter(starts_at__gt=now).order_by("starts_at")[:3]:
        for name in CLIENTS[:3]:
            wish = Wish(offering=yoga, starts_at=session.starts_at, provider=provider)
            making.book(wish, client(name), by=by_client(name), now=now)


def _bookings(
    offerings: dict[str, Offering], providers: list[Provider], owner: User, *, now: datetime
) -> None:
    """Fill two weeks before and two after today, the same way each time.

    Within everybody's own hours: a time that nobody has is left out.
    """
    today = now.astimezone(ZoneInfo(ZONE)).date()
    chance = random.Random(1)  # noqa: S311 demo data
    kinds = ("online", "online", "short", "practice")
    for day in range(-14, 15):
        for hour in sorted(chance.sample(HOURS, 4)):
            offering = offerings[chance.choice(kinds)]
            starts_at = datetime.combine(
                today + timedelta(days=day), time(hour), tzinfo=ZoneInfo(ZONE)
            ).astimezone(UTC)
            if abs(starts_at - now) < timedelta(hours=2):
                continue
            _book(offering, chance.choice(CLIENTS), starts_at, now=now)
    asked = Booking.objects.filter(status=Booking.Status.PENDING).order_by("-pk")
    for booking in asked[2:]:
        statuses.approve(booking, by=by_staff(owner), now=booking.created_at)
    done = Booking.objects.filter(
        appointment__ends_at__lt=now, status=Booking.Status.CONFIRMED
    ).order_by("pk")
    _settle(done, owner, now=now)


def _settle(bookings: Iterable[Booking], owner: User, *, now: datetime) -> None:
    for number, booking in enumerate(bookings):
        settle = statuses.mark_no_show if number % 9 == 4 else statuses.complete
        settle(booking, by=by_staff(owner), now=now)


def _book(offering: Offering, name: str, starts_at: datetime, *, now: datetime) -> None:
    # A booking of last week was made before last week.
    made = min(now, starts_at - timedelta(days=3))
    try:
        making.book(
            Wish(offering=offering, starts_at=starts_at),
            client(name),
            by=by_client(name),
            now=made,
        )
    except StartRefused:
        return


def _soon(offering: Offering, provider: Provider, *, now: datetime) -> None:
    """Book an appointment that starts within minutes, whatever the hour."""
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=12)
    starts_at -= timedelta(minutes=starts_at.minute % 5)
    making.book(
        Wish(offering=offering, starts_at=starts_at, provider=provider),
        client("Robin Sample"),
        by=by_client("Robin Sample"),
        now=now,
        overriding=STAFF_OVERRIDES,
    )
