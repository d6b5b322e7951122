"""What becomes of an operation that the database breaks off."""

import pytest
from django.db import OperationalError

from visavis.bookings.seats import StartRefused
from visavis.bookings.transactions import one_transaction
from visavis.core.refusals import Refusal

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
def test_who_never_gets_through_has_lost_the_race(sqlstate):
    operation, tries = broken_off(99, sqlstate)

    with pytest.raises(StartRefused) as refused:
        operation()

    assert refused.value.why == Refusal.TAKEN
    assert tries == [1, 2, 3]


def test_other_troubles_of_the_database_are_no_lost_races():
    operation, tries = broken_off(1, "57P01")

    with pytest.raises(OperationalError):
        operation()

    assert tries == [1]
