from datetime import UTC, date, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings import days_left_out, handing_over, sessions
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment
from visavis.bookings.operations import appointments, ending, making
from visavis.bookings.operations.making import Wish
from visavis.catalog.models import ClassSchedule, TimeOff

pytestmark = pytest.mark.django_db

# Mondays at six in the evening in Paris; NOW is Monday morning.
FIRST = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def yoga(company, provider):
    return make_service(
        company, "Yoga", [provider], kind="class", seats=8, duration_minutes=60, horizon_days=21
    )


@pytest.fixture
def schedule(yoga, provider):
    return ClassSchedule(
        offering=yoga,
        provider=provider,
        first_day=date(2027, 3, 1),
        starts=18 * 60,
        rule="FREQ=WEEKLY;BYDAY=MO",
    )


def starts(**which):
    rows = Appointment.objects.filter(**which).order_by("starts_at")
    return list(rows.values_list("starts_at", flat=True))


def book(offering, starts_at, now):
    return making.book(
        Wish(offering=offering, starts_at=starts_at),
        ClientDetails(name="Grace", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=now,
    )


def test_saving_a_schedule_makes_sessions_up_to_the_horizon(schedule, now):
    changed = sessions.save_schedule(schedule, now=now)

    assert starts() == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    assert changed.made.skipped == []
    assert set(Appointment.objects.values_list("seats", "seats_taken")) == {(8, 0)}


def test_making_sessions_again_makes_none_twice(schedule, now):
    sessions.save_schedule(schedule, now=now)

    assert sessions.make_due_sessions(now) == 0
    assert sessions.make_due_sessions(now + WEEK) == 1
    assert len(starts()) == 4


def test_a_cancelled_session_does_not_come_back(schedule, owner, now):
    sessions.save_schedule(schedule, now=now)
    second = Appointment.objects.get(starts_at=FIRST + WEEK)
    appointments.cancel(second, by=by_staff(owner), now=now, why="Ill")

    sessions.save_schedule(schedule, now=now)

    assert starts(active=True) == [FIRST, FIRST + 2 * WEEK]


def test_a_moved_session_stays_where_it_was_moved(schedule, owner, provider, now):
    sessions.save_schedule(schedule, now=now)
    second = Appointment.objects.get(starts_at=FIRST + WEEK)
    moved_to = FIRST + WEEK - timedelta(hours=4)
    appointments.move(second, starts_at=moved_to, provider=provider, by=by_staff(owner), now=now)

    sessions.save_schedule(schedule, now=now)

    assert starts(active=True) == [FIRST, moved_to, FIRST + 2 * WEEK]


def test_a_session_that_would_overlap_is_left_out_and_said_so(company, schedule, provider, now):
    talk = make_service(company, "Talk", [provider])
    Appointment.objects.create(
        company=company,
        offering=talk,
        provider=provider,
        starts_at=FIRST + WEEK + timedelta(minutes=30),
        ends_at=FIRST + WEEK + timedelta(minutes=60),
        blocked_from=FIRST + WEEK + timedelta(minutes=30),
        blocked_until=FIRST + WEEK + timedelta(minutes=60),
        seats=1,
        created_at=now,
    )

    changed = sessions.save_schedule(schedule, now=now)

    assert changed.made.skipped == [FIRST + WEEK]
    assert sessions.left_out(schedule, now=now) == [FIRST + WEEK]


def test_no_session_is_made_while_its_provider_is_away(company, schedule, provider, now):
    TimeOff.objects.create(
        company=company,
        provider=provider,
        first_day=date(2027, 3, 8),
        last_day=date(2027, 3, 8),
    )

    sessions.save_schedule(schedule, now=now)

    assert starts() == [FIRST, FIRST + 2 * WEEK]


def test_a_changed_schedule_makes_empty_sessions_anew_and_keeps_booked_ones(schedule, yoga, now):
    sessions.save_schedule(schedule, now=now)
    book(yoga, FIRST + WEEK, now)
    schedule.starts = 19 * 60

    changed = sessions.save_schedule(schedule, now=now)

    hour = timedelta(hours=1)
    assert [one.starts_at for one in changed.kept] == [FIRST + WEEK]
    assert starts() == [FIRST + hour, FIRST + WEEK, FIRST + WEEK + hour, FIRST + 2 * WEEK + hour]


def test_ending_a_schedule_keeps_only_what_is_booked(schedule, yoga, now):
    sessions.save_schedule(schedule, now=now)
    book(yoga, FIRST + WEEK, now)

    kept = sessions.end_schedule(schedule, now=now)

    assert [one.starts_at for one in kept] == starts() == [FIRST + WEEK]
    assert sessions.make_due_sessions(now) == 0


def test_a_session_left_by_everybody_ends_with_its_schedule(schedule, yoga, owner, now):
    sessions.save_schedule(schedule, now=now)
    ending.cancel(book(yoga, FIRST + WEEK, now), by=by_staff(owner), now=now)

    sessions.end_schedule(schedule, now=now)

    assert starts(active=True) == []
    assert starts() == [FIRST + WEEK]


def test_the_class_stays_at_six_when_the_clocks_change(schedule, yoga, now):
    yoga.horizon_days = 60
    yoga.save()

    sessions.save_schedule(schedule, now=now)

    assert datetime(2027, 3, 29, 16, 0, tzinfo=UTC) in starts()


def test_after_its_last_day_a_class_has_no_sessions(schedule, now):
    schedule.last_day = date(2027, 3, 8)

    sessions.save_schedule(schedule, now=now)

    assert starts() == [FIRST, FIRST + WEEK]


def test_a_schedule_that_cannot_be_followed_does_not_stop_the_others(schedule, yoga, provider, now):
    ClassSchedule.objects.create(
        offering=yoga, provider=provider, first_day=date(2027, 3, 1), starts=600, rule="FREQ=NEVER"
    )
    schedule.save()

    assert sessions.make_due_sessions(now) == 3


def leave_out(schedule, start, now):
    days_left_out.leave_out(schedule, start.date(), now=now)
    schedule.refresh_from_db()


def test_a_day_left_out_has_no_session(schedule, now):
    sessions.save_schedule(schedule, now=now)

    leave_out(schedule, FIRST + WEEK, now)

    assert starts(active=True) == [FIRST, FIRST + 2 * WEEK]
    sessions.make_due_sessions(now)
    assert starts(active=True) == [FIRST, FIRST + 2 * WEEK]
    assert sessions.left_out(schedule, now=now) == []


def test_a_day_put_back_has_its_session_again(schedule, now):
    sessions.save_schedule(schedule, now=now)
    leave_out(schedule, FIRST + WEEK, now)

    made = days_left_out.put_back(schedule, (FIRST + WEEK).date(), now=now)

    assert [one.starts_at for one in made.sessions] == [FIRST + WEEK]
    assert starts(active=True) == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]


def test_a_booked_session_must_be_cancelled_rather_than_left_out(schedule, yoga, now):
    sessions.save_schedule(schedule, now=now)
    book(yoga, FIRST + WEEK, now)

    with pytest.raises(days_left_out.SessionBooked):
        leave_out(schedule, FIRST + WEEK, now)


def test_a_day_without_a_session_is_not_left_out(schedule, now):
    sessions.save_schedule(schedule, now=now)

    with pytest.raises(days_left_out.NotThatDay):
        leave_out(schedule, FIRST + timedelta(days=1), now)


def test_a_cancelled_session_does_not_return_at_another_time(schedule, yoga, owner, now):
    sessions.save_schedule(schedule, now=now)
    book(yoga, FIRST + WEEK, now)
    session = Appointment.objects.get(starts_at=FIRST + WEEK)
    appointments.cancel(session, by=by_staff(owner), now=now, why="Ill")

    # As a form has it that was opened before.
    schedule.starts += 15
    sessions.save_schedule(schedule, now=now)

    later = timedelta(minutes=15)
    assert starts(active=True) == [FIRST + later, FIRST + 2 * WEEK + later]


def test_a_day_left_out_stays_so_whoever_takes_over(schedule, company, owner, now):
    sessions.save_schedule(schedule, now=now)
    leave_out(schedule, FIRST + 2 * WEEK, now)
    other = make_provider(company, "Bea Demo")

    handing_over.hand_over(
        schedule, other, since=(FIRST + WEEK).date(), by=by_staff(owner), now=now, why=""
    )

    assert starts(active=True) == [FIRST, FIRST + WEEK]
