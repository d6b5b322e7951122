"""Clients who do not mind whom they meet."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.any_provider import AnyProvider, Candidate, choose
from visavis.core.availability import Availability
from visavis.core.hours import Timetable
from visavis.core.refusals import Refusal
from visavis.core.rules import Rules

from .strategies import cases

OPEN = Timetable(((0, 600),))


def provider(*, taken=(), joinable=None, open_=OPEN, seats=1):
    return Availability(
        rules=Rules(duration=60, step=60, seats=seats),
        zone=ZoneInfo("UTC"),
        now=0,
        company=OPEN,
        provider=open_,
        taken=taken,
        joinable=joinable or {},
    )


def candidate(key, booked=0, **what):
    return Candidate(key, provider(**what), booked)


@settings(max_examples=60, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=4))
def test_any_provider_offers_the_union_of_what_each_offers(drawn):
    window = drawn[0][1]
    providers = {key: Availability(**case) for key, (case, _) in enumerate(drawn)}

    offered = AnyProvider(providers).slots(window)

    assert offered == sorted({t for one in providers.values() for t in one.slots(window)})


def test_a_start_must_fit_into_one_calendar():
    first = provider(taken=[(30, 600)])
    second = provider(taken=[(0, 30), (60, 600)])

    assert AnyProvider({1: first, 2: second}).slots((0, 600)) == []


def test_the_free_are_named_in_the_order_given():
    team = AnyProvider({2: provider(), 3: provider(taken=[(0, 60)]), 1: provider()})

    assert team.free(0) == [2, 1]
    assert team.refusal(0) is None


def test_the_refusal_is_that_of_whoever_came_nearest():
    away = provider(open_=Timetable(((540, 600),)))
    team = AnyProvider({1: away, 2: provider(taken=[(0, 60)])})

    assert team.refusal(0) is Refusal.TAKEN


def test_nobody_at_all_is_a_mistake():
    with pytest.raises(ValueError, match=r"."):
        AnyProvider({}).refusal(0)


def test_an_open_group_appointment_is_joined_before_another_is_opened():
    joined = candidate(9, booked=5, taken=[(0, 60)], joinable={0: 3}, seats=8)

    assert choose(0, [candidate(1), joined]) == 9
    assert choose(60, [candidate(1), joined]) == 1


def test_the_least_booked_comes_first():
    assert choose(0, [candidate(1, booked=2), candidate(2, booked=1)]) == 2


def test_ties_go_to_the_smallest_key_in_whatever_order():
    assert choose(0, [candidate("b"), candidate("a")]) == "a"
    assert choose(0, [candidate("a"), candidate("b")]) == "a"


def test_who_cannot_is_not_chosen():
    assert choose(0, [candidate(1, taken=[(0, 60)]), candidate(2, booked=9)]) == 2
    assert choose(0, [candidate(1, taken=[(0, 60)])]) is None
    assert choose(0, []) is None
