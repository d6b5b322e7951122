"""What becomes of an operation that the database breaks off."""

import pytest
from django.db import OperationalError

from booking_site.visits import at, book
from visavis.bookings import clients
from visavis.bookings.models import Booking, Client
from visavis.bookings.transactions import Busy, one_transaction

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def broken_off(times, sqlstate="40P01"):
    """Return an operation that is broken off so many times before it works, and its tries."""
    tries = []

    @one_transaction
    def operation():
        tries.append(len(tries) + 1)
        if len(tries) <= times:
            raise OperationalError("broken off") from Broken(sqlstate)
        return "done"

    return operation, tries


def test_after_a_deadlock_it_is_tried_again():
    operation, tries = broken_off(2)

    assert operation() == "done"
    assert tries == [1, 2, 3]


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_who_never_gets_through_is_told_to_try_again(sqlstate):
    operation, tries = broken_off(99, sqlstate)

    with pytest.raises(Busy):
        operation()

    assert tries == [1, 2, 3]


def test_a_lock_that_never_came_free_is_not_waited_for_again():
    operation, tries = broken_off(99, "55P03")

    with pytest.raises(Busy):
        operation()

    assert tries == [1]


def test_an_operation_inside_another_is_tried_again_with_it():
    inner, tries = broken_off(2)

    @one_transaction
    def outer():
        return inner()

    assert outer() == "done"
    assert tries == [1, 2, 3]


def test_other_troubles_of_the_database_are_no_lost_races():
    operation, tries = broken_off(1, "57P01")

    with pytest.raises(OperationalError):
        operation()

    assert tries == [1]


def test_a_client_who_was_made_meanwhile_is_found(company, service, now, monkeypatch):
    grace = Client.objects.create(
        company=company, name="Grace Demo", email="grace@example.com", created_at=now
    )
    look, looks = clients._with_address, []

    def too_early(company, email):
        looks.append(email)
        return look(company, email) if len(looks) > 1 else None

    monkeypatch.setattr(clients, "_with_address", too_early)

    booking = book(service, at(10), clients.ClientDetails(name="Grace", email="Grace@example.com"))

    assert booking.client == grace
    assert Booking.objects.count() == 1
