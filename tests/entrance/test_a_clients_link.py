"""How a client's link behaves, as docs/zoom.md and the help page say."""

import pytest
from django.test import Client
from django.utils import timezone

from entrance.test_door import book, door, open_room
from visavis.bookings.actors import By, by_staff
from visavis.bookings.operations import ending, moving
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.core.policies import Actor
from visavis.meetings.models import JoinLink, Meeting, Room

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_opened_twice_at_once_it_leads_to_the_same_room(client, online, provider):
    booking = book(online, provider, minutes=-1)
    room = open_room(booking)

    both = [client.get(door(booking))["Location"], Client().get(door(booking))["Location"]]

    assert all(room.external_id in address for address in both)
    assert Room.objects.count() == 1


def test_opened_twice_before_the_hour_it_is_one_who_waits(client, online, provider):
    booking = book(online, provider, minutes=5)
    client.get(door(booking))
    Client().get(door(booking))

    assert text(client.get(door(booking, "provider"))).count("Waiting</span>") == 1


def test_forwarded_to_somebody_else_it_lets_them_in_as_a_client_and_never_as_host(
    client, zoom, online, provider
):
    booking = book(online, provider, minutes=-1)
    room = open_room(booking)
    somebody = Client()

    assert room.external_id in somebody.get(door(booking))["Location"]
    assert somebody.post(door(booking, page="start")).status_code == 403


def test_forwarded_it_tells_nothing_of_other_clients(client, online, provider):
    booking = book(online, provider, minutes=40)

    page = text(Client().get(door(booking)))

    assert booking.client.email not in page
    assert "Who is waiting" not in page


def test_after_a_cancellation_it_says_so_and_leads_nowhere(client, online, provider):
    booking = book(online, provider, minutes=-1)
    open_room(booking)
    ending.cancel(booking, by=by_staff(None), now=timezone.now())

    response = client.get(door(booking))

    assert response.status_code == 200
    assert "This appointment was cancelled" in text(response)


def test_after_a_move_the_same_link_leads_to_the_new_time(client, online, provider):
    booking = book(online, provider, minutes=40)
    link = door(booking)
    later = (
        booking.appointment.starts_at.replace(microsecond=0)
        + (booking.appointment.ends_at - booking.appointment.starts_at) * 4
    )

    moving.move(
        booking,
        starts_at=later,
        provider=provider,
        by=By(Actor.STAFF),
        now=timezone.now(),
        overriding=STAFF_OVERRIDES,
    )

    assert JoinLink.objects.get(side="client").token in link
    assert Meeting.objects.wanted().get().starts_at == later
    assert f'datetime="{later:%Y-%m-%dT%H:%M}' in text(client.get(link))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_scanner_changes_nothing_but_when_it_was_seen(
    client, zoom, online, provider, method
):
    booking = book(online, provider, minutes=5)

    for side in ("client", "provider"):
        getattr(client, method)(door(booking, side), headers={"User-Agent": "LinkScanner/1.0"})

    meeting = Meeting.objects.get()
    assert (zoom.meetings(), meeting.started_at) == ([], None)
    assert not JoinLink.objects.exclude(forwarded_at=None).exists()
