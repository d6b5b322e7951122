from datetime import UTC, datetime, timedelta

import pytest

from gateways.zoom_simulator import LENA, LIAM
from meetings.at_the_hour import Clock, tend
from visavis.bookings.actors import By, by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.core.policies import Actor
from visavis.meetings import entering, operations
from visavis.meetings.entering import CannotStart, Stage
from visavis.meetings.models import JoinLink, MeetingProvider, MeetingSettings, Room

pytestmark = pytest.mark.django_db

GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def booked(online, provider, clock):
    """An online booking that starts in half an hour."""
    starts_at = clock().replace(second=0, microsecond=0) + timedelta(minutes=30)
    return making.book(
        Wish(offering=online, starts_at=starts_at, provider=provider),
        GRACE,
        by=by_client("Grace"),
        now=clock(),
        overriding=STAFF_OVERRIDES,
    )


@pytest.fixture
def meeting(booked):
    return booked.appointment.meeting


def links(meeting):
    client = meeting.links.get(side=JoinLink.Side.CLIENT)
    provider = meeting.links.get(side=JoinLink.Side.PROVIDER)
    return entering.find(client.token), entering.find(provider.token)


def standing(zoom):
    return [one for one in zoom.meetings() if one["status"] in ("waiting", "started")]


def test_booking_asks_nothing_of_zoom(zoom, booked):
    assert zoom.meetings() == []


def test_a_room_is_made_shortly_before_the_hour(zoom, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))

    tend(meeting, clock)

    assert [(one["type"], one["host_id"]) for one in zoom.meetings()] == [(1, LIAM)]
    assert Room.objects.current().get().external_id == str(zoom.meetings()[0]["id"])


def test_tending_twice_makes_one_room(zoom, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))

    tend(meeting, clock)
    tend(meeting, clock)

    assert len(zoom.meetings()) == 1


def test_the_providers_start_makes_the_room_early_and_lets_clients_in(zoom, meeting, clock):
    client, provider = links(meeting)
    clock.set(meeting.starts_at - timedelta(minutes=10))

    address = entering.start(provider, clock=clock)

    assert "/s/" in address
    assert entering.view(links(meeting)[0], now=clock()).stage is Stage.OPEN
    assert client.token


def test_a_client_waits_until_the_hour(meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)

    before = entering.view(links(meeting)[0], now=clock()).stage
    at_the_hour = entering.view(links(meeting)[0], now=meeting.starts_at).stage

    assert (before, at_the_hour) == (Stage.EARLY, Stage.OPEN)


def test_the_start_address_is_kept_nowhere(zoom, meeting, clock):
    address = entering.start(links(meeting)[1], clock=clock)

    room = Room.objects.get()
    assert address not in {room.join_url, room.external_id, room.passcode}
    assert "zak" not in room.join_url


def test_an_answer_that_was_lost_leaves_no_room_in_use(zoom, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    zoom.fault("lost_response", times=1, method="POST", path="/v2/users/*")

    faulty = tend(meeting, clock)

    assert faulty.fault == "unreachable"
    assert not Room.objects.current().exists()
    assert [room.closed_because for room in Room.objects.all()] == ["answer_lost"]


def test_after_a_lost_answer_exactly_one_room_is_used(zoom, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    zoom.fault("lost_response", times=1, method="POST", path="/v2/users/*")
    tend(meeting, clock)

    mended = tend(meeting, clock)

    assert mended.fault == ""
    assert Room.objects.current().exclude(opened_at=None).count() == 1


def test_a_worker_that_died_before_the_answer_is_written_off(zoom, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    Room.objects.create(meeting=meeting, platform="zoom", host_id=LIAM, asked_at=clock())

    tend(meeting, clock)

    assert sorted(Room.objects.values_list("closed_because", flat=True)) == ["", "answer_lost"]


def test_a_cancelled_appointment_leaves_nothing_in_zoom(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)

    ending.cancel(booked, by=By(Actor.STAFF), now=clock())
    tend(meeting, clock)

    assert standing(zoom) == []
    assert entering.view(links(meeting)[0], now=clock()).stage is Stage.CANCELLED


def test_another_host_gets_a_room_of_their_own(zoom, meeting, provider, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    MeetingProvider.objects.filter(provider=provider).update(host_id=LENA)

    tend(meeting, clock)

    assert Room.objects.current().get().host_id == LENA
    assert [one["host_id"] for one in standing(zoom)] == [LENA]


def test_a_room_that_ended_is_opened_again_by_the_providers_next_start(zoom, meeting, clock):
    clock.set(meeting.starts_at)
    entering.start(links(meeting)[1], clock=clock)
    number = Room.objects.get().external_id
    zoom.steer("POST", f"/meetings/{number}/start")
    zoom.steer("POST", f"/meetings/{number}/end")

    clock.set(clock() + timedelta(minutes=1))
    entering.start(links(meeting)[1], clock=clock)

    assert Room.objects.current().get().external_id != number


def test_without_a_connection_the_provider_is_told_what_is_missing(meeting, connection, clock):
    connection.disconnected_at = clock()
    connection.save()

    with pytest.raises(CannotStart) as trouble:
        entering.start(links(meeting)[1], clock=clock)

    assert trouble.value.fault == "not_connected"


@pytest.mark.parametrize(
    ("minutes", "next_minutes"),
    [(3000, 1440), (1440, 60), (61, 60), (60, 10), (10, 2), (3, 2)],
)
def test_a_planned_meeting_is_looked_at_a_day_an_hour_and_ten_minutes_ahead(minutes, next_minutes):
    starts_at = datetime(2030, 1, 1, tzinfo=UTC)

    moment = operations.next_look(starts_at, now=starts_at - timedelta(minutes=minutes))

    assert moment == starts_at - timedelta(minutes=next_minutes)


def test_a_deactivated_host_is_noticed_ahead_of_time(zoom, meeting, clock):
    zoom.steer("PATCH", f"/users/{LIAM}", status="inactive")
    clock.set(meeting.starts_at - timedelta(minutes=10))

    faulty = tend(meeting, clock)

    assert faulty.fault == "host_gone"


def test_a_host_whose_personal_room_captures_meetings_gets_a_room_apart(zoom, meeting, clock):
    zoom.fault("pmi_capture", times=1)
    clock.set(meeting.starts_at - timedelta(minutes=1))

    fine = tend(meeting, clock)

    assert fine.fault == ""
    assert Room.objects.current().get().opened_at is not None


def test_when_zoom_fails_again_everybody_meets_elsewhere_by_the_same_link(
    zoom, company, meeting, clock
):
    MeetingSettings.objects.create(
        company=company, fallback="fixed", fallback_link="https://meet.example/room"
    )
    zoom.fault("server_error", times=50)
    clock.set(meeting.starts_at)

    tend(meeting, clock)
    troubled = tend(meeting, clock)

    door = entering.view(links(meeting)[0], now=clock())
    assert (door.stage, door.room.join_url) == (Stage.OPEN, "https://meet.example/room")
    assert troubled.fault == "unreachable"


def test_whoever_fell_back_stays_there_when_zoom_recovers(zoom, company, meeting, clock):
    MeetingSettings.objects.create(
        company=company, fallback="fixed", fallback_link="https://meet.example/room"
    )
    zoom.fault("server_error", times=50)
    clock.set(meeting.starts_at)
    tend(meeting, clock)
    tend(meeting, clock)
    zoom.steer("DELETE", "/faults")

    tend(meeting, clock)

    assert Room.objects.current().get().fallback


def test_nobody_falls_back_before_the_hour(zoom, company, meeting, clock):
    MeetingSettings.objects.create(company=company, fallback="jitsi")
    zoom.fault("server_error", times=50)
    clock.set(meeting.starts_at - timedelta(minutes=1))

    tend(meeting, clock)
    tend(meeting, clock)

    assert not Room.objects.current().exists()
