"""What the guard and the constraint are worth: the same rush with one of them, and with neither.

A test of races that cannot lose proves nothing.
"""

from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection

from races.crowd import SIZE, Crowd
from races.practice import (
    book,
    faults,
    make_company,
    make_offering,
    move,
    public,
    standing,
    starts,
)
from races.server import web
from visavis.bookings.constraints import NoOverlap
from visavis.bookings.models import Appointment

ROUNDS_AT_MOST = 20


@pytest.fixture(scope="module")
def unguarded(database_url, tmp_path_factory):
    if connection.vendor == "postgresql":
        # Bare inserts may wait for each other in a circle, a whole second each time.
        database_url += "?options=-c%20deadlock_timeout%3D20ms"
    folder = tmp_path_factory.mktemp("unguarded")
    with web(folder, database_url=database_url, settings="races.unguarded") as base:
        made = Crowd(base)
        yield made
        made.close()


@contextmanager
def without_constraint():
    """Take the constraint away, and put it back over appointments that are all called off."""
    constraint = next(one for one in Appointment._meta.constraints if isinstance(one, NoOverlap))
    _execute(constraint.remove_sql)
    try:
        yield
    finally:
        Appointment.objects.update(active=False)
        _execute(constraint.create_sql)


def _execute(statement):
    with connection.schema_editor() as editor:
        sql = statement(Appointment, editor)
        if sql:
            editor.execute(sql)


def test_the_constraint_alone_gives_the_seat_to_one(unguarded, transactional_db):
    talk = make_offering(make_company(), "Talk")
    start = starts(1)[0]

    answers = unguarded.rush([public(talk, start) for _n in range(SIZE)])

    assert Counter(answer.status for answer in answers) == {302: 1, 422: SIZE - 1}
    assert len(standing(talk.company)[start]) == 1


def test_without_guard_and_constraint_the_seat_is_given_twice(unguarded, transactional_db):
    talk = make_offering(make_company(), "Talk")
    with without_constraint():
        for start in starts(ROUNDS_AT_MOST):
            answers = unguarded.rush([public(talk, start) for _n in range(SIZE)])
            if sum(answer.granted for answer in answers) > 1:
                break

        assert sum(answer.granted for answer in answers) == len(standing(talk.company)[start]) > 1
        assert "overlaps" in faults(talk.company)[0]


def test_the_guard_alone_gives_the_seat_to_one(crowd, transactional_db):
    talk = make_offering(make_company(), "Talk")
    with without_constraint():
        answers = crowd.rush([public(talk, starts(1)[0]) for _n in range(SIZE)])

        assert Counter(answer.status for answer in answers) == {302: 1, 422: SIZE - 1}
        assert faults(talk.company) == []


def test_without_guard_and_constraint_a_seat_is_moved_to_twice(unguarded, transactional_db):
    talk = make_offering(make_company(), "Talk")
    moments = starts(SIZE + ROUNDS_AT_MOST)
    moving = [book(talk, start) for start in moments[:SIZE]]
    with without_constraint():
        for wanted in moments[SIZE:]:
            answers = unguarded.rush([move(one, wanted) for one in moving])
            if sum(answer.granted for answer in answers) > 1:
                break

        assert sum(answer.granted for answer in answers) == len(standing(talk.company)[wanted]) > 1
        assert any("overlaps" in fault for fault in faults(talk.company))


def test_without_guard_and_constraint_any_provider_is_given_twice(unguarded, transactional_db):
    talk = make_offering(make_company(), "Talk", providers=3)
    with without_constraint():
        for start in starts(ROUNDS_AT_MOST):
            answers = unguarded.rush([public(talk, start) for _n in range(SIZE)])
            if sum(answer.granted for answer in answers) > 3:
                break

        assert sum(answer.granted for answer in answers) == len(standing(talk.company)[start]) > 3
        assert any("overlaps" in fault for fault in faults(talk.company))


def test_the_guard_alone_moves_one_there(crowd, transactional_db):
    talk = make_offering(make_company(), "Talk")
    wanted, *others = starts(SIZE + 1)
    orders = [move(book(talk, start), wanted) for start in others]
    with without_constraint():
        answers = crowd.rush(orders)

        assert sum(answer.granted for answer in answers) == len(standing(talk.company)[wanted]) == 1
        assert faults(talk.company) == []
