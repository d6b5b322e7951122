"""Choosing a time holds it while the form is filled in."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from booking_site.visits import ALAN, at, book, path_of, typed, url
from factories import make_provider, make_service
from visavis.bookings.models import Appointment, Booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def choose(company, service):
    """Press a time, as one browser or another."""

    def press(browser, start, offering=service, **query):
        return browser.post(url("hold", company, offering.slug, start, **query))

    return press


@pytest.fixture
def form(company, service, ten):
    return url("details", company, service.slug, ten)


def slots(browser, company, offering, start):
    address = url("offering", company, offering.slug, day=f"{start:%Y-%m-%d}")
    return [slot.starts_at for slot in browser.get(address).context["picker"].slots if slot.url]


def expire():
    Booking.objects.filter(status="held").update(expires_at=timezone.now() - timedelta(seconds=1))


def test_choosing_a_time_holds_it_and_leads_to_the_form(client, choose, form, ten):
    response = choose(client, ten)

    assert (response.status_code, response["Location"]) == (302, form)
    hold = Booking.objects.get()
    assert (hold.status, hold.appointment.starts_at) == (Booking.Status.HELD, ten)
    page = client.get(form).content.decode()
    assert "Held for you until" in page
    assert 'name="email"' in page


def test_what_somebody_holds_is_offered_to_them_alone(client, company, service, choose, ten):
    choose(client, ten)

    assert ten in slots(client, company, service, ten)
    assert ten not in slots(Browser(), company, service, ten)


def test_a_held_time_refuses_somebody_else_with_the_nearest_free_ones(
    client, choose, form, company, service, ten
):
    choose(client, ten)

    looked = Browser().get(form).content.decode()
    sent = Browser().post(form, typed(email="alan@example.com"))

    half_past = url("details", company, service.slug, at(10, 30))
    assert "just taken" in looked
    assert f'href="{half_past}"' in looked
    assert sent.status_code == 422
    assert Booking.objects.get().status == Booking.Status.HELD


def test_sending_the_form_books_the_held_seat(client, choose, form, ten):
    choose(client, ten)

    response = client.post(form, typed())

    assert path_of(response).startswith("/willow/booked/")
    assert Booking.objects.get().status == Booking.Status.CONFIRMED
    assert Appointment.objects.get().seats_taken == 1


def test_looking_at_a_start_holds_nothing(client, company, service, form, ten):
    client.get(form)
    client.get(url("hold", company, service.slug, ten))

    assert not Booking.objects.exists()


def test_a_start_can_be_booked_without_holding_it_first(client, form):
    assert client.post(form, typed()).status_code == 302


def test_another_time_takes_the_place_of_the_first(client, company, service, choose, ten):
    choose(client, ten)

    choose(client, at(11))

    assert Booking.objects.get().appointment.starts_at == at(11)
    assert ten in slots(Browser(), company, service, ten)


def test_a_rejected_form_keeps_the_hold(client, choose, form, ten):
    choose(client, ten)

    page = client.post(form, typed(email="nobody")).content.decode()

    assert "Held for you until" in page


def test_a_form_sent_late_books_if_the_time_is_still_free(client, choose, form, ten):
    choose(client, ten)
    expire()

    assert client.post(form, typed(held="1")).status_code == 302


def test_a_form_sent_too_late_keeps_what_was_typed_and_offers_other_times(
    client, choose, form, service, ten
):
    choose(client, ten)
    expire()
    book(service, ten, ALAN)

    response = client.post(form, typed(held="1", note="Keep me"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "no longer held for you" in page
    assert "Keep me" in page
    assert "formaction=" in page


def test_what_has_expired_can_be_held_again_with_everything_typed(
    client, choose, company, service, ten
):
    choose(client, ten)
    expire()

    response = client.post(
        url("details_as_typed", company, service.slug, ten), typed(note="Keep me")
    )

    page = response.content.decode()
    assert "Held for you until" in page
    assert "Keep me" in page


def test_what_cannot_be_held_again_offers_other_times_with_everything_typed(
    client, choose, company, service, ten
):
    choose(client, ten)
    expire()
    book(service, ten, ALAN)

    response = client.post(
        url("details_as_typed", company, service.slug, ten), typed(note="Keep me")
    )

    page = response.content.decode()
    half_past = url("details_as_typed", company, service.slug, at(10, 30))
    assert "just taken" in page
    assert "Keep me" in page
    assert f'formaction="{half_past}"' in page


def test_leaving_the_form_lets_go_and_leaving_twice_does_no_harm(client, choose, company, ten):
    choose(client, ten)
    code = Booking.objects.get().code

    answers = [client.post(url("release", company), {"code": code}) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert not Booking.objects.exists()


def test_nobody_else_can_let_go_of_it(client, choose, company, ten):
    choose(client, ten)

    Browser().post(url("release", company), {"code": Booking.objects.get().code})

    assert Booking.objects.exists()


def test_the_note_alone_is_given_to_the_forms_script(client, company, service, ten):
    address = url("hold", company, service.slug, ten)

    note = client.post(address, {"note": ""}).content.decode()

    assert "Held for you until" in note
    assert "<html" not in note


def test_the_note_says_when_somebody_else_was_quicker(client, company, service, ten):
    book(service, ten, ALAN)

    note = client.post(url("hold", company, service.slug, ten), {"note": ""}).content.decode()

    assert "just taken" in note
    assert "formaction=" in note


def test_one_address_cannot_hold_a_providers_whole_day(client, company, service, choose, ten):
    for hour in range(9, 16):
        choose(Browser(), at(hour))

    assert Booking.objects.count() == 5
    late = Browser().get(url("details", company, service.slug, at(15))).content.decode()
    assert 'name="email"' in late
    assert "Held for you" not in late


def test_each_address_behind_a_trusted_proxy_holds_for_itself(
    client, company, service, ten, settings
):
    settings.TRUSTED_PROXIES = 1
    for hour in range(9, 16):
        # Of one day only a third is held at a time.
        address = url("hold", company, service.slug, at(hour, days=hour % 2))
        Browser().post(address, headers={"X-Forwarded-For": f"6.6.6.6, 192.0.2.{hour}"})

    assert Booking.objects.count() == 7


def test_who_holds_too_often_books_without_a_hold(client, choose, form, ten):
    for n in range(31):
        choose(client, at(10) if n % 2 else at(11))
    assert Booking.objects.get().appointment.starts_at == at(10)

    assert choose(client, at(11)).status_code == 302
    assert Booking.objects.get().appointment.starts_at == at(10)
    assert client.post(form, typed()).status_code == 302


def test_places_of_a_group_are_held_and_booked(client, company, provider, choose, ten):
    group = make_service(company, "Circle", [provider], seats=3, places_max=3)
    choose(client, ten, group, places=2)
    form = url("details", company, group.slug, ten, places=2)

    assert Browser().post(form, typed(places="2")).status_code == 422
    assert client.post(form, typed(places="3")).status_code == 302
    assert Booking.objects.get().places == 3


def test_any_provider_is_held_and_booked(client, company, provider, choose, ten):
    other = make_provider(company, "Bea Demo")
    talk = make_service(company, "Talk", [provider, other])
    choose(client, ten, talk)
    held = Booking.objects.get().appointment.provider

    client.post(url("details", company, talk.slug, ten), typed())

    assert Booking.objects.get().appointment.provider == held


def test_without_holds_everything_else_works(client, company, choose, form, ten, settings):
    settings.HOLD_MINUTES = 0

    assert choose(client, ten)["Location"] == form
    assert "Held for you" not in client.get(form).content.decode()
    assert client.post(form, typed()).status_code == 302
