"""What becomes of a booking, and who decides."""

from itertools import product

import pytest

from visavis.core.policies import (
    SEATED,
    TRANSITIONS,
    Actor,
    ChangePolicy,
    ChangeRefusal,
    State,
    cancel_refusal,
    may_become,
    move_refusal,
)

EXPECTED = """
    held      pending    client staff
    held      confirmed  client staff
    held      cancelled  client staff clock
    pending   confirmed  staff
    pending   cancelled  client staff clock
    confirmed cancelled  client staff
    confirmed completed  staff clock
    confirmed no_show    staff
    completed no_show    staff
    no_show   completed  staff
"""
START = 1000


def cancel(policy=None, *, state=State.CONFIRMED, now=0):
    return cancel_refusal(policy or ChangePolicy(), state=state, start=START, now=now)


def move(policy=None, *, state=State.CONFIRMED, now=0, moved=0):
    return move_refusal(policy or ChangePolicy(), state=state, start=START, now=now, moved=moved)


def test_only_the_listed_changes_are_possible():
    allowed = {
        (words[0], words[1], actor)
        for words in map(str.split, EXPECTED.strip().splitlines())
        for actor in words[2:]
    }

    possible = {
        (state, target, actor)
        for state, target, actor in product(State, State, Actor)
        if may_become(state, target, by=actor)
    }

    assert possible == allowed


def test_every_state_stands_in_the_table():
    assert set(TRANSITIONS) == set(State)


def test_all_but_the_cancelled_take_a_seat():
    assert set(State) - SEATED == {State.CANCELLED}


@pytest.mark.parametrize("ask", [cancel, move])
@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.CANCELLED, ChangeRefusal.ALREADY_CANCELLED),
        (State.COMPLETED, ChangeRefusal.ALREADY_OVER),
        (State.NO_SHOW, ChangeRefusal.ALREADY_OVER),
        (State.PENDING, None),
        (State.CONFIRMED, None),
    ],
)
def test_a_settled_booking_stays_as_it_is(ask, state, why):
    assert ask(state=state) is why


@pytest.mark.parametrize("ask", [cancel, move])
def test_the_notice_ends_on_its_last_minute(ask):
    policy = ChangePolicy(cancel_notice=60, move_notice=60)

    assert ask(policy, now=START - 60) is None
    assert ask(policy, now=START - 59) is ChangeRefusal.TOO_LATE
    assert ask(policy, now=START) is ChangeRefusal.ALREADY_STARTED


def test_cancelling_and_moving_have_notices_of_their_own():
    policy = ChangePolicy(cancel_notice=60, move_notice=None)

    assert cancel(policy) is None
    assert move(policy) is ChangeRefusal.NOT_ALLOWED
    assert cancel(ChangePolicy(cancel_notice=None)) is ChangeRefusal.NOT_ALLOWED


def test_without_notice_a_booking_can_change_until_it_starts():
    assert cancel(now=START - 1) is None
    assert cancel(now=START) is ChangeRefusal.ALREADY_STARTED


def test_a_booking_is_moved_only_so_often():
    policy = ChangePolicy(moves_max=2)

    assert move(policy, moved=1) is None
    assert move(policy, moved=2) is ChangeRefusal.MOVED_TOO_OFTEN
    assert move(moved=99) is None


def test_a_hold_may_be_let_go_but_not_moved():
    assert cancel(ChangePolicy(cancel_notice=None), state=State.HELD, now=START) is None
    assert move(state=State.HELD) is ChangeRefusal.NOT_BOOKED_YET
