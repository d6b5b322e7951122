from datetime import UTC, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings import online
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES, StartRefused
from visavis.catalog.models import Offering
from visavis.companies import features
from visavis.core.refusals import Refusal
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

# Ten in Paris.
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")
ALAN = ClientDetails(name="Alan Demo", email="alan@example.com", time_zone="America/New_York")


def book(offering, now, details=GRACE, starts_at=TEN, **wish):
    return making.book(
        Wish(offering=offering, starts_at=starts_at, **wish),
        details,
        by=by_client(details.name),
        now=now,
    )


def test_a_booking_takes_the_providers_time(service, provider, now):
    booking = book(service, now)

    assert booking.status == Booking.Status.CONFIRMED
    assert booking.appointment.provider == provider
    assert (booking.appointment.starts_at, booking.appointment.seats_taken) == (TEN, 1)


def test_a_taken_start_is_refused_with_the_nearest_free_ones(service, now):
    book(service, now)

    with pytest.raises(StartRefused) as refused:
        book(service, now, ALAN)

    assert refused.value.why == Refusal.TAKEN
    before_and_after = [timedelta(minutes=minutes) for minutes in (-60, -30, 30)]
    assert refused.value.instead == [TEN + away for away in before_and_after]


def test_any_provider_is_whoever_has_least_to_do_in_the_weeks_around(company, provider, now):
    talk = make_service(company, "Talk", [provider, make_provider(company, "Bea Demo")])
    hours = [TEN + n * timedelta(hours=1) for n in range(4)]

    taken = [book(talk, now, starts_at=start).appointment.provider.name for start in hours]

    assert taken == ["Ada Demo", "Bea Demo", "Ada Demo", "Bea Demo"]


def test_the_same_form_sent_twice_books_once(service, now):
    first = book(service, now, request_key="form-1")

    second = book(service, now, request_key="form-1")

    assert second.pk == first.pk
    assert Booking.objects.count() == 1


def test_any_provider_gives_the_second_client_to_the_other_one(company, provider, now):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])

    taken = {book(service, now, who).appointment.provider for who in (GRACE, ALAN)}

    assert taken == {provider, other}


def test_clients_of_a_group_share_one_appointment(company, provider, now):
    group = make_service(company, "Yoga", [provider], seats=2)

    first, second = book(group, now), book(group, now, ALAN)

    assert first.appointment_id == second.appointment_id
    with pytest.raises(StartRefused):
        book(group, now, ClientDetails(name="Third Demo", email="third@example.com"))


def test_moving_frees_the_old_start(service, now):
    booking = book(service, now)
    eleven = TEN + timedelta(hours=1)

    moving.move(booking, starts_at=eleven, provider=None, by=by_client("Grace"), now=now)

    again = book(service, now, ALAN)
    assert again.appointment.starts_at == TEN
    assert Booking.objects.get(pk=booking.pk).appointment.starts_at == eleven


def test_moving_by_half_the_length_does_not_clash_with_itself(company, provider, now):
    service = make_service(company, "Long talk", [provider], duration_minutes=60, step_minutes=30)
    booking = book(service, now)
    later = TEN + timedelta(minutes=30)

    moved = moving.move(booking, starts_at=later, provider=provider, by=by_client("Grace"), now=now)

    assert moved.appointment.starts_at == later
    assert Appointment.objects.active().count() == 1


def test_cancelling_frees_the_time_and_tells_both_sides(service, now):
    booking = book(service, now)

    ending.cancel(booking, by=by_client("Grace"), now=now)

    assert Booking.objects.get(pk=booking.pk).status == Booking.Status.CANCELLED
    assert not Appointment.objects.active().exists()
    told = Message.objects.filter(event="cancelled").values_list("audience", "recipient")
    assert set(told) == {("client", "grace@example.com"), ("provider", "ada@willow.example")}


def test_a_client_leaving_a_group_for_another_time_keeps_a_working_link(company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    group = make_service(company, "Yoga", [provider], seats=2, online=True)
    leaving, staying = book(group, now), book(group, now, ALAN)
    token = JoinLink.objects.get(side="client", holder_id=leaving.pk).token

    moved = moving.move(
        leaving, starts_at=TEN + timedelta(hours=1), provider=None, by=by_client("G"), now=now
    )

    link = JoinLink.objects.get(token=token)
    assert link.revoked_at is None
    assert link.meeting == moved.appointment.meeting != staying.appointment.meeting


def test_the_last_client_leaving_a_group_keeps_a_working_link(company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    group = make_service(company, "Yoga", [provider], seats=2, online=True)
    eleven = TEN + timedelta(hours=1)
    book(group, now, ALAN, starts_at=eleven)
    leaving = book(group, now)

    moving.move(leaving, starts_at=eleven, provider=None, by=by_client("G"), now=now)

    link = JoinLink.objects.get(side="client", holder_id=leaving.pk)
    assert link.revoked_at is None
    assert link.meeting.appointment.starts_at == eleven


def staff_books(offering, now, starts_at):
    return making.book(
        Wish(offering=offering, starts_at=starts_at),
        ALAN,
        by=by_client("Alan"),
        now=now,
        overriding=STAFF_OVERRIDES,
    )


def test_staff_may_book_into_a_buffer_and_the_buffer_gives_way(company, provider, now):
    service = make_service(company, "Talk", [provider], buffer_after_minutes=30)
    first = book(service, now)

    second = staff_books(service, now, TEN + timedelta(minutes=30))

    first.appointment.refresh_from_db()
    assert first.appointment.blocked_until == second.appointment.starts_at


def test_a_new_buffer_does_not_reach_into_a_neighbours_true_time(company, provider, now):
    service = make_service(company, "Talk", [provider], buffer_before_minutes=20)
    book(service, now)

    second = staff_books(service, now, TEN + timedelta(minutes=35))

    assert second.appointment.blocked_from == TEN + timedelta(minutes=30)


def test_staff_never_book_over_true_time(service, now):
    book(service, now)

    with pytest.raises(StartRefused) as refused:
        staff_books(service, now, TEN + timedelta(minutes=15))

    assert refused.value.why == Refusal.TAKEN


def test_what_was_switched_online_since_the_page_was_opened_is_booked_online(
    company, service, owner, now
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    online.switch_online(Offering.objects.get(pk=service.pk), True, by=by_staff(owner), now=now)

    booking = book(service, now)

    assert not service.online
    assert JoinLink.objects.filter(side="client", holder_id=booking.pk).exists()
