"""What looking at a meeting ahead finds out about its host, and who is told of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import make_member, make_provider
from gateways.zoom_simulator import LENA, LIAM
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.connections import hosts
from visavis.connections.models import PlatformUser
from visavis.meetings import operations, preflight, tending
from visavis.meetings.models import Meeting, MeetingProvider, MeetingSettings, Room
from visavis.meetings.platforms import Host
from visavis.notifications.models import Message
from visavis.worker import sweeps, troubles

pytestmark = pytest.mark.django_db
BEA = "DemoBasic0000000000005"


@pytest.fixture
def now():
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def ben(company, online):
    """A colleague, still with a Zoom user of his own."""
    ben = make_provider(company, "Ben Demo")
    online.providers.add(ben)
    MeetingProvider.objects.create(provider=ben, platform="zoom", host_id=LENA)
    return ben


def share_a_host(ben):
    MeetingProvider.objects.filter(provider=ben).update(host_id=LIAM)


def book(online, provider, starts_at, now, *, minutes=30):
    if online.duration_minutes != minutes:
        online.duration_minutes = minutes
        online.save()
    return making.book(
        Wish(offering=online, starts_at=starts_at, provider=provider),
        ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=now,
        overriding=STAFF_OVERRIDES,
    )


def look_at(booking, now):
    """Look at a meeting as a worker does; return what went wrong and what was noted."""
    meeting = Meeting.objects.select_related("provider__company", "company").get(
        pk=booking.appointment.meeting_id
    )
    assert tending.claim_one(meeting, now=now)
    tending.tend(meeting, clock=lambda: now)
    meeting.refresh_from_db()
    return meeting.fault, preflight.noted(meeting)


def let_bea_host(connection, provider):
    PlatformUser.objects.create(
        connection=connection, external_id=BEA, name="Bea Basic", licensed=False
    )
    MeetingProvider.objects.filter(provider=provider).update(host_id=BEA)


def test_nothing_is_noted_of_a_usual_host(online, provider, now):
    booking = book(online, provider, now + timedelta(hours=3), now, minutes=60)

    assert look_at(booking, now) == ("", [])


@pytest.mark.parametrize(("minutes", "noted"), [(40, []), (45, ["basic"])])
def test_a_host_without_a_licence_is_noted_where_the_meeting_is_longer(
    online, provider, connection, now, minutes, noted
):
    let_bea_host(connection, provider)
    booking = book(online, provider, now + timedelta(hours=3), now, minutes=minutes)

    assert look_at(booking, now) == ("", noted)


def test_a_licence_makes_the_note_go_away(zoom, online, provider, connection, now):
    let_bea_host(connection, provider)
    booking = book(online, provider, now + timedelta(hours=3), now, minutes=60)
    look_at(booking, now)

    zoom.steer("PATCH", f"/users/{BEA}", type=2)
    hosts.look_soon(type(connection).objects.all(), now=now)
    sweeps.refresh_hosts(timezone.now())

    assert look_at(booking, timezone.now()) == ("", [])


def test_instant_meetings_that_fall_into_the_personal_room_are_noted(zoom, online, provider, now):
    zoom.steer("PATCH", f"/users/{LIAM}", pmi_capture="always")
    booking = book(online, provider, now + timedelta(hours=3), now)

    assert look_at(booking, now) == ("", ["personal_room"])


def test_the_personal_room_is_no_matter_for_meetings_that_are_listed_anyway(
    zoom, company, online, provider, now
):
    zoom.steer("PATCH", f"/users/{LIAM}", pmi_capture="always")
    MeetingSettings.objects.create(company=company, strategy="scheduled")
    booking = book(online, provider, now + timedelta(hours=3), now)

    assert look_at(booking, now) == ("", [])


def test_of_two_meetings_of_one_host_the_later_one_cannot_take_place(online, provider, ben, now):
    first = book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=195), now)
    share_a_host(ben)

    assert look_at(first, now) == ("", [])
    assert look_at(second, now) == ("host_taken", [])


def test_meetings_that_follow_each_other_are_fine(online, provider, ben, now):
    book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=210), now)
    share_a_host(ben)

    assert look_at(second, now) == ("", [])


@pytest.mark.parametrize("cure", ["cancel", "another_host", "other_takes_another_host"])
def test_when_the_other_meeting_is_out_of_the_way_the_fault_is_gone(
    online, provider, ben, now, cure
):
    first = book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=195), now)
    share_a_host(ben)
    look_at(second, now)

    if cure == "cancel":
        staff = make_member(online.company, "owner", "owner@willow.example").user
        ending.cancel(first, by=by_staff(staff), now=now)
    else:
        moved = ben if cure == "another_host" else provider
        operations.choose_host(moved, Host("zoom", LENA), host_name="Lena", now=now)

    assert Meeting.objects.get(pk=second.appointment.meeting_id).look_at == now
    assert look_at(second, now) == ("", [])


def test_a_host_who_may_lead_several_meetings_may_have_two(zoom, online, provider, ben, now):
    zoom.steer("PATCH", f"/users/{LIAM}", concurrent_meeting="Basic")
    book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=195), now)
    share_a_host(ben)

    assert look_at(second, now) == ("", [])


@pytest.mark.parametrize(("at_once", "fault"), [(1, "host_taken"), (2, "")])
def test_a_host_may_have_as_many_meetings_as_the_company_says(
    company, online, provider, ben, now, at_once, fault
):
    MeetingSettings.objects.create(company=company, meetings_at_once=at_once)
    book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=195), now)
    share_a_host(ben)

    assert look_at(second, now) == (fault, [])


def test_a_host_who_is_still_elsewhere_is_noted_shortly_before(online, provider, ben, now):
    first = book(online, provider, now - timedelta(minutes=40), now - timedelta(hours=1))
    second = book(online, ben, now + timedelta(minutes=10), now)
    share_a_host(ben)
    Room.objects.create(
        meeting_id=first.appointment.meeting_id, platform="zoom", host_id=LIAM,
        asked_at=now - timedelta(minutes=42), opened_at=now, external_id="81", live=True,
        join_url="https://zoom.example/j/81",
    )  # fmt: skip

    assert look_at(second, now) == ("", ["host_busy"])

    MeetingSettings.objects.create(company=second.company, meetings_at_once=2)
    assert look_at(second, now) == ("", [])

    MeetingSettings.objects.all().delete()
    Room.objects.update(live=False)
    assert look_at(second, now) == ("", [])


def test_administrators_are_told_once_of_what_prevents_a_meeting(
    company, online, provider, ben, now
):
    make_member(company, "owner", "owner@willow.example")
    book(online, provider, now + timedelta(minutes=180), now)
    second = book(online, ben, now + timedelta(minutes=195), now)
    share_a_host(ben)
    look_at(second, now)

    for minutes in (1, 2):
        troubles.tell(now + timedelta(minutes=minutes))

    told = Message.objects.get(event="meeting_fault")
    assert "Zoom lets a user lead one at a time" in told.details["problem"]


def test_nobody_is_told_of_a_mere_notice(company, online, provider, connection, now):
    make_member(company, "owner", "owner@willow.example")
    let_bea_host(connection, provider)
    look_at(book(online, provider, now + timedelta(hours=3), now, minutes=60), now)

    troubles.tell(now + timedelta(minutes=2))

    assert not Message.objects.filter(event="meeting_fault").exists()


def test_a_meeting_that_moves_forgets_what_was_noted(online, provider, connection, now):
    let_bea_host(connection, provider)
    booking = book(online, provider, now + timedelta(hours=3), now, minutes=60)
    look_at(booking, now)
    meeting = Meeting.objects.get()
    assert preflight.noted(meeting) == [preflight.Notice.BASIC]

    operations.reschedule(
        meeting,
        provider=provider,
        topic=meeting.topic,
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at + timedelta(minutes=30),
        now=now,
    )

    meeting.refresh_from_db()
    assert preflight.noted(meeting) == []
