"""When the platform cannot be had and everybody is led to another one, both sides read so."""

import pytest

from entrance.test_door import book, door, open_room
from visavis.meetings.models import JoinLink, MeetingProvider, MeetingSettings, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def fallen_back(zoom, company, online, provider):
    """A booking that has begun, on Jitsi, since Zoom cannot be had."""
    MeetingSettings.objects.create(company=company, fallback="jitsi")
    zoom.fault("server_error", times=50)
    booking = book(online, provider, minutes=-1)
    for _try in range(3):
        if not Room.objects.current().filter(fallback=True).exists():
            try_to_open(booking)
    return booking


def try_to_open(booking):
    try:
        open_room(booking)
    except Room.DoesNotExist:
        return


def text(response):
    return response.content.decode()


def test_a_client_reads_where_they_are_led_before_they_go(client, fallen_back):
    page = text(client.get(door(fallen_back)))

    assert "The meeting takes place on Jitsi Meet" in page
    assert "Zoom cannot be reached at the moment" in page
    assert JoinLink.objects.get(side="client").forwarded_at is None


def test_it_goes_on_by_itself_also_without_javascript(client, fallen_back):
    page = text(client.get(door(fallen_back)))

    assert '<meta http-equiv="refresh" content="8;url=?go=1">' in page
    assert 'href="?go=1" data-onward="8"' in page


def test_the_address_of_the_room_is_not_on_the_page(client, fallen_back):
    assert Room.objects.current().get().join_url not in text(client.get(door(fallen_back)))


def test_going_on_leads_to_the_room(client, fallen_back):
    response = client.get(door(fallen_back) + "?go=1")

    assert response["Location"] == Room.objects.current().get().join_url
    assert JoinLink.objects.get(side="client").forwarded_at is not None


def test_without_a_fallback_nobody_is_held_up(client, online, provider):
    booking = book(online, provider, minutes=-1)
    open_room(booking)

    assert client.get(door(booking)).status_code == 302


def test_the_provider_reads_where_everybody_is_and_why(client, fallen_back):
    page = text(client.get(door(fallen_back, "provider")))

    assert "Everybody meets on another platform now: Jitsi Meet" in page
    assert "does not answer at the moment" in page
    assert "The online meeting cannot be opened" not in page


def test_hints_name_the_platform_of_the_meeting(client, online, provider):
    booking = book(online, provider, minutes=40)
    assert "the Zoom app" in text(client.get(door(booking)))

    MeetingProvider.objects.update(platform="jitsi")

    page = text(client.get(door(booking)))
    assert "Jitsi Meet works in the browser" in page
    assert "Zoom" not in page
