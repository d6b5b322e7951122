"""What went wrong between Zoom and other products, done to ours."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import book
from factories import make_service
from gateways.zoom_simulator import LIAM
from inbound.test_zoom import deliver
from inbound.test_zoom_at_once import SECRET, about_meeting
from visavis.connections.models import Connection
from visavis.meetings import tending
from visavis.meetings.models import Meeting, MeetingProvider, Room
from visavis.meetings.readiness import readiness
from visavis.notifications.models import Message
from visavis.worker import events, sweeps, troubles

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(online, provider, company, owner):
    """A meeting that begins now, and has its room."""
    meeting = book(online, provider=provider).appointment.meeting
    now = timezone.now()
    Meeting.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    return look_at(meeting)


def look_at(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(claimed_until=None)
    assert tending.claim_one(meeting, now=timezone.now())
    tending.tend(meeting, clock=timezone.now)
    meeting.refresh_from_db()
    return meeting


def give_up(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(wanted=False)
    return look_at(meeting)


def test_a_meeting_that_became_a_webinar_keeps_its_room_and_is_told(meeting, zoom):
    zoom.fault("refused", status=400, code=3000, message="Cannot access webinar info.")

    look_at(meeting)
    troubles.tell(timezone.now() + timedelta(minutes=1))

    assert Room.objects.current().get().usable
    assert meeting.fault == "refused"
    assert Message.objects.filter(event="meeting_fault").count() == 1


def test_without_the_right_to_delete_nobody_is_led_there_any_more(meeting, zoom):
    zoom.fault("missing_scope", method="DELETE", path="/v2/meetings/*")

    give_up(meeting)

    room = Room.objects.get()
    assert room.closed_because == "unwanted"
    # It is tried again.
    assert room.remove_at is not None


@pytest.mark.parametrize("event", ["meeting.ended", "meeting.deleted"])
def test_the_echo_of_what_we_did_ourselves_changes_nothing(client, settings, meeting, zoom, event):
    settings.ZOOM_WEBHOOK_SECRET = SECRET
    number = Room.objects.get().external_id
    give_up(meeting)
    before = (Room.objects.values().get(), Meeting.objects.values().get())

    deliver(client, about_meeting(event, number))
    events.apply_open(timezone.now())

    assert (Room.objects.values().get(), Meeting.objects.values().get()) == before


def test_a_host_whose_address_changes_stays_host(online, zoom):
    zoom.steer("PATCH", f"/users/{LIAM}", email="somebody.else@example.com")
    Connection.objects.update(look_around_at=None)

    sweeps.refresh_hosts(timezone.now())

    assert MeetingProvider.objects.get().host_id == LIAM
    assert readiness(online) == []


def test_a_moved_appointment_keeps_its_links_and_gets_a_room_that_is_there(meeting, zoom):
    links = set(meeting.links.values_list("token", flat=True))
    first = Room.objects.current().get()
    later = timezone.now() + timedelta(hours=3)
    Meeting.objects.update(starts_at=later, ends_at=later + timedelta(hours=1))
    look_at(meeting)

    now = timezone.now()
    Meeting.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    look_at(meeting)

    room = Room.objects.current().get()
    alive = {str(one["id"]) for one in zoom.meetings() if one["status"] == "waiting"}
    assert {room.external_id} == alive
    assert room.external_id != first.external_id
    assert set(meeting.links.values_list("token", flat=True)) == links


def test_zoom_and_other_clients_learn_nobodys_address(company, provider, online, zoom, owner):
    group = make_service(company, "Group", [provider], seats=3, online=True)
    for name in ("Grace Demo", "Alan Demo"):
        booking = book(group, provider=provider, name=name)
    meeting = booking.appointment.meeting
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now, ends_at=now + timedelta(hours=1))

    look_at(meeting)

    sent = json.dumps([call["body"] for call in zoom.calls("", "/v2/")])
    assert "@example.com" not in sent
    for message in Message.objects.filter(audience="client"):
        others = {"grace@example.com", "alan@example.com"} - {message.recipient}
        assert not any(other in json.dumps(message.details) for other in others)
