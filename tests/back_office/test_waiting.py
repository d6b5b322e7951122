"""Staff see who waits at the door of an online meeting, on pages that stay true by themselves."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import sign_in
from entrance.test_door import book, door
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db
TODAY = "/office/willow/today/"


@pytest.fixture
def booking(online, provider):
    return book(online, provider, minutes=5)


def page_of(booking):
    return reverse("back_office:booking", args=["willow", booking.code])


def waiting_of(booking):
    return reverse("back_office:who_waits", args=["willow", booking.appointment_id])


def text(response):
    return response.content.decode()


def test_the_page_of_a_booking_tells_who_waits(client, company, booking):
    sign_in(client, company, "receptionist")
    assert "Nobody waits at the door." in text(client.get(page_of(booking)))

    client.get(door(booking))

    assert "1 waiting" in text(client.get(page_of(booking)))


def test_the_page_asks_again_and_is_answered_if_something_changed(client, company, booking):
    sign_in(client, company, "receptionist")
    before = re.search(r"\?shown=([\w-]+)", text(client.get(page_of(booking))))[1]
    assert client.get(waiting_of(booking), {"shown": before}).status_code == 204

    client.get(door(booking))

    assert "1 waiting" in text(client.get(waiting_of(booking), {"shown": before}))


def test_the_overview_counts_who_waits(client, company, booking, settings):
    sign_in(client, company, "receptionist")
    client.get(door(booking))

    assert "1 waiting" in text(client.get("/office/willow/"))
    assert "1 waiting" in text(client.get(TODAY))


def test_the_overview_is_answered_only_if_something_changed(client, company, booking):
    sign_in(client, company, "receptionist")
    before = re.search(r"today/\?shown=(\w+)", text(client.get("/office/willow/")))[1]

    assert client.get(TODAY, {"shown": before}).status_code == 204


def test_long_before_nobody_is_watched(client, company, online, provider):
    tomorrow = book(online, provider, minutes=24 * 60)
    sign_in(client, company, "receptionist")

    assert "who-waits" not in text(client.get(page_of(tomorrow)))


def test_a_provider_sees_who_waits_for_them_alone(client, company, provider, booking):
    member = sign_in(client, company, "provider")
    assert client.get(waiting_of(booking)).status_code == 404

    provider.member = member
    provider.save()

    assert client.get(waiting_of(booking)).status_code == 200


def test_a_stranger_finds_nothing(client, company, booking):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")

    assert client.get(waiting_of(booking)).status_code == 404
    assert client.get(TODAY).status_code == 404


def test_the_list_of_today_takes_the_same_queries_however_many(
    client, company, online, provider, booking, django_assert_max_num_queries
):
    sign_in(client, company, "receptionist")
    with django_assert_max_num_queries(10) as one:
        client.get(TODAY)
    needed = len(one)
    for minutes in (35, 65):
        if (timezone.now() + timedelta(minutes=minutes)).date() == timezone.now().date():
            book(online, provider, minutes=minutes, name=f"Client{minutes} Demo")

    with django_assert_max_num_queries(needed):
        client.get(TODAY)
