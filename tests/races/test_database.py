"""The same, one floor below: many threads at the operations, and at the table itself."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from factories import make_provider
from races.practice import book, make_company, make_offering, public, standing, starts
from visavis.bookings.models import Appointment
from visavis.bookings.operations import ending
from visavis.bookings.seats import StartRefused

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8 * (os.cpu_count() or 1)

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


def at_once(work):
    """Let threads with connections of their own do the same thing; return what came of it."""
    together = Barrier(THREADS)

    def one(_n):
        try:
            connection.ensure_connection()
            together.wait(60)
            return work()
        except (StartRefused, IntegrityError, OperationalError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def test_threads_that_book_one_seat_get_one_booking(company):
    talk = make_offering(company, "Talk")
    for start in starts(3):
        outcome = at_once(lambda start=start: book(talk, start))

        assert sum(isinstance(one, StartRefused) for one in outcome) == THREADS - 1, outcome
        assert len(standing(company)[start]) == 1


def test_a_provider_of_several_services_is_booked_for_one(company):
    first = make_offering(company, "First")
    second = make_offering(company, "Second", duration_minutes=45)
    second.providers.set(first.providers.all())
    services, start = [first, second] * THREADS, starts(1)[0]

    outcome = at_once(lambda: book(services.pop(), start))

    assert sum(isinstance(one, StartRefused) for one in outcome) == THREADS - 1, outcome


def test_bare_rows_written_at_once_overlap_nowhere(company):
    talk = make_offering(company, "Talk")
    start, end = starts(2)
    provider = talk.providers.get()

    def write():
        if connection.vendor == "postgresql":
            # Rows that wait for each other in a circle would do so for a second each time.
            connection.cursor().execute("SET deadlock_timeout = '20ms'")
        return Appointment.objects.bulk_create(
            [
                Appointment(
                    company=company, offering=talk, provider=provider, starts_at=start,
                    ends_at=end, blocked_from=start, blocked_until=end, seats=1, created_at=start,
                )
            ]
        )  # fmt: skip

    outcome = at_once(write)

    assert Appointment.objects.count() == 1
    assert sum(isinstance(one, list) for one in outcome) == 1, outcome


@pytest.fixture
def rival(database_url):
    """Somebody else's connections, which keep locks as long as the test wants."""
    opened = []

    def connect():
        opened.append(psycopg.connect(database_url, options="-c deadlock_timeout=1min"))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


LOCK = "SELECT 1 FROM catalog_provider WHERE id = %s FOR NO KEY UPDATE"


def wait_until_somebody_waits_for(rival):
    """Return when another connection wants what a rival has locked."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(waiting, [rival.info.backend_pid])
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


@on_postgresql
def test_a_deadlock_is_no_error_for_the_client(crowd, company, rival):
    talk = make_offering(company, "Talk", providers=2)
    first, second = talk.providers.order_by("pk")
    with ThreadPoolExecutor() as pool, rival() as other:
        other.execute(LOCK, [second.pk])
        sent = pool.submit(crowd.rush, [public(talk, starts(1)[0])])
        wait_until_somebody_waits_for(other)
        # The booking has the first and wants the second: now they wait in a circle, until
        # PostgreSQL breaks off the booking.
        other.execute(LOCK, [first.pk])
        other.rollback()

        answer = sent.result()[0]

    assert answer.granted or answer.offers_others


@on_postgresql
def test_a_change_waits_for_the_calendar_that_its_appointment_went_to(company, rival):
    talk = make_offering(company, "Talk")
    before = talk.providers.get()
    after = make_provider(company, "Bea Demo")
    booking = book(talk, starts(1)[0])
    with ThreadPoolExecutor() as pool, rival() as mover, rival() as keeper:
        mover.execute(LOCK, [before.pk])
        keeper.execute(LOCK, [after.pk])
        cancelling = pool.submit(cancel_in_thread, booking)
        wait_until_somebody_waits_for(mover)
        mover.execute("UPDATE bookings_appointment SET provider_id = %s", [after.pk])
        mover.commit()

        wait_until_somebody_waits_for(keeper)
        keeper.commit()
        cancelling.result()


@on_postgresql
def test_who_waits_for_a_lower_calendar_keeps_no_higher_one(company, rival):
    after = make_provider(company, "Ada Demo")
    talk = make_offering(company, "Talk")
    before = talk.providers.get()
    assert after.pk < before.pk
    booking = book(talk, starts(1)[0])
    with ThreadPoolExecutor() as pool, rival() as mover, rival() as keeper:
        mover.execute(LOCK, [before.pk])
        keeper.execute(LOCK, [after.pk])
        cancelling = pool.submit(cancel_in_thread, booking)
        wait_until_somebody_waits_for(mover)
        mover.execute("UPDATE bookings_appointment SET provider_id = %s", [after.pk])
        mover.commit()
        wait_until_somebody_waits_for(keeper)

        keeper.execute(f"{LOCK} NOWAIT", [before.pk])

        keeper.commit()
        cancelling.result()


def cancel_in_thread(booking):
    from datetime import UTC, datetime

    from visavis.bookings.actors import by_client

    try:
        ending.cancel(booking, by=by_client("Grace"), now=datetime.now(UTC))
    finally:
        connection.close()


def test_companies_do_not_wait_for_each_other(company):
    """A second company is booked while the first one's calendars are kept by many."""
    other = make_offering(make_company("other"), "Talk")
    mine, start = make_offering(company, "Talk"), starts(1)[0]
    wanted = [other, *[mine] * (THREADS - 1)]

    outcome = at_once(lambda: book(wanted.pop(), start))

    assert sum(isinstance(one, StartRefused) for one in outcome) == THREADS - 2, outcome
