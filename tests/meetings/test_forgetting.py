"""When a connection ends, who its hosts were is forgotten; the same account finds them again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import book, sign_in
from back_office.zoom_person import Person, connect
from factories import make_provider
from gateways.zoom_simulator import LENA, LIAM, OWNER
from inbound.test_zoom import deauthorisation, deliver
from visavis.bookings.models import Booking
from visavis.connections import hosts, operations
from visavis.connections.models import Connection
from visavis.meetings import forgetting, tending
from visavis.meetings.aliases import alias_of
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider, Room
from visavis.meetings.platforms import Host
from visavis.meetings.readiness import HOST_GONE, readiness
from visavis.worker import events

pytestmark = pytest.mark.django_db
PROVIDERS = "/office/willow/online-meetings/providers/"
DISCONNECT = "/office/willow/online-meetings/zoom/disconnect/"
NAME = "Liam Licensed <liam.licensed@example.com>"


@pytest.fixture
def mapping(online):
    MeetingProvider.objects.update(host_name=NAME)
    return MeetingProvider.objects.get()


@pytest.fixture
def room(mapping, provider, company):
    """A room that is in use."""
    now = timezone.now()
    meeting = Meeting.objects.create(
        company=company, provider=provider, topic="Talk", fault_detail=f"{NAME} is not active",
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    return Room.objects.create(
        meeting=meeting, platform="zoom", host_id=LIAM, asked_at=now, opened_at=now,
        external_id="123", join_url="https://zoom.example/j/123",
    )  # fmt: skip


@pytest.fixture
def person(zoom):
    with Person(zoom, OWNER) as person:
        yield person


def everything_kept():
    """Return all that stands in the rows about hosts."""
    rows = [*MeetingProvider.objects.values_list(), *Room.objects.values_list()]
    rows += [*Meeting.objects.values_list(), *Connection.objects.values_list()]
    return " ".join(str(value) for row in rows for value in row)


def end(connection, zoom=None):
    """End it; in `zoom` the app is removed as well, so that consent is asked for again."""
    if zoom is not None:
        zoom.steer("DELETE", f"/grants/visavis-demo/{OWNER}")
    return operations.end(connection, because="disconnected", now=timezone.now())


def test_a_removal_in_zoom_forgets_hosts_and_keeps_bookings(client, connection, online, room):
    booking = book(online, provider=online.providers.get())

    deliver(client, deauthorisation())
    events.apply_open(timezone.now())

    for fact in (LIAM, "Liam", "liam.licensed@example.com", "DemoOwner"):
        assert fact not in everything_kept()
    assert Booking.objects.get().status == booking.status
    assert JoinLink.objects.standing().exists()


def test_disconnecting_here_forgets_them_too(client, company, connection, room):
    sign_in(client, company, "owner")

    client.post(DISCONNECT)

    for fact in (LIAM, "Liam", "liam.licensed@example.com"):
        assert fact not in everything_kept()


def test_the_same_account_finds_its_hosts_again_without_anybody_choosing(
    client, company, connection, room, person, zoom
):
    end(connection, zoom)
    sign_in(client, company, "owner")

    connect(client, person)

    mapping, kept = MeetingProvider.objects.get(), Room.objects.get()
    assert (mapping.host_id, mapping.host_name) == (LIAM, NAME)
    assert kept.host_id == LIAM


def test_without_shared_access_they_are_found_once_it_is_shared(
    client, company, connection, mapping, person, zoom
):
    end(connection, zoom)
    sign_in(client, company, "owner")
    connect(client, person, shared=False)
    assert MeetingProvider.objects.get().host_id == alias_of(LIAM)

    person.update_permissions("visavis-demo", shared=True)
    hosts.look_around(Connection.objects.live().get(), clock=timezone.now)

    assert MeetingProvider.objects.get().host_id == LIAM


def test_another_account_finds_nobody_and_the_page_asks_to_choose(
    client, company, connection, mapping, online
):
    end(connection)
    Connection.objects.create(
        company=company, platform="zoom", client_id="other", connected_at=timezone.now()
    )
    sign_in(client, company, "owner")

    page = client.get(PROVIDERS).content.decode()

    assert [gap.kind for gap in readiness(online)] == [HOST_GONE]
    assert "The Zoom user chosen before (no longer on the account)" in page


def test_until_then_the_page_promises_to_find_them(client, company, connection, mapping):
    end(connection)
    sign_in(client, company, "owner")

    page = client.get(PROVIDERS).content.decode()

    assert "As before, once the same Zoom account is connected" in page


def test_a_meeting_that_goes_on_keeps_its_room(connection, room):
    end(connection)
    assert tending.claim_one(room.meeting, now=timezone.now())

    tending.tend(room.meeting, clock=timezone.now)

    assert Room.objects.current().get() == room


def test_a_room_is_the_right_one_whichever_of_the_two_stands_for_its_host():
    assert Host("zoom", LIAM).key == Host("zoom", alias_of(LIAM)).key != Host("zoom", LENA).key


def test_providers_who_share_a_host_still_do(connection, company, mapping):
    other = make_provider(company, "Bo Demo")
    MeetingProvider.objects.create(provider=other, platform="zoom", host_id=LIAM)
    third = make_provider(company, "Cy Demo")
    MeetingProvider.objects.create(provider=third, platform="zoom", host_id=LENA)

    end(connection)

    one, same, another = MeetingProvider.objects.order_by("pk").values_list("host_id", flat=True)
    assert one == same != another


def test_a_fixed_link_is_no_business_of_zooms(connection, company):
    provider = make_provider(company, "Bo Demo")
    link = "https://meet.example/bo"
    MeetingProvider.objects.create(provider=provider, platform="fixed", fixed_link=link)

    end(connection)

    assert MeetingProvider.objects.get().fixed_link == link


def test_what_was_written_while_the_connection_ended_is_forgotten_later(connection, room):
    end(connection)
    Room.objects.update(host_id=LENA)

    forgetting.forget_left_over(timezone.now())

    assert Room.objects.get().host_id == alias_of(LENA)


def test_hosts_of_a_live_connection_are_left_alone(connection, room):
    end(Connection.objects.get())
    Connection.objects.create(
        company=connection.company, platform="zoom", client_id="x", connected_at=timezone.now()
    )
    Room.objects.update(host_id=LIAM)

    forgetting.forget_left_over(timezone.now())

    assert Room.objects.get().host_id == LIAM
