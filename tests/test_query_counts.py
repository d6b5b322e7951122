"""How many questions the pages that everybody waits for ask the database.

The same however many days and providers there are; when a number here must grow, it should be
worth it for every visitor.
"""

import itertools
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking_site.visits import ALAN, PARIS, at, book, mine, typed, url
from factories import make_member, make_provider, make_service
from visavis.bookings import sessions
from visavis.catalog.models import ClassSchedule
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import MeetingProvider, Platform

NUMBERS = itertools.count()
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def talk(company):
    """A service that is met online, with one provider or more."""
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    talk = make_service(company, "Talk", [], online=True)
    add_provider(talk, 0)
    return talk


def add_provider(service, number):
    provider = make_provider(service.company, f"Provider{number} Demo")
    MeetingProvider.objects.create(
        provider=provider, platform=Platform.ZOOM, host_id=f"host-{number}"
    )
    service.providers.add(provider)
    return provider


def add_work(service):
    """Make more of everything that could cost."""
    for number in range(1, 5):
        provider = add_provider(service, number)
        for days in range(3):
            book(service, at(9, days=days), ALAN, provider=provider)


def open_at(offering, provider, start):
    """Let somebody be in a shared appointment, or hold a session that is empty."""
    if offering.is_class:
        local = start.astimezone(PARIS)
        schedule = ClassSchedule(
            offering=offering,
            provider=provider,
            first_day=local.date(),
            last_day=local.date(),
            starts=local.hour * 60,
            rule="FREQ=DAILY",
        )
        sessions.save_schedule(schedule, now=timezone.now())
    else:
        book(offering, start, ALAN)


def asked(ask):
    """Return how many questions are asked, and again by somebody who comes next."""
    Company.objects.update(name="Willow Practice")  # Nothing is remembered.
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = ask()
        assert response.status_code in {200, 302}, response.status_code
        counts.append(sum(not one["sql"].startswith(TRANSACTION) for one in queries))
    return tuple(counts)


def with_locks(counts, locks=1):
    """Add what PostgreSQL asks besides, to lock calendars."""
    more = locks * connection.features.has_select_for_no_key_update
    return tuple(count + more for count in counts)


def test_a_month_of_times(client, company, talk):
    def month():
        return client.get(url("offering", company, talk.slug, day=f"{at(10):%Y-%m-%d}"))

    assert asked(month) == (11, 3)
    add_work(talk)
    assert asked(month) == (11, 3)


def test_all_times_until_the_horizon(client, company, talk):
    def search():
        return client.get(
            url("offering", company, talk.slug, after=f"{timezone.now():%Y-%m-%d}", provider="any")
        )

    assert asked(search) == (11, 3)
    add_work(talk)
    company.horizon_days = 365
    company.save()
    assert asked(search) == (11, 3)


def test_the_form_of_a_booking(client, company, talk):
    add_provider(talk, 9)

    def form():
        return client.get(url("details", company, talk.slug, at(15), provider="any"))

    assert asked(form) == (13, 4)
    add_work(talk)
    assert asked(form) == (13, 4)


@pytest.mark.parametrize(("chosen", "count"), [("one", (28, 12)), ("any", (30, 15))])
def test_making_a_booking(client, company, talk, chosen, count):
    provider = talk.providers.get().pk if chosen == "one" else "any"
    add_provider(talk, 9)
    hours = iter(range(10, 17))
    count = with_locks(count)

    def send():
        start = at(next(hours))
        form = url("details", company, talk.slug, start, provider=provider)
        return client.post(form, typed(email=f"a{start.hour}@example.com"))

    assert asked(send) == count
    add_work(talk)
    assert asked(send) == count


@pytest.mark.parametrize(("kind", "count"), [("service", (27, 12)), ("class", (31, 15))])
def test_joining_a_group_or_a_session(client, company, talk, kind, count):
    provider = talk.providers.get()
    shared = make_service(company, "Shared", [provider], kind=kind, seats=9, online=True)
    for hour in (10, 11, 14, 15):
        open_at(shared, provider, at(hour))
    hours = iter((10, 11, 14, 15))
    count = with_locks(count)

    def send():
        hour = next(hours)
        form = url("details", company, shared.slug, at(hour), provider="any")
        return client.post(form, typed(email=f"{next(NUMBERS)}@example.com"))

    assert asked(send) == count
    add_work(talk)
    assert asked(send) == count


def test_holding_a_time(client, company, talk):
    add_provider(talk, 9)
    hours = iter(range(10, 17))
    # PostgreSQL counts what an address holds under a lock, too.
    count = with_locks((32, 24), locks=2)

    def send():
        hold = url("hold", company, talk.slug, at(next(hours)), provider="any")
        return client.post(hold)

    client.get(url("details", company, talk.slug, at(9), provider="any"))
    assert send().status_code == 302
    assert asked(send) == count
    add_work(talk)
    assert asked(send) == count


@pytest.mark.parametrize(
    ("what", "count"), [("cancellation", (24, 19)), ("rescheduling", (33, 19))]
)
def test_changing_a_booking(client, company, talk, what, count):
    company.moves_allowed = 99
    company.save()
    hours = iter(range(10, 17))
    count = with_locks(count)

    def send():
        hour = next(hours)
        booking = made.pop()
        moved = {"start": f"{at(hour, minute=30):%Y%m%dT%H%MZ}"}
        address = mine(booking, what, **(moved if what == "rescheduling" else {}))
        return client.post(address, {"reason": ""})

    made = [book(talk, at(hour), provider=talk.providers.get()) for hour in range(16, 9, -1)]
    assert asked(send) == count
    add_work(talk)
    assert asked(send) == count


def test_a_week_of_the_calendar(client, company, talk):
    member = make_member(company, "owner", "owner@willow.example")
    client.force_login(member.user)
    week = {"start": at(0).isoformat(), "end": (at(0) + timedelta(days=7)).isoformat()}

    def events():
        return client.get("/office/willow/calendar/events/", week)

    book(talk, at(12))
    assert asked(events) == (7, 7)
    add_work(talk)
    assert asked(events) == (7, 7)
