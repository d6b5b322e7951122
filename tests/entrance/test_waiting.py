"""The waiting page stays true by itself, and tells both sides of each other."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from entrance.test_door import book, door
from factories import make_member
from visavis.meetings.models import JoinLink, MeetingSettings

pytestmark = pytest.mark.django_db
ASKS = {"HX-Request": "true"}


def text(response):
    return response.content.decode()


def shown(page):
    return re.search(r"\?shown=(\w+)", page)[1]


def test_nothing_moves_under_the_reader_while_nothing_changes(client, online, provider):
    booking = book(online, provider, minutes=40)
    before = shown(text(client.get(door(booking))))

    answer = client.get(door(booking, page="state"), {"shown": before})

    assert answer.status_code == 204


def test_what_changes_is_shown(client, online, provider):
    booking = book(online, provider, minutes=5)
    before = shown(text(client.get(door(booking, "provider"))))
    client.get(door(booking))

    answer = client.get(door(booking, "provider", "state"), {"shown": before})

    assert "Grace Demo" in text(answer)


def test_who_waits_sees_the_hour_move(client, online, provider):
    booking = book(online, provider, minutes=40)
    before = shown(text(client.get(door(booking))))
    meeting = booking.appointment.meeting
    meeting.starts_at += timedelta(minutes=10)
    meeting.save()

    answer = client.get(door(booking, page="state"), {"shown": before})

    assert f'datetime="{meeting.starts_at.isoformat()}"' in text(answer)


def test_the_client_reads_that_the_provider_is_there(client, online, provider):
    booking = book(online, provider, minutes=5)
    assert "sees that you wait" not in text(client.get(door(booking)))

    client.get(door(booking, "provider"))

    assert "Ada Demo is here too, and sees that you wait." in text(client.get(door(booking)))


def test_the_client_reads_that_the_provider_has_started(client, online, provider):
    booking = book(online, provider, minutes=5)
    meeting = booking.appointment.meeting
    meeting.started_at = timezone.now()
    meeting.save()

    assert "Ada Demo has started the meeting." in text(client.get(door(booking)))


def test_who_went_in_waits_no_longer(client, online, provider):
    booking = book(online, provider, minutes=5)
    client.get(door(booking))
    JoinLink.objects.filter(side="client").update(forwarded_at=timezone.now())

    assert "Nobody yet" in text(client.get(door(booking, "provider")))


def test_without_javascript_the_page_loads_itself_again(client, online, provider):
    page = text(client.get(door(book(online, provider, minutes=40))))

    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page


def test_a_page_with_nothing_to_wait_for_asks_no_more(client, company, online, provider):
    MeetingSettings.objects.create(company=company)
    booking = book(online, provider, minutes=-120)

    page = text(client.get(door(booking)))

    assert "This meeting is over" in page
    assert "every 4s" not in page
    assert 'http-equiv="refresh"' not in page


def test_answers_that_are_no_page_change_nothing(client, online, provider):
    page = text(client.get(door(book(online, provider, minutes=40))))

    assert 'hx-status:5xx="swap:none"' in page
    assert "We are reconnecting" in page


def test_a_provider_whose_sign_in_lapsed_is_sent_to_the_door_again(
    client, company, online, provider
):
    provider.member = make_member(company, "provider", "ada@willow.example")
    provider.save()
    booking = book(online, provider, minutes=5)

    answer = client.get(door(booking, "provider", "state"), headers=ASKS)

    assert answer["HX-Redirect"] == door(booking, "provider")
    assert "login" not in text(answer)


def test_camera_and_microphone_can_be_tried_without_sending_anything(client, online, provider):
    response = client.get(door(book(online, provider, minutes=40)))

    assert "Test camera and microphone" in text(response)
    assert "nothing is sent or recorded" in text(response)
    assert "'self'" in response["Content-Security-Policy"]


def test_pages_closed_a_while_ago_count_no_more(client, online, provider):
    booking = book(online, provider, minutes=5)
    JoinLink.objects.filter(side="client").update(seen_at=timezone.now() - timedelta(minutes=2))

    assert "Nobody yet" in text(client.get(door(booking, "provider")))
