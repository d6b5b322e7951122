from datetime import UTC, datetime, timedelta

import pytest

from visavis.bookings import policies
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Booking
from visavis.bookings.operations import ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.bookings.policies import ChangeRefused
from visavis.companies import features
from visavis.core.policies import ChangeRefusal

pytestmark = pytest.mark.django_db

# Ten in Paris, eleven days ahead of the fixed moment.
TEN = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def booking(service, now):
    return making.book(
        Wish(offering=service, starts_at=TEN),
        ClientDetails(name="Grace Demo", email="grace@example.com"),
        by=by_client("Grace Demo"),
        now=now,
    )


def test_a_client_may_change_a_booking_until_the_notice_begins(booking):
    assert policies.cancellable_until(booking) == policies.movable_until(booking) == TEN - DAY
    assert policies.cancel_refusal(booking, now=TEN - DAY) is None
    assert policies.move_refusal(booking, now=TEN - DAY) is None


def test_a_minute_later_it_is_too_late(booking):
    later = policies.movable_until(booking) + timedelta(seconds=1)

    assert policies.cancel_refusal(booking, now=later) is ChangeRefusal.TOO_LATE
    assert policies.move_refusal(booking, now=later) is ChangeRefusal.TOO_LATE


def test_moving_and_cancelling_each_have_a_notice(booking, company):
    company.cancel_notice_minutes, company.move_notice_minutes = 120, 0
    company.save()
    booking.company.refresh_from_db()

    last = policies.cancellable_until(booking)
    later = last + timedelta(seconds=1)

    assert last == TEN - timedelta(hours=2)
    assert policies.cancel_refusal(booking, now=later) is ChangeRefusal.TOO_LATE
    assert policies.move_refusal(booking, now=later) is None


def test_without_client_cancelling_nothing_is_cancelled_but_moved(booking, company, now):
    features.switch(company, features.CANCELLING, on=False)

    assert policies.cancel_refusal(booking, now=now) is ChangeRefusal.NOT_ALLOWED
    assert policies.move_refusal(booking, now=now) is None


def test_no_booking_is_moved_more_often_than_the_company_allows(booking, now):
    booking.moves = booking.company.moves_allowed

    assert policies.move_refusal(booking, now=now) is ChangeRefusal.MOVED_TOO_OFTEN
    assert policies.cancel_refusal(booking, now=now) is None


def test_without_client_rescheduling_nothing_is_moved_but_cancelled(booking, company, now):
    features.switch(company, features.RESCHEDULING, on=False)

    assert policies.move_refusal(booking, now=now) is ChangeRefusal.NOT_ALLOWED
    assert policies.cancel_refusal(booking, now=now) is None


def test_a_cancelled_booking_stays_cancelled(booking, now):
    cancelled = ending.cancel(booking, by=by_client("Grace Demo"), now=now)

    assert policies.cancel_refusal(cancelled, now=now) is ChangeRefusal.ALREADY_CANCELLED


CLIENT = by_client("Grace Demo")


def move(booking, now, by=CLIENT, hours=1):
    later = TEN + timedelta(hours=hours)
    return moving.move(booking, starts_at=later, provider=None, by=by, now=now)


def test_operations_refuse_a_client_what_comes_too_late(booking):
    later = policies.movable_until(booking) + timedelta(seconds=1)

    for change in (move, lambda booking, now: ending.cancel(booking, by=CLIENT, now=now)):
        with pytest.raises(ChangeRefused) as refused:
            change(booking, later)
        assert refused.value.why is ChangeRefusal.TOO_LATE
    booking.refresh_from_db()
    assert (booking.status, booking.moves) == ("confirmed", 0)


def test_operations_count_moves_as_the_database_has_them(booking, company, now):
    company.moves_allowed = 1
    company.save()
    as_it_was = Booking.objects.select_related("company", "appointment__offering__company").get()
    move(booking, now)

    with pytest.raises(ChangeRefused) as refused:
        move(as_it_was, now, hours=2)

    assert refused.value.why is ChangeRefusal.MOVED_TOO_OFTEN


def test_staff_are_not_bound_by_what_clients_may_do(booking, company, owner):
    company.moves_allowed = 0
    company.save()
    later = policies.movable_until(booking) + timedelta(hours=1)

    moved = move(booking, later, by=by_staff(owner))

    assert ending.cancel(moved, by=by_staff(owner), now=later).status == "cancelled"
