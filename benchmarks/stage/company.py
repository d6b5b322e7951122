"""The company whose calendars are measured. Import it once Django is set up."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from visavis.bookings.models import Appointment
from visavis.catalog.models import Offering, Provider, WeeklyHours
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import MeetingProvider, Platform

PARIS = ZoneInfo("Europe/Paris")
QUARTER, HALF_HOUR = timedelta(minutes=15), timedelta(minutes=30)
DAYS = 31


def make_company() -> Company:
    """Make a company that lets everybody book for a year, without notice."""
    return Company.objects.create(
        slug="bench",
        name="Bench",
        email="office@bookings.example",
        time_zone="Europe/Paris",
        notice_minutes=0,
        horizon_days=365,
        published=True,
    )


def make_service(company: Company, slug: str, providers: int = 1, **fields: object) -> Offering:
    """Make a service of half an hour, with providers who work Monday to Friday, nine to five."""
    service = Offering.objects.create(
        company=company, kind="service", name=slug, slug=slug, duration_minutes=30, **fields
    )
    for number in range(providers):
        provider = Provider.objects.create(
            company=company,
            name=f"{slug} {number}",
            email=f"{slug}-{number}@bookings.example",
            time_zone="Europe/Paris",
        )
        WeeklyHours.objects.bulk_create(
            WeeklyHours(company=company, provider=provider, weekday=day, starts=540, ends=1020)
            for day in range(5)
        )
        service.providers.add(provider)
    return service


def make_online_service(company: Company, slug: str, providers: int) -> Offering:
    """Make a service that meets on Zoom, each provider as a host of their own."""
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service = make_service(company, slug, providers, online=True)
    MeetingProvider.objects.bulk_create(
        MeetingProvider(provider=provider, platform=Platform.ZOOM, host_id=f"host-{provider.pk}")
        for provider in service.providers.all()
    )
    return service


def form_paths(service: Offering, starts: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of the forms of all providers' starts, one provider after another."""
    keys = list(service.providers.values_list("pk", flat=True))
    for start in starts:
        for key in keys:
            yield f"/{service.company.slug}/book/{service.slug}/{start}/?provider={key}"


def next_month() -> date:
    """Return the first day of the next month in Paris, whose times all lie ahead."""
    return (datetime.now(PARIS).date().replace(day=1) + timedelta(days=DAYS)).replace(day=1)


def keep_busy(service: Offering, amount: int) -> None:
    """Fill so many quarters of an hour, at random over 31 days, nights and weekends too.

    They never overlap: the database would not have it.
    """
    opens = datetime.combine(next_month(), time(), tzinfo=PARIS).astimezone(UTC)
    quarters = random.Random(amount).sample(range(DAYS * 96), amount)
    _fill(service, (opens + QUARTER * quarter for quarter in quarters), QUARTER)


def remember(service: Offering, amount: int) -> None:
    """Fill the past with so many appointments, end to end, around the clock."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    # Oldest first, as they came about: SQLite's triggers look at everything later than a row.
    _fill(service, (now - HALF_HOUR * number for number in range(amount, 0, -1)), HALF_HOUR)


def free_starts(amount: int) -> list[datetime]:
    """Return the first so many starts that a provider without appointments offers from then on."""
    day, found = next_month(), []
    for number in count():
        opens = datetime.combine(day + timedelta(days=number), time(9), tzinfo=PARIS)
        if opens.weekday() < 5:
            found += [opens.astimezone(UTC) + HALF_HOUR * step for step in range(16)]
        if len(found) >= amount:
            return found[:amount]
    raise AssertionError


def _fill(service: Offering, starts: Iterable[datetime], length: timedelta) -> None:
    provider, now = service.providers.get(), datetime.now(UTC)
    Appointment.objects.bulk_create(
        (
            Appointment(
                company=service.company,
                offering=service,
                provider=provider,
                starts_at=start,
                ends_at=start + length,
                blocked_from=start,
                blocked_until=start + length,
                seats=1,
                seats_taken=1,
                created_at=now,
            )
            for start in starts
        ),
        batch_size=5000,
    )
