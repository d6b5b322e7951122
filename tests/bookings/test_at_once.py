"""Things done at the same moment, on real connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from factories import make_provider, make_service
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, Booking, Client
from visavis.bookings.operations import holds, making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.companies import features
from visavis.meetings.models import MeetingProvider

pytestmark = pytest.mark.django_db(transaction=True)

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")


@pytest.fixture
def other(company):
    return make_provider(company, "Bea Demo")


def at_once(*deeds):
    """Do things in threads that begin together; return what came of each, or its refusal."""
    together = Barrier(len(deeds))

    def do(deed):
        try:
            # A connection of its own, before the race begins.
            connection.ensure_connection()
            together.wait()
            return deed()
        except StartRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def booking(now, offering, details=GRACE, **wish):
    def deed():
        wished = Wish(offering=offering, starts_at=TEN, **wish)
        return making.book(wished, details, by=by_client(details.name), now=now)

    return deed


def test_the_same_form_sent_five_times_at_once_books_once(service, now):
    made = at_once(*[booking(now, service, request_key="one form")] * 5)

    assert {one.pk for one in made} == {Booking.objects.get().pk}
    assert Appointment.objects.get().seats_taken == 1


def test_the_same_form_books_once_though_no_calendar_is_shared(company, provider, other, now):
    talks = [make_service(company, f"Talk with {one}", [one]) for one in (provider, other)]

    made = at_once(*[booking(now, talk, request_key="one form") for talk in talks])

    assert {one.pk for one in made} == {Booking.objects.get().pk}


def test_a_new_client_who_books_with_two_providers_at_once_is_one_client(
    company, provider, other, now
):
    talks = [make_service(company, f"Talk with {one}", [one]) for one in (provider, other)]

    at_once(*[booking(now, talk) for talk in talks])

    assert Booking.objects.count() == 2
    assert Client.objects.count() == 1


def test_two_providers_with_one_host_are_not_booked_online_at_the_same_time(
    company, provider, other, now
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    for one in (provider, other):
        MeetingProvider.objects.create(provider=one, platform="zoom", host_id="one-host")
    talk = make_service(company, "Talk", [provider, other], online=True)

    at_once(*[booking(now, talk, provider=one) for one in (provider, other)])

    assert Appointment.objects.active().count() == 1


def test_a_visitor_who_chooses_two_times_at_once_holds_one(company, provider, other, now):
    talks = [make_service(company, f"Talk with {one}", [one]) for one in (provider, other)]

    def holding(talk):
        wished = Wish(offering=talk, starts_at=TEN, visitor="grace")
        return lambda: holds.hold(wished, address="here", now=now)

    at_once(*[holding(talk) for talk in talks])

    assert Booking.objects.get().visitor == "grace"
    assert Appointment.objects.active().count() == 1


def test_several_visitors_and_a_client_want_one_seat_and_one_gets_it(service, now):
    def holding(number):
        wished = Wish(offering=service, starts_at=TEN, visitor=f"visitor {number}")
        return lambda: holds.hold(wished, address=str(number), now=now)

    answers = at_once(booking(now, service), *[holding(number) for number in range(4)])

    assert sum(isinstance(one, Booking) for one in answers) == 1
    assert Booking.objects.count() == Appointment.objects.get().seats_taken == 1
    later = now + timedelta(minutes=30)
    holds.release_expired_holds(later)
    assert not Booking.objects.filter(status="held").exists()
