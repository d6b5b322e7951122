from datetime import timedelta

import pytest

from meetings.at_the_hour import Clock, book, links_of, tend
from visavis.connections.models import Connection
from visavis.gateways.video.zoom.scopes import PAST_PARTICIPANTS, names
from visavis.meetings import attendance, looking_back, rooms
from visavis.meetings.attendance import Came
from visavis.meetings.models import Meeting, Presence, Room

pytestmark = pytest.mark.django_db
PATH = "/v2/past_meetings/"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def _scope(zoom):
    known = zoom.steer("GET", "/apps")["apps"][0]["scopes"]
    assert f"{PAST_PARTICIPANTS}:admin" in known


@pytest.fixture
def booking(online, provider, clock):
    return book(online, provider, clock)


def meet(zoom, booking, clock, *names):
    """Let the host and some people meet for half an hour, and the room be over."""
    clock.set(booking.appointment.starts_at)
    tend(booking.appointment.meeting, clock)
    room = Room.objects.current().get()
    zoom.steer("POST", f"/meetings/{room.external_id}/start")
    for name in names:
        zoom.steer("POST", f"/meetings/{room.external_id}/join", name=name)
    zoom.steer("POST", f"/meetings/{room.external_id}/end")
    clock.set(booking.appointment.ends_at)
    rooms.note_ended(room, now=clock())
    return room


def look_after(clock, minutes):
    clock.set(clock() + timedelta(minutes=minutes))
    looking_back.look_back(clock=clock)


def came(booking, clock):
    meeting = Meeting.objects.get(pk=booking.appointment.meeting_id)
    found = attendance.of_meeting(meeting, now=clock() + timedelta(days=1))
    return {one.link.pk: one.came for one in found.clients}[links_of(booking)[0].pk]


def test_without_any_event_zoom_is_asked_who_was_there(zoom, booking, clock):
    meet(zoom, booking, clock, "Grace Demo")

    look_after(clock, 3)

    assert came(booking, clock) is Came.YES
    assert Presence.objects.count() == 2


def test_it_is_asked_once_if_it_knows(zoom, booking, clock):
    meet(zoom, booking, clock, "Grace Demo")

    for minutes in (3, 20, 60, 400):
        look_after(clock, minutes)

    assert len(zoom.calls("GET", PATH)) == 1


def test_it_is_not_asked_at_once(zoom, booking, clock):
    meet(zoom, booking, clock, "Grace Demo")

    look_after(clock, 1)

    assert zoom.calls("GET", PATH) == []


def test_what_failed_is_asked_again_some_time_later(zoom, booking, clock):
    meet(zoom, booking, clock, "Grace Demo")
    zoom.fault("meeting_missing", path=f"{PATH}*", times=1)

    look_after(clock, 3)
    look_after(clock, 1)
    look_after(clock, 15)

    assert came(booking, clock) is Came.YES
    assert len(zoom.calls("GET", PATH)) == 2


def test_on_a_plan_without_it_zoom_is_asked_once_and_nothing_is_known(zoom, booking, clock):
    meet(zoom, booking, clock, "Grace Demo")
    account = zoom.steer("GET", "/accounts")["accounts"][0]["id"]
    zoom.steer("PATCH", f"/accounts/{account}", plan="free")

    look_after(clock, 3)
    look_after(clock, 20)

    assert came(booking, clock) is Came.UNKNOWN
    assert len(zoom.calls("GET", PATH)) == 1


def test_an_app_without_the_scope_is_not_even_asked(zoom, booking, clock):
    granted = [one for one in names(whole_account=True) if not one.startswith(PAST_PARTICIPANTS)]
    Connection.objects.update(scopes=" ".join(granted))
    meet(zoom, booking, clock, "Grace Demo")

    look_after(clock, 3)

    assert zoom.calls("GET", PATH) == []
