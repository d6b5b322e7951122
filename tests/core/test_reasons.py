"""What a person is told when a start cannot be booked, one reason at a time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from visavis.core.availability import Availability
from visavis.core.hours import SpecialDay, TimeOff, Timetable, WeeklyHours, timetable
from visavis.core.refusals import OVERRIDABLE, Refusal
from visavis.core.rules import Rules
from visavis.core.spans import saturated

from . import oracle

PARIS = ZoneInfo("Europe/Paris")
WEEK = (oracle.instant(datetime(2027, 3, 1), PARIS), oracle.instant(datetime(2027, 3, 8), PARIS))


def at(day, hour, minute=0):
    return oracle.instant(datetime(2027, 3, day, hour, minute), PARIS)


def office(**others):
    weekly = [WeeklyHours(weekday, 540, 1020) for weekday in range(5)]
    return timetable(weekly=weekly, zone=PARIS, window=WEEK, **others)


def availability(*, rules=None, **others):
    given = {"zone": PARIS, "now": WEEK[0], "company": office(), "provider": office()}
    return Availability(rules=rules_of(**(rules or {})), **given | others)


def rules_of(**others):
    return Rules(**{"duration": 60, "step": 30} | others)


def test_nothing_stands_in_the_way_of_a_free_time():
    assert availability().reasons(at(1, 9)) == []


def test_what_has_begun_is_in_the_past():
    one = availability(now=at(1, 10), rules={"notice": 30})

    assert one.refusal(at(1, 9, 30)) is Refusal.IN_THE_PAST
    assert one.refusal(at(1, 10)) is Refusal.TOO_SOON
    assert one.refusal(at(1, 10, 30)) is None


def test_the_horizon_itself_can_still_be_booked():
    one = availability(now=at(1, 10), rules={"horizon": 24 * 60})

    assert one.refusal(at(2, 10)) is None
    assert one.refusal(at(2, 10, 30)) is Refusal.TOO_FAR_AHEAD


def test_the_company_is_named_before_the_provider():
    assert availability().reasons(at(6, 10)) == [
        Refusal.COMPANY_CLOSED,
        Refusal.PROVIDER_NOT_WORKING,
    ]


def test_each_kind_of_closing_has_its_own_name():
    one = availability(
        company=office(closed_days={date(2027, 3, 2)}, special=[SpecialDay(date(2027, 3, 3))]),
        provider=office(time_off=[TimeOff(datetime(2027, 3, 4, 9), datetime(2027, 3, 4, 12))]),
        offering=Timetable(((at(1, 9), at(1, 12)), (at(5, 9), at(5, 12)))),
    )

    assert one.refusal(at(2, 10)) is Refusal.PUBLIC_HOLIDAY
    assert one.refusal(at(3, 10)) is Refusal.SPECIAL_DAY_CLOSED
    assert one.reasons(at(4, 10)) == [Refusal.TIME_OFF, Refusal.OUTSIDE_OFFERING_HOURS]
    assert one.refusal(at(4, 13)) is Refusal.OUTSIDE_OFFERING_HOURS
    assert one.refusal(at(5, 11)) is None


def test_an_appointment_may_end_when_the_doors_close_but_not_later():
    one = availability()

    assert one.refusal(at(1, 16)) is None
    assert one.reasons(at(1, 16, 30)) == [Refusal.DOES_NOT_FIT]


def test_an_opening_of_just_the_right_length_has_one_start():
    one = availability(offering=Timetable(((at(1, 10), at(1, 11)), (at(1, 12), at(1, 12, 59)))))

    assert one.slots(WEEK) == [at(1, 10)]


def test_starts_are_half_hours_from_the_opening():
    assert availability().reasons(at(1, 9, 15)) == [Refusal.OFF_GRID]


def test_starts_count_from_when_all_are_open():
    one = availability(offering=Timetable(((at(1, 9, 10), at(1, 12)),)))

    assert one.slots(WEEK) == [at(1, 9, 10), at(1, 9, 40), at(1, 10, 10), at(1, 10, 40)]


def test_buffers_may_stick_out_of_the_opening_hours_where_allowed():
    buffers = {"buffer_before": 15, "buffer_after": 15}
    allowed = availability(rules=buffers)
    strict = availability(rules=buffers | {"buffer_may_overrun_closing": False})

    assert [allowed.refusal(at(1, 9)), allowed.refusal(at(1, 16))] == [None, None]
    assert strict.reasons(at(1, 9)) == [Refusal.DOES_NOT_FIT]
    assert strict.reasons(at(1, 16)) == [Refusal.DOES_NOT_FIT]
    assert strict.refusal(at(1, 9, 30)) is None
    assert strict.refusal(at(1, 15, 30)) is None


def test_a_taken_time_differs_from_a_touched_buffer():
    one = availability(
        rules={"buffer_after": 10},
        taken=[(at(1, 12), at(1, 13))],
        blocked=[(at(1, 12), at(1, 13, 20))],
    )

    assert one.refusal(at(1, 10, 30)) is None
    assert one.refusal(at(1, 11)) is Refusal.BUFFER
    assert one.reasons(at(1, 11, 30)) == [Refusal.TAKEN]
    assert one.reasons(at(1, 12, 30)) == [Refusal.TAKEN]
    assert one.reasons(at(1, 13)) == [Refusal.BUFFER]
    assert one.refusal(at(1, 13, 30)) is None


def test_other_calendars_keep_the_provider_busy_too():
    one = availability(rules={"buffer_before": 10}, elsewhere=[(at(1, 12), at(1, 13))])

    assert one.refusal(at(1, 11)) is None
    assert one.reasons(at(1, 11, 30)) == [Refusal.BUSY_ELSEWHERE]
    assert one.reasons(at(1, 13)) == [Refusal.BUFFER]


def test_buffers_do_not_need_the_meeting_host():
    one = availability(
        rules={"buffer_before": 10, "buffer_after": 10},
        host_busy=saturated([(at(1, 12), at(1, 13)), (at(1, 12, 30), at(1, 13, 30))], 2),
    )

    assert one.refusal(at(1, 11, 30)) is None
    assert one.reasons(at(1, 12)) == [Refusal.MEETING_HOST_BUSY]
    assert one.refusal(at(1, 13)) is None


def test_a_full_local_day_takes_no_further_appointment():
    one = availability(rules={"day_limit": 2}, taken=[(at(1, 0), at(1, 1)), (at(1, 23), at(2, 0))])

    assert one.reasons(at(1, 10)) == [Refusal.DAY_LIMIT_REACHED]
    assert one.refusal(at(2, 9)) is None
    assert (
        availability(rules={"day_limit": 2}, taken=[(at(1, 0), at(1, 1))]).refusal(at(1, 10))
        is None
    )


def test_an_open_group_appointment_can_be_joined_while_seats_last():
    group = {
        "rules": {"seats": 8, "places": 2},
        "taken": [(at(1, 10), at(1, 11)), (at(1, 14), at(1, 15))],
    }
    one = availability(**group, joinable={at(1, 10): 2, at(1, 14): 1})

    assert one.joins(at(1, 10))
    assert one.refusal(at(1, 10)) is None
    assert one.refusal(at(1, 10, 30)) is Refusal.TAKEN
    assert not one.joins(at(1, 14))
    assert one.reasons(at(1, 14)) == [Refusal.NOT_ENOUGH_SEATS]
    assert at(1, 10) in one.slots(WEEK)
    assert at(1, 14) not in one.slots(WEEK)


def test_an_appointment_that_stands_can_be_joined_outside_todays_hours():
    one = availability(taken=[(at(6, 20), at(6, 21))], joinable={at(6, 20): 1})

    assert one.refusal(at(6, 20)) is None
    assert one.slots((at(6, 0), at(7, 0))) == [at(6, 20)]


def test_joining_needs_as_much_notice_as_opening():
    one = availability(now=at(1, 9), joinable={at(1, 10): 1}, rules={"notice": 120})

    assert one.reasons(at(1, 10)) == [Refusal.TOO_SOON]
    assert at(1, 10) not in one.slots(WEEK)


def test_nobody_joins_where_the_host_has_more_meetings_than_it_can_lead():
    one = availability(
        taken=[(at(1, 10), at(1, 11)), (at(1, 14), at(1, 15))],
        joinable={at(1, 10): 2, at(1, 14): 2},
        host_busy=[(at(1, 10), at(1, 11)), (at(1, 14), at(1, 15))],
        host_overbooked=[(at(1, 14, 59), at(1, 15, 30))],
    )

    assert one.reasons(at(1, 10)) == []
    assert one.reasons(at(1, 14)) == [Refusal.MEETING_HOST_BUSY]
    assert one.full(WEEK) == []
    assert at(1, 10) in one.slots(WEEK)
    assert at(1, 14) not in one.slots(WEEK)


def test_a_class_can_only_be_joined():
    one = availability(
        rules={"sessions_only": True, "seats": 8},
        taken=[(at(2, 18), at(2, 19))],
        joinable={at(2, 18): 3},
    )

    assert one.slots(WEEK) == [at(2, 18)]
    assert one.reasons(at(2, 10)) == [Refusal.NO_SESSION]


def test_more_places_than_seats_are_never_offered():
    one = availability(rules={"seats": 2, "places": 3})

    assert one.slots(WEEK) == []
    assert one.reasons(at(1, 9)) == [Refusal.NOT_ENOUGH_SEATS]


def test_staff_may_set_aside_rules_but_not_time():
    one = availability(
        now=at(1, 8), rules={"notice": 600, "buffer_before": 30}, taken=[(at(1, 9), at(1, 10))]
    )

    assert one.refusal(at(1, 10), overriding={Refusal.TOO_SOON, Refusal.BUFFER}) is None
    assert one.refusal(at(1, 10), overriding={Refusal.TOO_SOON}) is Refusal.BUFFER
    assert one.refusal(at(1, 9, 45), overriding=OVERRIDABLE) is Refusal.TAKEN
    with pytest.raises(ValueError, match="cannot be overridden"):
        one.refusal(at(1, 9), overriding={Refusal.TAKEN})


def test_only_gone_time_and_seats_are_final():
    assert {why for why in Refusal if not why.overridable} == {
        Refusal.NO_SESSION,
        Refusal.NOT_ENOUGH_SEATS,
        Refusal.TAKEN,
        Refusal.BUSY_ELSEWHERE,
        Refusal.MEETING_HOST_BUSY,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": 0},
        {"step": 0},
        {"seats": 0},
        {"places": 0},
        {"buffer_before": -1},
        {"buffer_after": -1},
        {"notice": -1},
        {"horizon": -1},
        {"day_limit": 0},
        {"duration": 2881},
        {"duration": 2880, "buffer_after": 1},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        rules_of(**wrong)
