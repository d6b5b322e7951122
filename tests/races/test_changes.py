"""Bookings that stand are changed from all sides at the same moment."""

from collections import Counter
from datetime import timedelta

from django.db.models import F

from races.crowd import SIZE
from races.practice import (
    book,
    cancel,
    change,
    make_offering,
    move,
    move_whole,
    public,
    standing,
    starts,
)
from visavis.bookings.models import Appointment, Booking, BookingChange
from visavis.companies import features

HALF = SIZE // 2
TIMES = ("starts_at", "ends_at", "blocked_from", "blocked_until")


def pending(company):
    features.switch(company, features.APPROVAL, on=True)
    talk = make_offering(company, "Talk", approval_wanted=True)
    return book(talk, starts(1)[0])


def changes(booking):
    """Return what happened to a booking, and how often."""
    return Counter(BookingChange.objects.filter(booking=booking).values_list("what", flat=True))


def no_errors(answers):
    assert {answer.status for answer in answers} <= {302, 422}
    return answers


def test_a_seat_being_approved_is_nobody_elses(crowd, company, office):
    booking = pending(company)
    offering, start = booking.appointment.offering, booking.appointment.starts_at
    approving = [change(office, booking, "approve_booking") for _n in range(HALF)]

    answers = no_errors(crowd.rush([*approving, *(public(offering, start) for _n in approving)]))

    assert not any(answer.granted for answer in answers[HALF:])
    assert standing(company)[start] == [booking]
    assert changes(booking) == {"created": 1, "approved": 1}


def test_a_declined_seat_goes_to_one_at_most(crowd, company, office):
    booking = pending(company)
    offering, start = booking.appointment.offering, booking.appointment.starts_at
    declining = [change(office, booking, "decline_booking") for _n in range(5)]

    answers = no_errors(crowd.rush([*declining, *(public(offering, start) for _n in range(45))]))

    granted = sum(answer.granted for answer in answers[5:])
    assert granted == len(standing(company).get(start, [])) <= 1
    assert changes(booking) == {"created": 1, "declined": 1}


def test_a_booking_is_approved_or_declined_but_not_both(crowd, company, office):
    booking = pending(company)
    approving = [change(office, booking, "approve_booking") for _n in range(HALF)]

    no_errors(crowd.rush([*approving, *(change(office, booking, "decline_booking"),) * HALF]))

    booking.refresh_from_db()
    done = "approved" if booking.status == Booking.Status.CONFIRMED else "declined"
    assert changes(booking) == {"created": 1, done: 1}


def test_a_booking_is_completed_or_cancelled_but_not_both(crowd, company, office):
    talk = make_offering(company, "Talk")
    bookings = [book(talk, start) for start in starts(HALF)]
    begun = {name: F(name) - timedelta(weeks=8) for name in TIMES}
    Appointment.objects.update(**begun)
    completing = [change(office, one, "complete_booking") for one in bookings]
    cancelling = [change(office, one, "cancel_booking", why="Ill") for one in bookings]

    no_errors(crowd.rush([*completing, *cancelling]))

    ends = [changes(one) for one in bookings]
    assert all(one["completed"] + one["cancelled"] == 1 for one in ends), ends


def test_a_booking_moved_to_fifty_times_at_once_is_in_one_place(crowd, company):
    talk = make_offering(company, "Talk")
    first, *others = starts(SIZE + 1)
    booking = book(talk, first)

    answers = no_errors(crowd.rush([move(booking, start) for start in others]))

    assert sum(len(there) for there in standing(company).values()) == 1
    assert Appointment.objects.active().count() == 1
    assert changes(booking)["moved"] == sum(answer.granted for answer in answers)


def test_a_group_is_handed_over_while_some_leave_and_some_join(crowd, company, office):
    group = make_offering(company, "Group", providers=2, seats=SIZE)
    start, (one, other) = starts(1)[0], group.providers.all()
    leaving = [book(group, start, provider=one) for _n in range(15)]
    appointment = leaving[0].appointment
    handing = [move_whole(office, appointment, to, start) for to in (other, one) * 5]
    joining = [public(group, start, provider=to) for to in (one, other) * 12]

    no_errors(crowd.rush([*handing, *(cancel(each) for each in leaving), *joining]))

    assert not Booking.objects.filter(
        pk__in=[each.pk for each in leaving], status="confirmed"
    ).exists()


def test_a_client_moves_as_often_as_they_may_however_often_they_press(crowd, company):
    company.moves_allowed = 1
    company.save()
    talk = make_offering(company, "Talk")
    first, *others = starts(SIZE // 2 + 1)
    booking = book(talk, first)

    answers = no_errors(crowd.rush([move(booking, start) for start in others]))

    assert sum(answer.granted for answer in answers) == 1
    booking.refresh_from_db()
    assert booking.moves == 1
    assert changes(booking) == {"created": 1, "moved": 1}
