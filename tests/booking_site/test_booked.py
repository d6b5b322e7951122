from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from booking_site.visits import ALAN, book, typed, url
from factories import make_service
from visavis.booking_site.views.booked import SALT, booked_url
from visavis.bookings.actors import by_staff
from visavis.bookings.models import Booking
from visavis.bookings.operations import ending
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def online(company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video talk", [provider], online=True)


def test_the_confirmation_names_the_booking(client, service, ten):
    booking = book(service, ten)

    page = client.get(booked_url(booking)).content.decode()

    assert booking.code in page
    assert "Paris time" in page
    assert "grace@example.com" in page


def test_an_online_booking_shows_its_own_way_in(client, online, ten):
    booking = book(online, ten)

    page = client.get(booked_url(booking)).content.decode()

    assert JoinLink.objects.get(side="client", holder_id=booking.pk).token in page
    assert JoinLink.objects.get(side="provider").token not in page


def test_the_confirmation_tells_nothing_else_about_a_client_with_this_address(
    client, company, service, online, ten
):
    earlier = book(online, ten, note="A secret")
    # Mallory types Grace's address.
    answer = client.post(
        url("details", company, service.slug, ten + timedelta(hours=1)), typed(name="Mallory")
    )

    page = client.get(answer["Location"]).content.decode()
    file = client.get(f"{answer['Location']}booking.ics").content.decode()

    made = Booking.objects.exclude(pk=earlier.pk).get()
    assert made.client == earlier.client
    link = JoinLink.objects.get(side="client", holder_id=earlier.pk)
    for told in (page, file.replace("\r\n ", "")):
        assert made.code in told
        assert earlier.client.token not in told
        assert earlier.code not in told
        assert link.token not in told
        assert "Grace Demo" not in told


def test_the_confirmation_is_kept_from_caches_and_search_engines(client, service, ten):
    response = client.get(booked_url(book(service, ten)))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


def test_a_confirmation_grows_old(client, company, service, ten, monkeypatch):
    address = booked_url(book(service, ten))
    monkeypatch.setattr("visavis.booking_site.views.booked.VALID", timedelta(seconds=-1))

    response = client.get(address)

    assert response.status_code == 410
    assert url("lost_link", company) in response.content.decode()


def test_a_forged_or_foreign_confirmation_is_not_found(client, company, service, ten):
    booking = book(service, ten)
    elm = Company.objects.create(slug="elm", name="Elm", time_zone="UTC", published=True)
    token = signing.dumps(booking.pk, salt=SALT)

    assert client.get(url("booked", company, f"{token}x")).status_code == 404
    assert client.get(url("booked", elm, token)).status_code == 404


def test_the_calendar_file_holds_the_appointment(client, online, ten):
    booking = book(online, ten)

    response = client.get(f"{booked_url(booking)}booking.ics")

    assert response["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{ten:%Y%m%dT%H%M%SZ}" in response.content.decode()
    assert f"{booking.code}.ics" in response["Content-Disposition"]


def test_calendars_on_the_web_get_the_same_times(client, online, ten):
    booking = book(online, ten)

    google, outlook = client.get(booked_url(booking)).context["calendars"]

    ends = ten + timedelta(minutes=30)
    asked = parse_qs(urlsplit(google.url).query)
    assert asked["dates"] == [f"{ten:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}"]
    assert parse_qs(urlsplit(outlook.url).query)["startdt"] == [f"{ten:%Y-%m-%dT%H:%M:%SZ}"]


def test_a_booking_that_awaits_approval_is_called_a_request(client, company, provider, ten):
    features.switch(company, features.APPROVAL, on=True)
    service = make_service(company, "Asked talk", [provider], approval_wanted=True)

    page = client.get(booked_url(book(service, ten, ALAN))).content.decode()

    assert "Your request has been received" in page
    assert "Add to your calendar" not in page


def test_a_booking_cancelled_meanwhile_says_so(client, online, ten, owner, now):
    booking = book(online, ten)
    ending.cancel(booking, by=by_staff(owner), now=now)

    page = client.get(booked_url(booking)).content.decode()

    assert "has been cancelled" in page
    assert "Open meeting" not in page
