"""A seat is held while a client fills in the form."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings import queries, seats
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.availability import Question
from visavis.bookings.clients import ClientBlocked, ClientDetails
from visavis.bookings.models import Appointment, Booking, BookingChange, Client, PastHold
from visavis.bookings.operations import appointments, holds, making, moving
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.companies import features
from visavis.companies.models import Company
from visavis.core.refusals import Refusal
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

# Ten in Paris, tomorrow.
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")


def hold(offering, now, visitor="grace", starts_at=TEN, *, address="", **wish):
    wished = Wish(offering=offering, starts_at=starts_at, visitor=visitor, **wish)
    return holds.hold(wished, address=address or f"address of {visitor}", now=now)


def book(offering, now, visitor="grace", starts_at=TEN, details=GRACE, **wish):
    wished = Wish(offering=offering, starts_at=starts_at, visitor=visitor, **wish)
    return making.book(wished, details, by=by_client(details.name), now=now)


def free(offering, now, visitor="", places=1):
    question = Question(offering=offering, places=places, now=now, visitor=visitor)
    providers = list(offering.providers.all())
    return queries.free_starts(
        question, providers, since=TEN - timedelta(hours=1), until=TEN + timedelta(hours=3)
    )


def test_a_held_time_is_gone_for_everybody_but_the_holder(service, now):
    hold(service, now)

    assert TEN not in free(service, now)
    assert TEN not in free(service, now, visitor="alan")
    assert TEN in free(service, now, visitor="grace")
    with pytest.raises(StartRefused) as refused:
        book(service, now, visitor="alan")
    assert (refused.value.why, TEN in refused.value.instead) == (Refusal.TAKEN, False)


def test_booking_what_is_held_takes_the_held_seat(service, now):
    held = hold(service, now)

    booking = book(service, now + MINUTE)

    assert booking.appointment_id == held.appointment_id
    assert (booking.status, booking.expires_at, booking.visitor) == ("confirmed", None, "")
    assert Booking.objects.get() == booking
    assert Appointment.objects.get().seats_taken == 1
    [change] = booking.changes.all()
    assert (change.what, change.at) == (BookingChange.What.CREATED, now + MINUTE)


def test_what_is_held_can_be_booked_though_its_notice_has_passed_meanwhile(service, now):
    service.notice_minutes = 60
    service.save()
    hold(service, TEN - 60 * MINUTE)

    assert book(service, TEN - 55 * MINUTE).status == Booking.Status.CONFIRMED


def test_a_hold_makes_no_meeting_no_link_no_message_and_no_client(company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    talk = make_service(company, "Talk", [provider], online=True)

    held = hold(talk, now)

    assert held.client is None
    for nothing in (Meeting, JoinLink, Message, Client, BookingChange):
        assert not nothing.objects.exists()


def test_the_meeting_begins_with_the_booking(company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    talk = make_service(company, "Talk", [provider], online=True)
    hold(talk, now)

    booking = book(talk, now)

    assert booking.appointment.meeting.wanted
    assert JoinLink.objects.filter(side="client", holder_id=booking.pk).count() == 1
    assert Message.objects.filter(event="confirmed").exists()


def test_a_held_online_seat_keeps_its_host_busy(company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    other = make_provider(company, "Bea Demo")
    for each in (provider, other):
        MeetingProvider.objects.create(provider=each, platform="zoom", host_id="one-host")
    talk = make_service(company, "Talk", [provider, other], online=True)
    hold(talk, now, provider=provider)

    assert TEN not in free(talk, now)
    with pytest.raises(StartRefused) as refused:
        book(talk, now, visitor="alan", provider=other)
    assert refused.value.why == Refusal.MEETING_HOST_BUSY


def test_an_expired_hold_leaves_nothing_behind(service, now):
    hold(service, now)

    holds.release_expired_holds(now + timedelta(minutes=10))

    assert not Booking.objects.exists()
    assert not Appointment.objects.exists()


def test_a_hold_that_has_not_expired_is_not_released(service, now):
    hold(service, now)

    holds.release_expired_holds(now + timedelta(minutes=9, seconds=59))

    assert Booking.objects.exists()


def test_whoever_books_does_not_wait_for_the_clock_to_release_what_expired(service, now):
    hold(service, now)

    booking = book(service, now + timedelta(minutes=10), visitor="alan")

    assert Booking.objects.get() == booking


def test_several_expired_holds_of_one_appointment_free_its_time(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=2)
    hold(group, now, "grace")
    hold(group, now, "alan")

    holds.release_expired_holds(now + timedelta(minutes=10))

    assert not Appointment.objects.exists()


def test_the_form_can_still_be_sent_when_the_hold_has_expired(service, now):
    hold(service, now)

    booking = book(service, now + timedelta(minutes=30))

    assert booking.status == Booking.Status.CONFIRMED


def test_after_the_hold_somebody_else_may_have_been_quicker(service, now):
    hold(service, now)
    book(service, now + timedelta(minutes=20), visitor="alan")

    with pytest.raises(StartRefused):
        book(service, now + timedelta(minutes=30))


def test_a_visitor_holds_one_time_only(service, now):
    hold(service, now)

    second = hold(service, now, starts_at=ELEVEN)

    assert Booking.objects.get() == second
    assert TEN in free(service, now)


def test_a_visitors_holds_with_two_providers_replace_each_other(company, provider, now):
    other = make_provider(company, "Bea Demo")
    talk = make_service(company, "Talk", [provider, other])
    hold(talk, now, provider=other)

    second = hold(talk, now, provider=provider)

    assert Booking.objects.get() == second


def test_a_start_beside_ones_own_hold_is_not_refused_because_of_it(company, provider, now):
    talk = make_service(company, "Talk", [provider], duration_minutes=60, step_minutes=30)
    hold(talk, now)

    second = hold(talk, now, starts_at=TEN + timedelta(minutes=30))

    assert Booking.objects.get() == second


def test_who_wishes_something_taken_keeps_what_they_hold(service, now):
    held = hold(service, now)
    book(service, now, visitor="alan", starts_at=ELEVEN)

    with pytest.raises(StartRefused):
        hold(service, now, starts_at=ELEVEN)

    assert Booking.objects.get(status="held") == held


def test_holding_again_does_not_hold_longer(service, now):
    first = hold(service, now)

    again = hold(service, now + 5 * MINUTE)

    assert (again.pk, again.expires_at) == (first.pk, now + 10 * MINUTE)


def test_a_page_left_earlier_does_not_let_go_of_what_was_held_again(service, company, now):
    first = hold(service, now)
    again = hold(service, now)

    holds.let_go(company, first.code, visitor="grace", now=now)
    assert Booking.objects.exists()

    holds.let_go(company, again.code, visitor="grace", now=now)
    assert not Booking.objects.exists()


def test_nobody_lets_go_of_what_others_hold(service, company, now):
    held = hold(service, now)
    elm = Company.objects.create(slug="elm", name="Elm", time_zone="Europe/Paris")

    holds.let_go(company, held.code, visitor="alan", now=now)
    holds.let_go(elm, held.code, visitor="grace", now=now)
    holds.let_go(company, held.code, visitor="", now=now)

    assert Booking.objects.exists()


def test_one_address_holds_five_times_at_most(service, now):
    # On days far apart, so that nothing else stands in the way.
    held = [
        hold(service, now, f"visitor {n}", TEN + n * timedelta(weeks=1), address="the same")
        for n in range(6)
    ]

    assert [one is not None for one in held] == [True] * 5 + [False]
    other_day = TEN + timedelta(days=1)
    assert hold(service, now, "somebody", other_day, address="another") is not None
    later = now + timedelta(minutes=10)
    assert hold(service, later, "visitor 6", other_day + HOUR, address="the same") is not None


def test_nobody_holds_a_seat_beyond_its_start(service, now):
    service.notice_minutes = 0
    service.save()

    held = hold(service, TEN - 5 * MINUTE)

    assert held.expires_at == TEN


def test_holds_can_be_switched_off(service, now, settings):
    settings.HOLD_MINUTES = 0

    assert hold(service, now) is None
    assert TEN in free(service, now)


def test_a_hold_takes_as_many_places_as_are_wished(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=3, places_max=3)
    hold(group, now, places=2)

    assert TEN in free(group, now, places=1)
    assert TEN not in free(group, now, places=2)
    assert TEN in free(group, now, places=3, visitor="grace")


def test_what_one_holds_beside_others_is_ones_own_to_ask_for_again(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=3, places_max=3)
    book(group, now, visitor="alan")
    hold(group, now, places=2)

    assert TEN in free(group, now, places=2, visitor="grace")
    assert TEN not in free(group, now, places=3, visitor="grace")
    assert TEN not in free(group, now, places=1, visitor="ada")


def test_more_places_than_were_held_can_be_booked_if_there_are(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=3, places_max=3)
    hold(group, now, places=1)

    booking = book(group, now, places=3)

    assert booking.appointment.seats_taken == 3
    assert Booking.objects.get() == booking


def test_a_hold_in_a_shared_appointment_gives_back_its_own_places_only(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=2)
    booked = book(group, now, visitor="alan")
    hold(group, now)

    holds.release_expired_holds(now + timedelta(minutes=10))

    appointment = Appointment.objects.get()
    assert (appointment.seats_taken, appointment.active) == (1, True)
    assert Booking.objects.get() == booked


def test_what_awaits_approval_is_held_too(company, provider, now):
    features.switch(company, features.APPROVAL, on=True)
    talk = make_service(company, "Talk", [provider], approval_wanted=True)
    hold(talk, now)

    assert book(talk, now).status == Booking.Status.PENDING


def test_a_blocked_client_keeps_nothing_and_loses_nothing(service, company, now):
    Client.objects.create(
        company=company, name="Grace", email="grace@example.com", blocked=True, created_at=now
    )
    held = hold(service, now)

    with pytest.raises(ClientBlocked):
        book(service, now)

    assert Booking.objects.get() == held


def test_staff_wait_for_a_client_who_fills_in_the_form(service, owner, now):
    hold(service, now)
    question = Question(offering=service, places=1, now=now)

    with pytest.raises(StartRefused) as refused:
        making.book(
            Wish(offering=service, starts_at=TEN),
            GRACE,
            by=by_staff(owner),
            now=now,
            overriding=seats.STAFF_OVERRIDES,
        )

    assert refused.value.why == Refusal.TAKEN
    until = queries.held_until(question, list(service.providers.all()), TEN)
    assert until == now + timedelta(minutes=10)


def test_time_that_is_booked_is_not_said_to_become_free(service, now):
    question = Question(offering=service, places=1, now=now)
    book(service, now)

    assert queries.held_until(question, list(service.providers.all()), TEN) is None


def test_moving_a_shared_appointment_loses_no_held_seat(company, provider, owner, now):
    group = make_service(company, "Circle", [provider], seats=2)
    booking = book(group, now, visitor="alan")
    held = hold(group, now)

    appointments.move(
        booking.appointment, starts_at=ELEVEN, provider=provider, by=by_staff(owner), now=now
    )

    assert Booking.objects.get(pk=held.pk).appointment.starts_at == ELEVEN
    again = book(group, now)
    assert again.appointment.starts_at == TEN
    assert Appointment.objects.get(pk=booking.appointment_id).seats_taken == 1


def test_cancelling_a_shared_appointment_lets_go_of_its_holds(company, provider, owner, now):
    group = make_service(company, "Circle", [provider], seats=2)
    booking = book(group, now, visitor="alan")
    hold(group, now)

    appointments.cancel(booking.appointment, by=by_staff(owner), now=now, why="Ill")

    assert not Booking.objects.filter(status="held").exists()
    appointment = Appointment.objects.get()
    assert (appointment.active, appointment.seats_taken) == (False, 0)


def test_a_client_who_leaves_a_shared_appointment_leaves_the_held_seat(company, provider, now):
    group = make_service(company, "Circle", [provider], seats=2)
    booking = book(group, now, visitor="alan")
    held = hold(group, now)

    moving.move(booking, starts_at=ELEVEN, provider=None, by=by_client("Alan"), now=now)

    assert Booking.objects.get(pk=held.pk).appointment.starts_at == TEN
    assert book(group, now).appointment_id == held.appointment_id


def held_twice(service, now, address="office"):
    """Hold ten o'clock until it expires, and once more; return when that is over."""
    for _turn in range(2):
        assert hold(service, now, address=address) is not None
        now += 10 * MINUTE
        holds.release_expired_holds(now)
    return now


def test_who_needs_longer_for_the_form_holds_it_once_more_and_then_no_more(service, now):
    later = held_twice(service, now)

    assert hold(service, later) is None
    assert hold(service, later, visitor="another", address="office") is None
    assert TEN in free(service, later)
    assert hold(service, later, visitor="alan") is not None


def test_others_hold_what_somebody_held_in_vain(service, now):
    hold(service, now)
    later = now + 11 * MINUTE

    assert hold(service, later, visitor="alan").expires_at == later + 10 * MINUTE


def test_the_same_visitor_holds_another_time_in_the_meantime(service, now):
    hold(service, now)

    assert hold(service, now + 11 * MINUTE, starts_at=ELEVEN) is not None


def test_half_an_hour_after_the_last_time_nothing_is_remembered(service, now):
    end = held_twice(service, now)

    assert hold(service, end + 19 * MINUTE) is None
    holds.release_expired_holds(end + 30 * MINUTE)

    assert not PastHold.objects.exists()
    assert hold(service, end + 30 * MINUTE) is not None


def test_what_was_let_go_of_is_held_again_no_longer_than_before(service, company, now):
    first = hold(service, now)
    holds.let_go(company, first.code, visitor="grace", now=now + 4 * MINUTE)

    again = hold(service, now + 5 * MINUTE)

    assert again.expires_at == first.expires_at == now + 10 * MINUTE


def test_what_was_booked_is_not_remembered(service, now):
    hold(service, now)

    book(service, now)

    assert not PastHold.objects.exists()


def test_visitors_together_hold_a_third_of_a_providers_day_at_most(company, provider, now):
    """Nine to five, an hour each: eight appointments find room, so that two are held at once."""
    talk = make_service(company, "Talk", [provider], duration_minutes=60, step_minutes=15)
    tomorrow = [TEN + hours * timedelta(hours=1) for hours in range(4)]
    held = [hold(talk, now, f"visitor {start}", start) for start in tomorrow]

    assert [one is not None for one in held] == [True, True, False, False]
    assert hold(talk, now, "late", TEN + timedelta(days=1)) is not None
    assert book(talk, now, "visitor without a hold", tomorrow[3]).status == "confirmed"


def test_of_the_seats_of_a_day_a_third_is_held_at_most(company, provider, now):
    day = {"duration_minutes": 480, "seats": 9, "places_max": 9}
    workshop = make_service(company, "Workshop", [provider], **day)
    nine = TEN - timedelta(hours=1)

    assert hold(workshop, now, "one", nine, places=2) is not None
    assert hold(workshop, now, "two", nine, places=2) is None
    assert hold(workshop, now, "three", nine) is not None


def test_the_first_to_come_holds_as_many_places_as_they_wish(company, provider, now):
    day = {"duration_minutes": 480, "seats": 9, "places_max": 9}
    workshop = make_service(company, "Workshop", [provider], **day)

    assert hold(workshop, now, "family", TEN - timedelta(hours=1), places=8).places == 8
