"""What an availability offers and refuses, whatever the calendar."""

from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from visavis.core.availability import Availability
from visavis.core.hours import Timetable
from visavis.core.refusals import OVERRIDABLE, Refusal
from visavis.core.rules import Rules

from . import oracle
from .strategies import cases, spans

CALENDARS = ("taken", "blocked", "host_busy", "host_overbooked", "elsewhere")
CAREFUL = settings(max_examples=80, deadline=None)


def moved(case, by):
    def move(spans):
        return [(start + by, end + by) for start, end in spans]

    return case | {
        "now": case["now"] + by,
        "joinable": {start + by: left for start, left in case["joinable"].items()},
        **{name: move(case[name]) for name in CALENDARS},
        **{
            name: case[name] and Timetable(tuple(move(case[name].open)))
            for name in ("company", "provider", "offering")
        },
    }


@CAREFUL
@given(cases())
def test_the_starts_are_those_an_oracle_finds_minute_by_minute(drawn):
    case, window = drawn

    assert Availability(**case).slots(window) == oracle.slots(case, window)


@CAREFUL
@given(cases())
def test_a_start_is_offered_exactly_if_it_is_not_refused(drawn):
    case, window = drawn
    availability = Availability(**case)

    offered = availability.slots(window)

    assert offered == [t for t in range(*window) if availability.refusal(t) is None]


@CAREFUL
@given(cases())
def test_what_is_possible_is_ascending_and_holds_every_slot(drawn):
    case, window = drawn
    availability = Availability(**case)

    possible = list(availability.possible(window))

    assert possible == sorted(set(possible))
    assert set(possible) >= set(availability.slots(window))


@CAREFUL
@given(cases())
def test_the_refusal_is_the_first_of_the_reasons(drawn):
    case, window = drawn
    availability = Availability(**case)

    for start in range(*window, 11):
        reasons = availability.reasons(start)
        assert availability.refusal(start) == (reasons[0] if reasons else None)
        assert len(set(reasons)) == len(reasons)
        assert reasons == sorted(reasons, key=lambda why: why.rank)


@CAREFUL
@given(cases(), st.sets(st.sampled_from(sorted(OVERRIDABLE))))
def test_overriding_leaves_the_first_reason_that_is_not_set_aside(drawn, overriding):
    case, window = drawn
    availability = Availability(**case)

    for start in range(*window, 13):
        left = [why for why in availability.reasons(start) if why not in overriding]
        assert availability.refusal(start, overriding=overriding) == (left[0] if left else None)


@CAREFUL
@given(cases(), st.data())
def test_staff_who_set_everything_aside_still_cannot_book_a_taken_time(drawn, data):
    case, window = drawn
    availability = Availability(**case)
    taken = oracle.minutes(case["taken"])
    start = data.draw(st.integers(*window))
    assume(start not in case["joinable"])

    refused = availability.refusal(start, overriding=OVERRIDABLE)

    if not taken.isdisjoint(range(start, start + case["rules"].duration)):
        assert refused is not None


@CAREFUL
@given(cases())
def test_a_booked_start_is_gone(drawn):
    case, window = drawn
    availability = Availability(**case)

    for start in availability.slots(window)[:5]:
        if availability.joins(start):
            continue
        rules = case["rules"]
        after = case | {
            "taken": [*case["taken"], rules.meeting(start)],
            "blocked": [*case["blocked"], rules.blocked(start)],
        }
        gone = Availability(**after).reasons(start)
        assert Refusal.TAKEN in gone
        assert start not in Availability(**after).slots(window)


@CAREFUL
@given(cases(), st.data())
def test_more_busy_time_never_opens_a_start(drawn, data):
    case, window = drawn
    name = data.draw(st.sampled_from(CALENDARS))
    more = data.draw(spans(window[0] + 300))
    busier = case | {name: [*case[name], *more]}

    assert set(Availability(**busier).slots(window)) <= set(Availability(**case).slots(window))


@CAREFUL
@given(cases(), st.integers(-100, 100), st.integers(0, 1439))
def test_moving_everything_moves_the_starts(drawn, days, minutes):
    case, window = drawn
    case["zone"] = ZoneInfo("UTC")
    lasting = any(
        table and any(end - start > 1440 for start, end in table.open)
        for table in (case["company"], case["provider"], case["offering"])
    )
    by_the_day = lasting or case["rules"].day_limit is not None
    by = days * 1440 + (0 if by_the_day else minutes)

    there = Availability(**moved(case, by)).slots((window[0] + by, window[1] + by))

    assert there == [start + by for start in Availability(**case).slots(window)]


@CAREFUL
@given(cases(), st.data())
def test_a_narrow_window_shows_its_part_of_a_wide_one(drawn, data):
    case, window = drawn
    first = data.draw(st.integers(*window))
    last = data.draw(st.integers(first, window[1]))
    availability = Availability(**case)

    inside = [start for start in availability.slots(window) if first <= start < last]

    assert availability.slots((first, last)) == inside


@given(cases())
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_lists_does_not_matter(drawn):
    case, window = drawn
    turned = case | {name: case[name][::-1] for name in CALENDARS}

    assert Availability(**turned).slots(window) == Availability(**case).slots(window)


@example(1)
@given(st.integers(1, 2000))
def test_empty_busy_spans_keep_nobody_from_booking(minute):
    day = Timetable(((0, 3000),))
    rules = Rules(duration=3000, step=1) if minute < 0 else Rules(duration=2000, step=1)

    availability = Availability(
        rules=rules,
        zone=ZoneInfo("UTC"),
        now=0,
        company=day,
        provider=day,
        taken=[(minute, minute)],
    )

    assert availability.refusal(0) is None


@CAREFUL
@given(cases())
def test_full_are_the_appointments_that_only_their_seats_keep_one_from_joining(drawn):
    case, window = drawn
    availability = Availability(**case)

    full = availability.full(window)

    assert full == [
        t
        for t in range(*window)
        if t in case["joinable"] and availability.refusal(t) is Refusal.NOT_ENOUGH_SEATS
    ]


@CAREFUL
@given(cases())
def test_seats_left_are_those_of_the_appointment_there_or_of_a_new_one(drawn):
    case, window = drawn
    availability = Availability(**case)

    left = {t: availability.seats_left(t) for t in availability.slots(window)}

    assert left == {t: case["joinable"].get(t, case["rules"].seats) for t in left}
    assert all(seats >= case["rules"].places for seats in left.values())
