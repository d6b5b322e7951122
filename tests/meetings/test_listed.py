"""Rooms that Zoom lists: made when it is booked, moved and deleted with the booking."""

from datetime import timedelta

import pytest

from gateways.zoom_simulator import LENA, LIAM
from meetings.at_the_hour import Clock, book, room_of, tend
from visavis.bookings.actors import By
from visavis.bookings.operations import ending, moving
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.core.policies import Actor
from visavis.meetings import leftovers, rooms, tending
from visavis.meetings.models import Meeting, MeetingProvider, MeetingSettings, Room

pytestmark = pytest.mark.django_db

TOMORROW = 24 * 60
STAFF = By(Actor.STAFF, "Olive Demo")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def booked(online, provider, company, clock):
    """A booking for tomorrow, at a company whose rooms are made when it is booked."""
    MeetingSettings.objects.create(company=company, strategy="ahead")
    return book(online, provider, clock, minutes=TOMORROW)


def listed(zoom, host=LIAM):
    answer = zoom.gateway()._client.call("GET", "/users/{user}/meetings", ids={"user": host})
    return [(str(one["id"]), one["start_time"], one["topic"]) for one in answer["meetings"]]


def zoom_time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def move(booking, clock, *, hours, provider=None):
    moving.move(
        booking,
        starts_at=booking.appointment.starts_at + timedelta(hours=hours),
        provider=provider,
        by=By(Actor.STAFF),
        now=clock(),
        overriding=STAFF_OVERRIDES,
    )
    booking.refresh_from_db()


def test_the_room_is_made_by_the_next_worker_that_comes_by(zoom, booked, clock):
    (due,) = tending.claim_due(now=clock(), limit=5)

    tending.tend(due, clock=clock)

    start = booked.appointment.starts_at
    assert listed(zoom) == [(room_of(booked).external_id, zoom_time(start), "First talk")]


def test_booking_itself_asks_nothing_of_zoom(zoom, booked):
    assert zoom.meetings() == []


def test_until_its_day_it_is_looked_at_as_seldom_as_others(booked, clock):
    looked_at = tend(booked.appointment.meeting, clock)

    assert looked_at.look_at - clock() > timedelta(hours=20)


def test_it_moves_with_the_booking_and_stays_the_same_room(zoom, booked, clock):
    tend(booked.appointment.meeting, clock)
    number = room_of(booked).external_id

    move(booked, clock, hours=2)
    tend(booked.appointment.meeting, clock)

    start = booked.appointment.starts_at
    assert listed(zoom) == [(number, zoom_time(start), "First talk")]


def test_an_app_that_may_not_change_meetings_makes_another_one(zoom, booked, connection, clock):
    connection.scopes = "meeting:write:meeting:admin meeting:read:meeting:admin"
    connection.save()
    tend(booked.appointment.meeting, clock)
    number = room_of(booked).external_id

    move(booked, clock, hours=2)
    tend(booked.appointment.meeting, clock)

    assert [one[1] for one in listed(zoom)] == [zoom_time(booked.appointment.starts_at)]
    assert room_of(booked).external_id != number


def test_it_goes_with_the_booking(zoom, booked, clock):
    meeting = booked.appointment.meeting
    tend(meeting, clock)

    ending.cancel(booked, by=By(Actor.STAFF), now=clock())
    tend(meeting, clock)

    assert listed(zoom) == []


def test_another_host_gets_one_on_their_own_list(zoom, booked, provider, clock):
    tend(booked.appointment.meeting, clock)

    MeetingProvider.objects.filter(provider=provider).update(host_id=LENA)
    tend(booked.appointment.meeting, clock)

    assert (listed(zoom), len(listed(zoom, LENA))) == ([], 1)


def test_a_test_run_days_ahead_does_not_end_it(zoom, booked, clock):
    tend(booked.appointment.meeting, clock)
    room = room_of(booked)
    zoom.steer("POST", f"/meetings/{room.external_id}/start")
    zoom.steer("POST", f"/meetings/{room.external_id}/end")

    rooms.note_ended(room, now=clock())
    tend(booked.appointment.meeting, clock)

    assert room_of(booked).external_id == room.external_id
    assert Meeting.objects.get().ended_at is None


def test_when_it_is_over_it_leaves_the_list(zoom, booked, clock):
    tend(booked.appointment.meeting, clock)

    clock.set(booked.appointment.ends_at + timedelta(minutes=20))
    tend(booked.appointment.meeting, clock)

    assert listed(zoom) == []


def test_one_whose_answer_was_lost_is_found_again_and_removed(zoom, booked, clock):
    zoom.fault("lost_response", times=1, method="POST", path="/v2/users/*")
    tend(booked.appointment.meeting, clock)
    assert len(listed(zoom)) == 1

    clock.set(clock() + timedelta(minutes=15))
    tend(booked.appointment.meeting, clock)
    leftovers.remove_due(clock=clock)

    assert [one[0] for one in listed(zoom)] == [room_of(booked).external_id]
    assert not Room.objects.exclude(remove_at=None).exists()


def test_without_the_right_to_look_it_is_left_where_it_is(zoom, booked, clock):
    zoom.fault("lost_response", times=1, method="POST", path="/v2/users/*")
    scopes = zoom.steer("GET", "/apps")["apps"][0]["scopes"]
    tend(booked.appointment.meeting, clock)
    connection = booked.company.connections.get()
    connection.scopes = " ".join(one for one in scopes if "list_meetings" not in one)
    connection.save()

    leftovers.remove_due(clock=clock)

    assert not Room.objects.exclude(remove_at=None).exists()


def test_what_cannot_be_closed_now_is_closed_later(zoom, booked, clock):
    meeting = booked.appointment.meeting
    tend(meeting, clock)
    ending.cancel(booked, by=By(Actor.STAFF), now=clock())
    zoom.fault("server_error", times=20)
    tend(meeting, clock)
    zoom.steer("DELETE", "/faults")
    assert len(listed(zoom)) == 1

    leftovers.remove_due(clock=clock)

    assert listed(zoom) == []


def test_it_is_tried_ever_more_seldom_and_at_last_no_more(zoom, booked, clock):
    meeting = booked.appointment.meeting
    tend(meeting, clock)
    ending.cancel(booked, by=By(Actor.STAFF), now=clock())
    # Not one after which a call is repeated at once: here only the pauses between tries count.
    zoom.fault("refused", times=1000)
    tend(meeting, clock)

    pauses = []
    while due := Room.objects.exclude(remove_at=None).values_list("remove_at", flat=True).first():
        pauses.append(due - clock())
        clock.set(due)
        leftovers.remove_due(clock=clock)

    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)
    assert len(pauses) < 50
