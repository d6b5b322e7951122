import pytest

from back_office.staff import IN_DIALOG, at, book, sign_in, told
from factories import make_provider, make_service
from visavis.bookings.models import Booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(company, service):
    return book(service, at(10))


def url(booking, query=""):
    return f"/office/willow/bookings/{booking.code}/move/{query}"


def to(provider, starts_at, **fields):
    return {"provider": provider.pk, "start": starts_at.isoformat()} | fields


def start_of(booking):
    return Booking.objects.get(pk=booking.pk).appointment.starts_at


def test_free_times_leave_out_what_is_taken_but_not_the_booking_itself(
    client, company, service, booking
):
    book(service, at(11), "Alan Demo")
    sign_in(client, company, "owner")

    times = client.get(url(booking)).context["times"].moments

    assert at(10) in times
    assert at(11) not in times


def test_a_booking_moves_and_the_client_is_told(client, company, provider, booking):
    sign_in(client, company, "owner")

    answer = client.post(url(booking), to(provider, at(14), tell_client="on", why="Ada is late."))

    assert answer["Location"] == f"/office/willow/bookings/{booking.code}/"
    assert start_of(booking) == at(14)
    assert ("client", "grace@example.com") in told("changed")


def test_without_the_tick_the_provider_is_told_of_a_move_and_the_client_is_not(
    client, company, provider, booking
):
    sign_in(client, company, "owner")

    client.post(url(booking), to(provider, at(14)))

    assert start_of(booking) == at(14)
    assert told("changed") == {("provider", "ada@willow.example")}


def test_without_the_tick_both_providers_are_told_of_a_move_between_them(
    client, company, service, booking
):
    other = make_provider(company, "Bea Demo")
    service.providers.add(other)
    sign_in(client, company, "owner")

    client.post(url(booking), to(other, at(10)))

    assert Booking.objects.get().appointment.provider == other
    assert told("changed") == {("provider", "bea@willow.example")}
    assert told("cancelled") == {("provider", "ada@willow.example")}


def test_a_taken_time_is_refused_with_near_ones(client, company, service, provider, booking):
    book(service, at(14), "Alan Demo")
    sign_in(client, company, "owner")

    answer = client.post(url(booking), to(provider, at(14), why="Keep me"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The provider has another appointment at this time." in page
    assert "Move anyway" not in page
    assert "Keep me" in page
    assert answer.context["refused"].instead
    assert start_of(booking) == at(10)


def test_a_time_outside_the_rules_needs_a_second_yes(client, company, provider, booking):
    sign_in(client, company, "owner")
    first = client.post(url(booking), to(provider, at(20)))

    client.post(url(booking), to(provider, at(20), overriding=first.context["refused"].overriding))

    assert "Move anyway" in first.content.decode()
    assert start_of(booking) == at(20)


def test_nothing_chosen_is_said(client, company, provider, booking):
    sign_in(client, company, "owner")

    answer = client.post(url(booking), {"provider": provider.pk})

    assert answer.status_code == 422
    assert "Choose a time." in answer.content.decode()


def test_a_drop_in_the_calendar_asks_yes_or_no(client, company, provider, booking):
    sign_in(client, company, "owner")
    dropped = f"?start={at(14):%Y-%m-%dT%H:%M}&zone=UTC&provider={provider.pk}"

    answer = client.get(url(booking, dropped), headers=IN_DIALOG)

    assert answer.context["asked"].start == at(14)
    assert "Leave it where it was" in answer.content.decode()


def test_a_drop_that_was_confirmed_goes_back_to_the_calendar(client, company, provider, booking):
    sign_in(client, company, "owner")
    below = {"HX-Current-URL": "http://testserver/office/willow/calendar/?view=day"}

    answer = client.post(url(booking), to(provider, at(14)), headers=IN_DIALOG | below)

    assert answer["HX-Redirect"] == "/office/willow/calendar/?view=day"
    assert start_of(booking) == at(14)


def test_a_whole_group_moves_together(client, company, provider):
    yoga = make_service(company, "Yoga", [provider], seats=8)
    first, second = book(yoga, at(10)), book(yoga, at(10), "Alan Demo")
    sign_in(client, company, "owner")
    page = f"/office/willow/appointments/{first.appointment_id}/move/"

    answer = client.post(page, to(provider, at(14)))

    assert answer.status_code == 302
    assert start_of(first) == start_of(second) == at(14)
    assert told("changed") == {("provider", "ada@willow.example")}


def test_a_provider_cannot_hand_a_booking_to_somebody_else(
    client, company, provider, service, booking
):
    other = make_provider(company, "Bea Demo")
    service.providers.add(other)
    provider.member = sign_in(client, company, "provider")
    provider.save()

    answer = client.post(url(booking), to(other, at(14)))

    assert answer.status_code == 422
    assert start_of(booking) == at(10)


def test_a_cancelled_booking_does_not_move(client, company, provider, booking):
    sign_in(client, company, "owner")
    client.post(f"/office/willow/bookings/{booking.code}/cancel/")

    answer = client.post(url(booking), to(provider, at(14)), follow=True)

    assert "not possible any more" in answer.content.decode()


@pytest.mark.parametrize("query", ["?start=x&day=x&zone=x&provider=x", "?day=0001-01-01"])
def test_a_wrong_address_does_no_harm(client, company, booking, query):
    sign_in(client, company, "owner")

    assert client.get(url(booking, query)).status_code == 200
