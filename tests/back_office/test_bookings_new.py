from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import at, book, sign_in, told, working_day
from factories import make_provider, make_service
from visavis.bookings.models import Booking, Client
from visavis.bookings.operations import holds
from visavis.bookings.operations.making import Wish
from visavis.catalog.models import Offering
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/bookings/new/"


def wish(starts_at=None, **fields):
    start = (starts_at or at(10)).isoformat()
    return {"start": start, "name": "Grace Demo", "email": "grace@example.com"} | fields


def url(service, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{PAGE}?offering={service.pk}{more}"


def test_the_first_question_is_what(client, company, service):
    sign_in(client, company, "owner")

    page = client.get(PAGE).content.decode()

    assert "First talk" in page
    assert 'name="email"' not in page


def test_with_whom_is_known_when_somebodys_calendar_was_pressed(client, company, service):
    bea = make_provider(company, "Bea Demo")
    sign_in(client, company, "owner")

    page = client.get(f"{PAGE}?provider={bea.pk}").content.decode()

    assert f'<option value="{bea.pk}" selected>Bea Demo</option>' in page


def test_free_times_of_the_day_are_offered(client, company, service):
    book(service, at(10))
    sign_in(client, company, "owner")

    times = client.get(url(service, day=working_day())).context["times"].moments

    assert at(9) in times
    assert at(10) not in times


def test_a_day_without_free_times_leads_to_the_next_that_has_some(client, company, service):
    sign_in(client, company, "owner")
    saturday = at(10) + timedelta(days=5 - at(10).weekday())

    page = client.get(url(service, day=f"{saturday:%Y-%m-%d}"))

    assert page.context["times"].next_free == (saturday + timedelta(days=2)).date()
    assert "Next free day" in page.content.decode()


def test_a_booking_is_made_for_somebody_new(client, company, service):
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(tell_client="on", note="First visit"))

    booking = Booking.objects.get()
    assert answer["Location"] == f"/office/willow/bookings/{booking.code}/"
    assert (booking.client.email, booking.note, booking.source) == (
        "grace@example.com",
        "First visit",
        "staff",
    )
    assert ("client", "grace@example.com") in told("confirmed")


def test_without_the_tick_the_provider_is_told_and_the_client_is_not(client, company, service):
    sign_in(client, company, "owner")

    client.post(url(service), wish())

    assert told("confirmed") == {("provider", "ada@willow.example")}


def test_a_known_client_without_an_address_is_not_doubled(client, company, service, now):
    known = Client.objects.create(company=company, name="Alan Demo", created_at=now)
    sign_in(client, company, "owner")

    client.post(url(service), wish(client=known.pk, name="", email=""))

    assert Booking.objects.get().client == known
    assert Client.objects.count() == 1


def test_a_client_of_another_company_cannot_be_picked(client, company, service, now):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    theirs = Client.objects.create(company=oak, name="Alan Demo", created_at=now)
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(client=theirs.pk))

    assert answer.status_code == 422
    assert not Booking.objects.exists()


def test_looking_for_a_client_keeps_what_was_typed(client, company, service, now):
    Client.objects.create(company=company, name="Katherine Demo", created_at=now)
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(look="1", q="kath", note="Keep me"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Katherine Demo" in page
    assert "Keep me" in page
    assert not Booking.objects.exists()


def test_another_time_is_typed_in_the_zone_that_is_shown(client, company, service):
    sign_in(client, company, "owner")
    typed = {"start": "other", "other_day": working_day(), "other_time": "11:00"}

    client.post(url(service), wish() | typed)

    assert Booking.objects.get().appointment.starts_at == at(11)


def test_a_client_from_whose_page_one_comes_is_named_from_the_start(client, company, service, now):
    grace = Client.objects.create(company=company, name="Grace Demo", created_at=now)
    sign_in(client, company, "owner")

    page = client.get(f"{PAGE}?client={grace.pk}").content.decode()

    assert "For Grace Demo" in page
    assert f"/office/willow/clients/{grace.pk}/" in page


def test_nothing_chosen_is_said_beside_the_field(client, company, service):
    sign_in(client, company, "owner")

    answer = client.post(url(service), {"note": "Keep me"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a time." in page
    assert "Choose a client, or enter a name." in page
    assert "Keep me" in page


def test_a_time_outside_the_rules_is_offered_anyway(client, company, service):
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(at(20)))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The provider does not work at this time." in page
    assert "Book anyway" in page
    assert not Booking.objects.exists()


def test_all_reasons_are_set_aside_at_once(client, company, service):
    sign_in(client, company, "owner")
    refused = client.post(url(service), wish(at(16, 45))).context["refused"]

    client.post(url(service), wish(at(16, 45), overriding=refused.overriding))

    assert len(refused.reasons) == 2
    assert Booking.objects.get().appointment.starts_at == at(16, 45)


def test_a_taken_time_is_never_offered_anyway(client, company, service):
    book(service, at(10))
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(name="Alan Demo", email="alan@example.com"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The provider has another appointment at this time." in page
    assert "Book anyway" not in page
    assert answer.context["refused"].instead


def test_a_time_that_a_client_is_booking_is_said_to_be_free_again_soon(client, company, service):
    wished = Wish(offering=service, starts_at=at(10), visitor="grace")
    hold = holds.hold(wished, address="", now=timezone.now())
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish())

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "filling in the form" in page
    assert "another appointment" not in page
    assert "Book anyway" not in page
    assert answer.context["refused"].held_until == hold.expires_at
    assert answer.context["refused"].instead


@pytest.mark.parametrize("reason", ["in_the_past", "day_limit_reached"])
def test_staff_note_what_has_been_and_go_beyond_a_days_limit(client, company, service, reason):
    start = at(10)
    if reason == "in_the_past":
        start -= timedelta(weeks=4)
    else:
        Offering.objects.update(day_limit=1)
        book(service, at(14))
    sign_in(client, company, "owner")

    first = client.post(url(service), wish(start)).context["refused"]
    client.post(url(service), wish(start, overriding=first.overriding))

    assert [why.value for why in first.reasons] == [reason]
    assert Booking.objects.filter(appointment__starts_at=start).exists()


def test_a_final_reason_cannot_be_set_aside_by_hand(client, company, service):
    book(service, at(10))
    sign_in(client, company, "owner")

    answer = client.post(url(service), wish(overriding="taken"))

    assert answer.status_code == 422
    assert Booking.objects.count() == 1


def test_the_same_form_sent_twice_books_once(client, company, service):
    sign_in(client, company, "owner")

    for _time in range(2):
        client.post(url(service), wish(request_key="form-1"))

    assert Booking.objects.count() == 1


def test_a_provider_books_only_into_their_own_calendar(client, company, provider, service):
    other = make_provider(company, "Bea Demo")
    service.providers.add(other)
    provider.member = sign_in(client, company, "provider")
    provider.save()

    client.post(url(service, provider=other.pk), wish())
    client.post(url(service), wish())

    assert {one.appointment.provider for one in Booking.objects.all()} == {provider}


def test_a_provider_does_not_see_the_companys_clients(client, company, provider, service, now):
    Client.objects.create(company=company, name="Katherine Demo", created_at=now)
    provider.member = sign_in(client, company, "provider")
    provider.save()

    page = client.get(url(service, q="kath")).content.decode()

    assert "Katherine Demo" not in page


def test_a_service_of_another_company_cannot_be_booked(client, company):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    theirs = make_service(oak, "Talk", [make_provider(oak, "Strange Demo")])
    sign_in(client, company, "owner")

    client.post(url(theirs), wish())

    assert not Booking.objects.exists()


def test_a_viewer_cannot_book(client, company):
    sign_in(client, company, "viewer")

    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize(
    "query", ["?offering=x", "?offering=1&start=x&day=x&zone=x&provider=x&client=x"]
)
def test_a_wrong_address_does_no_harm(client, company, service, query):
    sign_in(client, company, "owner")

    assert client.get(PAGE + query).status_code == 200
