from uuid import uuid4

import pytest

from booking_site.visits import ALAN, at, book, path_of, typed, url
from factories import make_provider, make_service
from visavis.bookings.models import Booking, Client
from visavis.catalog.models import WeeklyHours
from visavis.companies.models import Company
from visavis.core.policies import ChangeRefusal
from visavis.core.refusals import Refusal
from visavis.notifications import sms
from visavis.notifications.models import SmsAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(company, service, ten):
    """Return the address of the form for ten o'clock."""
    return url("details", company, service.slug, ten)


def test_the_form_says_what_is_booked(client, form):
    page = client.get(form).content.decode()

    assert "First talk" in page
    assert "10:00" in page
    assert "Paris time" in page


def test_sending_the_form_books_and_leads_to_the_confirmation(client, form, provider, ten):
    response = client.post(form, typed(phone="01 42 68 53 00", note="First time"))

    booking = Booking.objects.get()
    assert path_of(response).startswith("/willow/booked/")
    assert (booking.appointment.starts_at, booking.appointment.provider) == (ten, provider)
    assert (booking.name, booking.note, booking.source) == ("Grace Demo", "First time", "client")
    assert booking.client.phone == "+33 1 42 68 53 00"
    assert booking.time_zone == "Europe/Paris"


def test_a_booking_has_the_language_of_the_page(client, form):
    client.cookies["django_language"] = "fr"

    client.post(form, typed())

    assert Booking.objects.get().language == "fr"


def test_a_booking_has_the_zone_the_visitor_chose(client, company, form):
    client.post(url("time_zone", company), {"time_zone": "America/New_York"})

    client.post(form, typed())

    assert Booking.objects.get().time_zone == "America/New_York"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "required"),
        ("email", "nobody", "valid email"),
        ("phone", "12", "not a phone number"),
        ("website", "https://spam.example", "people do not see"),
        ("request_key", "one", "valid UUID"),
    ],
)
def test_a_rejected_form_keeps_what_was_typed(client, form, field, value, message):
    response = client.post(form, typed(note="Keep me", **{field: value}))

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "Keep me" in page
    assert not Booking.objects.exists()


def test_the_same_form_sent_twice_books_once(client, form):
    once = typed()

    first, second = client.post(form, once), client.post(form, once)

    assert Booking.objects.count() == 1
    assert (first.status_code, second.status_code) == (302, 302)


def test_terms_must_be_agreed_to_where_there_are_some(client, company, form):
    Company.objects.update(privacy_terms="We keep your data for a year.")

    without = client.post(form, typed())
    agreed = client.post(form, typed(terms="on"))

    assert without.status_code == 422
    assert url("privacy", company) in without.content.decode()
    assert agreed.status_code == 302
    assert Booking.objects.get().terms_accepted_at is not None


def test_a_taken_time_is_refused_in_words_with_others_that_keep_what_was_typed(
    client, company, service, form, ten
):
    book(service, ten, ALAN)

    response = client.post(form, typed(note="Keep me"))

    page = response.content.decode()
    half_past = url("details_as_typed", company, service.slug, at(10, 30))
    assert response.status_code == 422
    assert "just taken" in page
    assert "Keep me" in page
    assert f'formaction="{half_past}"' in page
    assert Booking.objects.count() == 1


def test_another_time_shows_the_form_as_it_was_and_only_holds_it(client, company, service):
    response = client.post(
        url("details_as_typed", company, service.slug, at(10, 30)), typed(note="Keep me")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "Keep me" in page
    assert "grace@example.com" in page
    assert f'action="{url("details", company, service.slug, at(10, 30))}"' in page
    assert Booking.objects.get().status == Booking.Status.HELD


def test_the_address_of_another_time_opened_afresh_leads_to_its_form(client, company, service):
    response = client.get(url("details_as_typed", company, service.slug, at(10, 30)))

    assert response["Location"] == url("details", company, service.slug, at(10, 30))


def test_the_form_of_a_time_that_is_gone_offers_others_at_once(client, company, service, form, ten):
    book(service, ten, ALAN)

    page = client.get(form).content.decode()

    assert "just taken" in page
    assert f'href="{url("details", company, service.slug, at(10, 30))}"' in page
    assert 'name="email"' not in page


def test_the_chosen_provider_is_booked(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])

    client.post(url("details", company, service.slug, ten, provider=other.pk), typed())

    assert Booking.objects.get().appointment.provider == other


def test_somebody_elses_provider_is_not_booked(client, service, company, ten):
    elm = Company.objects.create(slug="elm", name="Elm", time_zone="Europe/Paris")
    eve = make_provider(elm, "Eve Demo")

    client.post(url("details", company, service.slug, ten, provider=eve.pk), typed())

    assert Booking.objects.get().appointment.provider != eve


def test_several_places_can_be_booked_and_too_many_are_refused(client, company, provider, ten):
    group = make_service(company, "Circle", [provider], seats=3, places_max=3)
    address = url("details", company, group.slug, ten)
    client.post(address, typed(places="2"))

    response = client.post(address, typed(places="2", email="alan@example.com"))

    assert Booking.objects.get().places == 2
    assert response.status_code == 422
    assert "not enough places" in response.content.decode()


def test_blocked_clients_are_asked_to_call(client, company, form, now):
    Client.objects.create(
        company=company, name="Grace", email="grace@example.com", blocked=True, created_at=now
    )

    response = client.post(form, typed(email="GRACE@example.com"))

    assert response.status_code == 422
    assert "Please call us" in response.content.decode()
    assert not Booking.objects.exists()


def test_who_asks_too_often_is_told_to_wait(client, form):
    answers = [client.post(form, typed(name="")) for _n in range(61)]

    assert [answer.status_code for answer in answers[-2:]] == [422, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert "Too many attempts" in answers[-1].content.decode()


def test_each_address_behind_a_trusted_proxy_counts_for_itself(client, form, settings):
    settings.TRUSTED_PROXIES = 1
    for _n in range(61):
        client.post(form, typed(name=""), headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.1"})

    same = client.post(form, typed(), headers={"X-Forwarded-For": "7.7.7.7, 192.0.2.1"})
    other = client.post(form, typed(), headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.2"})

    assert (same.status_code, other.status_code) == (429, 302)


@pytest.mark.parametrize("start", ["20261340T1000Z", "20260230T1000Z", "20260201T2500Z", "now"])
def test_a_start_that_is_none_is_not_found(client, company, service, start):
    assert client.get(f"/willow/book/{service.slug}/{start}/").status_code == 404


def test_a_time_outside_the_hours_is_refused(client, company, service):
    WeeklyHours.objects.all().delete()

    response = client.post(url("details", company, service.slug, at(10)), typed())

    assert response.status_code == 422
    assert "Nobody is available" in response.content.decode()


def test_the_company_of_an_unpublished_site_cannot_be_booked(client, company, form):
    Company.objects.update(published=False)

    response = client.post(form, typed(request_key=str(uuid4())))

    assert response.status_code == 404
    assert not Booking.objects.exists()


def test_every_refusal_has_words():
    from visavis.booking_site.refusals import CHANGES, STARTS

    assert set(STARTS) == set(Refusal)
    assert set(CHANGES) == set(ChangeRefusal)


@pytest.mark.parametrize(
    ("own_number", "zone", "typed_number", "number"),
    [
        ("", "Europe/Paris", "06 12 34 56 78", "+33 6 12 34 56 78"),
        ("+32 2 551 11 11", "Europe/Paris", "02 551 11 11", "+32 2 551 11 11"),
        ("", "UTC", "06 12 34 56 78", None),
        ("", "UTC", "+44 20 7946 0018", "+44 20 7946 0018"),
    ],
)
def test_numbers_are_read_as_in_the_companys_country(own_number, zone, typed_number, number):
    from visavis.companies.phones import international

    company = Company(phone=own_number, time_zone=zone)

    assert international(typed_number, company) == number


@pytest.fixture
def texting(company):
    return SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")


def test_nobody_is_asked_about_texts_while_there_are_none(client, form):
    assert 'name="texts"' not in client.get(form).content.decode()


def test_whoever_ticks_it_wants_texts_to_their_phone(client, company, form, texting):
    client.post(form, typed(phone="06 12 34 56 78", texts="on"))

    assert sms.wanted(company, "+33612345678")


def test_whoever_does_not_gets_none(client, company, form, texting):
    client.post(form, typed(phone="06 12 34 56 78"))

    assert not sms.wanted(company, "+33612345678")
    assert Booking.objects.exists()


@pytest.mark.parametrize(
    ("phone", "says"),
    [("", "Enter your mobile number above"), ("01 42 68 53 00", "We cannot send texts to this")],
)
def test_texts_need_a_phone_that_gets_them(client, form, texting, phone, says):
    response = client.post(form, typed(phone=phone, texts="on"))

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Booking.objects.exists()
