"""How long clients may come after the start, where a company says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from entrance.test_door import book, door, open_room
from visavis.meetings.models import JoinLink, MeetingSettings, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten_minutes(company):
    return MeetingSettings.objects.create(company=company, late_minutes=10)


def begun(online, provider, *, minutes_ago, opened_ago=None):
    """A booking that began so long ago, and whose room was opened then."""
    booking = book(online, provider, minutes=-minutes_ago)
    open_room(booking)
    opened = timezone.now() - timedelta(minutes=opened_ago or minutes_ago)
    Room.objects.update(opened_at=opened, host_joined_at=opened)
    return booking


def text(response):
    return response.content.decode()


def test_without_a_rule_clients_come_until_the_end(client, online, provider):
    assert client.get(door(begun(online, provider, minutes_ago=25))).status_code == 302


def test_who_is_a_little_late_goes_straight_in(client, ten_minutes, online, provider):
    assert client.get(door(begun(online, provider, minutes_ago=9))).status_code == 302


def test_who_is_too_late_reads_what_to_do(client, company, ten_minutes, online, provider):
    company.phone = "+33 1 99 00 00 01"
    company.save()

    page = text(client.get(door(begun(online, provider, minutes_ago=12))))

    assert "The meeting has begun without you" in page
    assert 'href="tel:+33199000001"' in page
    assert "Book another time" in page


def test_who_was_in_may_come_back(client, ten_minutes, online, provider):
    booking = begun(online, provider, minutes_ago=25)
    JoinLink.objects.update(forwarded_at=timezone.now() - timedelta(minutes=20))

    assert client.get(door(booking)).status_code == 302


def test_what_was_entered_before_a_move_does_not_count(client, ten_minutes, online, provider):
    booking = begun(online, provider, minutes_ago=25)
    JoinLink.objects.update(forwarded_at=timezone.now() - timedelta(days=2))

    assert client.get(door(booking)).status_code == 200


def test_who_waits_for_a_late_provider_is_not_late(client, ten_minutes, online, provider):
    booking = begun(online, provider, minutes_ago=25, opened_ago=1)

    assert client.get(door(booking)).status_code == 302


def test_nobody_is_too_late_for_what_has_not_begun(client, ten_minutes, online, provider):
    ten_minutes.opening = "by_the_provider"
    ten_minutes.save()
    booking = book(online, provider, minutes=-20)

    assert "Waiting for Ada Demo" in text(client.get(door(booking)))


def test_the_provider_is_never_too_late(client, ten_minutes, online, provider):
    booking = begun(online, provider, minutes_ago=25)

    assert "Enter the meeting" in text(client.get(door(booking, "provider")))


def test_who_is_early_reads_until_when_they_may_come(client, ten_minutes, online, provider):
    assert "You can come in until" in text(client.get(door(book(online, provider, minutes=40))))
