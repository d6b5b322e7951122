"""A host's hundred meetings a day are seen coming."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gateways.zoom_simulator import LIAM
from visavis.meetings import day_limit, tending
from visavis.meetings.models import Meeting, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def tomorrow():
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=1)


@pytest.fixture
def make(online, provider):
    def make(count, starts_at):
        return Meeting.objects.bulk_create(
            Meeting(
                company=provider.company,
                provider=provider,
                topic="Talk",
                starts_at=starts_at + timedelta(minutes=number),
                ends_at=starts_at + timedelta(minutes=number + 30),
            )
            for number in range(count)
        )

    return make


def look_at(meeting, now):
    assert tending.claim_one(meeting, now=now)
    tending.tend(meeting, clock=lambda: now)
    meeting.refresh_from_db()
    return meeting.fault


def test_the_hundredth_meeting_of_a_day_is_fine_and_the_next_is_not(make, tomorrow):
    *_others, hundredth, next_one = make(101, tomorrow)
    now = timezone.now()

    assert look_at(hundredth, now) == ""
    assert look_at(next_one, now) == "day_limit"


def test_meetings_that_were_made_count_too(make, tomorrow, monkeypatch):
    first, second = make(2, tomorrow)
    monkeypatch.setattr(day_limit, "MOST", 1)
    Room.objects.create(
        meeting=first, platform="zoom", host_id=LIAM, asked_at=tomorrow,
        closed_at=tomorrow, closed_because="ended",
    )  # fmt: skip

    assert look_at(second, timezone.now()) == "day_limit"


def test_another_day_and_another_host_do_not_count(make, tomorrow, monkeypatch):
    monkeypatch.setattr(day_limit, "MOST", 1)
    make(3, tomorrow + timedelta(days=1))
    (meeting,) = make(1, tomorrow)
    Room.objects.create(
        meeting=meeting, platform="zoom", host_id="somebody else", asked_at=tomorrow,
        closed_at=tomorrow, closed_because="ended",
    )  # fmt: skip

    assert look_at(meeting, timezone.now()) == ""


def test_crowded_days_are_said_before_they_come(make, tomorrow, company):
    make(89, tomorrow)
    assert day_limit.crowded(company, now=timezone.now()) == []

    make(1, tomorrow)

    assert day_limit.crowded(company, now=timezone.now()) == [LIAM]
