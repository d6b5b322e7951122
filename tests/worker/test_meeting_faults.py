"""What one cause keeps from being opened is told in one message, and once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import at, book
from factories import make_member, make_provider
from gateways.zoom_simulator import LENA, LIAM
from visavis.connections import tokens
from visavis.connections.models import Connection
from visavis.gateways.video import Fault
from visavis.meetings import tending
from visavis.meetings.models import Meeting, MeetingProvider
from visavis.notifications.models import Message
from visavis.worker import meeting_faults, troubles

pytestmark = pytest.mark.django_db


def book_six(online, provider, *, hour):
    starts = [at(hour) + timedelta(minutes=30 * number) for number in range(6)]
    booked = [book(online, starts_at=start, provider=provider) for start in starts]
    return [booking.appointment.meeting for booking in booked]


@pytest.fixture
def six(online, provider, owner):
    """Six online appointments ahead, all with the same provider."""
    return book_six(online, provider, hour=9)


@pytest.fixture
def colleague(online, company):
    """Another provider, who meets as another host."""
    made = make_provider(company, "Bo Demo")
    online.providers.add(made)
    MeetingProvider.objects.create(provider=made, platform="zoom", host_id=LENA)
    return made


def fails(fault, meetings=None, *, minutes_ago=1):
    found = Meeting.objects.filter(pk__in=[one.pk for one in meetings]) if meetings else None
    since = timezone.now() - timedelta(minutes=minutes_ago)
    soon = timezone.now() + timedelta(hours=2)
    for meeting in found if found is not None else Meeting.objects.all():
        Meeting.objects.filter(pk=meeting.pk).update(
            fault=fault, fault_since=since, fault_told_at=None,
            starts_at=soon, ends_at=soon + timedelta(hours=1),
        )  # fmt: skip


def told(event="meeting_fault"):
    return list(Message.objects.filter(event=event).order_by("pk"))


def tell():
    troubles.tell(timezone.now())


def test_a_dead_grant_with_six_meetings_ahead_is_one_message(six, connection, owner):
    tokens.needs_attention(connection, Fault.RECONNECT, now=timezone.now())
    fails(Fault.RECONNECT)

    tell()
    tell()

    assert [one.recipient for one in told("connection_attention")] == [owner.email]
    assert told() == []
    assert not Meeting.objects.filter(fault_told_at=None).exists()


def test_so_is_a_removal_in_zoom(six, connection, owner):
    Connection.objects.update(
        disconnected_at=timezone.now(), disconnected_because="removed_at_platform"
    )
    fails("not_connected")

    tell()

    assert [one.recipient for one in told("connection_attention")] == [owner.email]
    assert told() == []


def test_what_the_connection_does_not_explain_is_told_beside_it(six, connection):
    tokens.needs_attention(connection, Fault.RECONNECT, now=timezone.now())
    fails(Fault.HOST_GONE)

    tell()

    assert len(told("connection_attention")) == 1
    assert len(told()) == 1


def test_the_faults_of_one_host_are_one_message_that_names_the_meetings(six):
    fails(Fault.HOST_GONE)

    tell()
    tell()

    (message,) = told()
    assert len(message.details["meeting"].splitlines()) == 6


def test_each_administrator_gets_it(six, company):
    make_member(company, "scheduling_administrator", "second@willow.example")
    fails(Fault.HOST_GONE)

    tell()

    assert len(told()) == 2


def test_two_hosts_are_two_messages(six, online, colleague):
    book(online, starts_at=at(15), provider=colleague)
    fails(Fault.HOST_NOT_ALLOWED)

    tell()

    assert len(told()) == 2


def test_providers_who_share_a_host_share_the_message(six, online, colleague):
    MeetingProvider.objects.update(host_id=LIAM)
    book(online, starts_at=at(15), provider=colleague)
    fails(Fault.HOST_GONE)

    tell()

    (message,) = told()
    assert "Bo Demo" in message.details["meeting"]


def test_what_is_wrong_with_the_company_is_one_message_for_all_hosts(six, online, colleague):
    book(online, starts_at=at(15), provider=colleague)
    fails("not_connected")

    tell()

    assert len(told()) == 1


def test_a_long_list_is_counted(six, online, provider):
    book_six(online, provider, hour=12)
    fails(Fault.HOST_GONE)

    tell()

    (message,) = told()
    assert message.details["meeting"].splitlines()[-1] == "and 2 more"


def test_another_fault_of_the_same_meeting_is_told(six, connection):
    meeting = six[0]
    fails(Fault.UNREACHABLE, [meeting])
    tell()

    look_at(meeting, gone=True)
    later = timezone.now() + timedelta(minutes=2)
    troubles.tell(later)

    assert len(told()) == 2


def look_at(meeting, *, gone):
    """Let the worker look at a meeting whose host is gone, or is there."""
    Meeting.objects.filter(pk=meeting.pk).update(claimed_until=None)
    meeting.company.connections.get().users.update(gone_at=timezone.now() if gone else None)
    assert tending.claim_one(meeting, now=timezone.now())
    tending.tend(meeting, clock=timezone.now)


def test_the_same_fault_at_the_next_look_is_not(six, connection):
    look_at(six[0], gone=True)
    Meeting.objects.filter(pk=six[0].pk).update(
        fault_since=timezone.now() - timedelta(minutes=1),
        starts_at=timezone.now() + timedelta(hours=2),
    )
    tell()

    look_at(six[0], gone=True)
    troubles.tell(timezone.now() + timedelta(minutes=2))

    assert len(told()) == 1


def test_faults_that_alternate_are_not_told_each_time(six):
    for fault in (Fault.UNREACHABLE, Fault.RATE_LIMITED, Fault.UNREACHABLE, Fault.RATE_LIMITED):
        fails(fault)
        tell()

    assert len(told()) == 2


def test_after_a_while_they_are(six):
    fails(Fault.HOST_GONE)
    tell()
    for message in told():
        message.created_at = timezone.now() - meeting_faults.QUIET
        message.key += ":earlier"
        message.save()
    fails(Fault.HOST_GONE, six[:1])

    tell()

    assert len(told()) == 2


def test_what_mends_itself_is_nobodys_trouble(six):
    fails(Fault.UNREACHABLE, minutes_ago=0)

    tell()

    assert told() == []
