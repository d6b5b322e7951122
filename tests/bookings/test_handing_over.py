"""Substitutes, and providers who take a class over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings import handing_over, sessions
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.handing_over import NothingLeft
from visavis.bookings.models import Appointment
from visavis.bookings.operations import appointments, making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.catalog import operations as catalog
from visavis.catalog.models import ClassSchedule, TimeOff
from visavis.catalog.operations import Hours
from visavis.companies import features
from visavis.core.refusals import Refusal
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

# Mondays at six in the evening in Paris; NOW is Monday morning.
FIRST = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND, THIRD, FOURTH = FIRST + WEEK, FIRST + 2 * WEEK, FIRST + 3 * WEEK


@pytest.fixture
def yoga(company, provider):
    return make_service(company, "Yoga", [provider], kind="class", seats=8, horizon_days=22)


@pytest.fixture
def bea(company):
    return make_provider(company, "Bea Demo")


@pytest.fixture
def schedule(yoga, provider, now):
    made = ClassSchedule(
        offering=yoga,
        provider=provider,
        first_day=date(2027, 3, 1),
        starts=18 * 60,
        rule="FREQ=WEEKLY;BYDAY=MO",
    )
    sessions.save_schedule(made, now=now)
    return made


@pytest.fixture
def hand_over(schedule, bea, owner, now):
    def hand(since=date(2027, 3, 15), to=bea):
        return handing_over.hand_over(
            schedule, to, since=since, by=by_staff(owner), now=now, why="New term"
        )

    return hand


def leaders():
    """Who leads each session that takes place."""
    rows = Appointment.objects.active().filter(offering__name="Yoga").order_by("starts_at")
    return [
        (start, name.split()[0]) for start, name in rows.values_list("starts_at", "provider__name")
    ]


def book(offering, starts_at, now):
    return making.book(
        Wish(offering=offering, starts_at=starts_at),
        ClientDetails(name="Grace", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=now,
    )


def absent(provider, day):
    TimeOff.objects.create(company=provider.company, provider=provider, first_day=day, last_day=day)


def test_a_schedule_changes_hands_on_a_day(hand_over, schedule, now):
    handed = hand_over()

    assert (handed.count, handed.kept) == (2, [])
    assert leaders() == [(FIRST, "Ada"), (SECOND, "Ada"), (THIRD, "Bea"), (FOURTH, "Bea")]
    assert sessions.make_due_sessions(now) == 0
    assert sessions.make_due_sessions(now + WEEK) == 1
    # The clocks have changed: it is still six in the evening.
    assert leaders()[-1] == (FOURTH + WEEK - timedelta(hours=1), "Bea")


def test_bookings_and_links_outlive_the_change(company, hand_over, schedule, yoga, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    yoga.online = True
    yoga.save()
    booking = book(yoga, THIRD, now)
    (link,) = JoinLink.objects.filter(side=JoinLink.Side.CLIENT)

    hand_over()

    booking.refresh_from_db()
    assert (booking.status, booking.appointment.provider.name) == ("confirmed", "Bea Demo")
    assert booking.appointment.starts_at == THIRD
    (after,) = JoinLink.objects.standing().filter(side=JoinLink.Side.CLIENT)
    assert (after.token, after.meeting) == (link.token, booking.appointment.meeting)
    led_by = JoinLink.objects.standing().get(side=JoinLink.Side.PROVIDER)
    assert led_by.name == "Bea Demo"
    assert Message.objects.filter(audience="client", event="changed").count() == 1


def test_from_the_first_day_on_it_stays_one_schedule(hand_over, schedule):
    hand_over(since=date(2027, 2, 1))

    assert [one.provider.name for one in ClassSchedule.objects.all()] == ["Bea Demo"]
    assert {name for _start, name in leaders()} == {"Bea"}


def test_every_second_week_stays_every_second_week(hand_over, schedule, yoga, now):
    schedule.rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    sessions.save_schedule(schedule, now=now)

    hand_over(since=date(2027, 3, 8))

    assert leaders() == [(FIRST, "Ada"), (THIRD, "Bea")]
    sessions.make_due_sessions(now + 4 * WEEK)
    assert (FIRST + 4 * WEEK).date() in [start.date() for start, _name in leaders()]
    assert (FIRST + 3 * WEEK).date() not in [start.date() for start, _name in leaders()]


def test_cancelled_moved_and_substituted_sessions_stay_so(
    company, hand_over, schedule, owner, provider, now
):
    cyd = make_provider(company, "Cyd Demo")
    by = by_staff(owner)
    third, fourth = Appointment.objects.filter(starts_at__gte=THIRD).order_by("starts_at")
    appointments.cancel(third, by=by, now=now, why="Ill")
    handing_over.move_session(
        fourth, starts_at=FOURTH + timedelta(hours=1), provider=cyd, by=by, now=now, why=""
    )

    hand_over()
    sessions.make_due_sessions(now)

    assert leaders() == [(FIRST, "Ada"), (SECOND, "Ada"), (FOURTH + timedelta(hours=1), "Cyd")]


def test_a_session_stays_where_the_other_is_not_free(hand_over, schedule, bea, now):
    absent(bea, THIRD.date())

    handed = hand_over()

    assert [one.starts_at for one in handed.kept] == [THIRD]
    assert leaders()[2:] == [(THIRD, "Ada"), (FOURTH, "Bea")]


def test_a_schedule_that_is_over_by_then_cannot_be_handed_over(hand_over, schedule, now):
    schedule.last_day = date(2027, 3, 8)
    sessions.save_schedule(schedule, now=now)

    with pytest.raises(NothingLeft):
        hand_over()

    assert leaders() == [(FIRST, "Ada"), (SECOND, "Ada")]


def test_one_session_goes_to_a_substitute_who_then_offers_the_class(
    schedule, bea, owner, yoga, now
):
    second = Appointment.objects.get(starts_at=SECOND)

    handing_over.move_session(
        second, starts_at=SECOND, provider=bea, by=by_staff(owner), now=now, why="Ill"
    )

    assert leaders() == [(FIRST, "Ada"), (SECOND, "Bea"), (THIRD, "Ada"), (FOURTH, "Ada")]
    assert book(yoga, SECOND, now).appointment == second


def test_a_substitute_who_is_away_is_asked_for_twice(schedule, bea, owner, now):
    second = Appointment.objects.get(starts_at=SECOND)
    absent(bea, SECOND.date())

    def give(**anyway):
        return handing_over.move_session(
            second, starts_at=SECOND, provider=bea, by=by_staff(owner), now=now, why="", **anyway
        )

    with pytest.raises(StartRefused) as refused:
        give()
    assert refused.value.why is Refusal.TIME_OFF
    assert not second.offering.providers.filter(pk=bea.pk).exists()
    give(anyway=True)
    assert leaders()[1] == (SECOND, "Bea")


def test_no_session_is_made_on_a_closed_day(company, provider, yoga, schedule, now):
    easter_monday = datetime(2027, 3, 29, 16, tzinfo=UTC)
    catalog.set_holidays(Hours(company), country="FR")
    catalog.set_special_day(Hours(company), date(2027, 4, 5), [])
    yoga.horizon_days = 45
    yoga.save()

    made = sessions.make_sessions(schedule, until=sessions.horizon(yoga, now=now), now=now)

    assert made.skipped == [easter_monday, easter_monday + WEEK]
    assert leaders()[-1][0] == easter_monday + 2 * WEEK


def test_sign_up_ends_as_long_before_the_start_as_the_class_says(schedule, yoga, now):
    yoga.notice_minutes = 120
    yoga.save()

    with pytest.raises(StartRefused) as refused:
        book(yoga, FIRST, FIRST - timedelta(minutes=119))

    assert refused.value.why is Refusal.TOO_SOON
    assert book(yoga, FIRST, FIRST - timedelta(minutes=120)).status == "confirmed"
