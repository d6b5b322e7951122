"""Whose turn it is when more is due than leaves at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from visavis.companies.models import Company
from visavis.notifications import outbox
from visavis.notifications.models import Message, Urgency, urgency_of
from visavis.notifications.turns import shared_out

pytestmark = pytest.mark.django_db
BATCH, MANY = 50, 10_000


@pytest.fixture
def oak(db):
    return Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")


def waiting(company, event, number, *, due_at, created_at=None):
    return Message.objects.bulk_create(
        (
            Message(
                company=company, about=Message.About.TEST, key=f"{company}:{event}:{due_at}:{one}",
                event=event, audience="client", recipient=f"c{one}@example.com",
                urgency=urgency_of(event), due_at=due_at,
                created_at=created_at or due_at - timedelta(days=1),
            )
            for one in range(number)
        ),
        batch_size=2000,
    )  # fmt: skip


def claimed(now, limit=BATCH):
    return outbox.claim("email", now=now, limit=limit)


def events(messages):
    return Counter(one.event for one in messages)


def test_ten_thousand_reminders_hold_no_confirmation_up_and_each_leaves_once(company, now):
    waiting(company, "reminder", MANY, due_at=now - timedelta(minutes=1))
    waiting(company, "confirmed", 1, due_at=now)

    batches, questions = [], set()
    while True:
        with CaptureQueriesContext(connection) as asked:
            batch = claimed(now, limit=BATCH if not batches else 5 * BATCH)
        if not batch:
            break
        batches.append(batch)
        questions.add(len(asked))
        keys = [one.pk for one in batch]
        Message.objects.filter(pk__in=keys).update(status="sent", claimed_until=None)

    assert batches[0][0].event == "confirmed"
    left = Counter(one.pk for batch in batches for one in batch)
    assert len(left) == MANY + 1
    assert set(left.values()) == {1}
    assert len(questions) == 1


def test_what_is_less_urgent_leaves_too_while_much_is_urgent(company, now):
    waiting(company, "confirmed", 200, due_at=now)
    waiting(company, "reminder", 200, due_at=now)
    waiting(company, "follow_up", 200, due_at=now)

    assert events(claimed(now)) == {"confirmed": 35, "reminder": 10, "follow_up": 5}


def test_places_that_are_kept_and_not_needed_are_used(company, now):
    waiting(company, "confirmed", 45, due_at=now)
    waiting(company, "follow_up", 200, due_at=now)

    assert events(claimed(now)) == {"confirmed": 45, "follow_up": 5}
    assert events(claimed(now)) == {"follow_up": 50}


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_a_small_batch_is_full_and_begins_with_what_is_urgent(limit):
    lists = {one: list(range(one * 100, one * 100 + 20)) for one in Urgency}

    chosen = shared_out(lists, limit)

    assert len(set(chosen)) == limit
    assert chosen[0] == 0


def test_every_company_has_its_turn(company, oak, now):
    waiting(company, "reminder", 500, due_at=now - timedelta(hours=1))
    waiting(oak, "reminder", 10, due_at=now)

    shares = Counter(one.company.slug for one in claimed(now))

    assert shares == {"willow": 40, "oak": 10}


def test_within_a_company_the_oldest_goes_first(company, now):
    waiting(company, "reminder", 60, due_at=now)
    waiting(company, "reminder", 5, due_at=now - timedelta(hours=1))

    assert [one.due_at for one in claimed(now)[:5]] == [now - timedelta(hours=1)] * 5


def test_what_was_written_by_a_clock_that_was_ahead_leaves_at_once(company, now):
    later = now + timedelta(days=400)
    waiting(company, "confirmed", 1, due_at=later, created_at=later)
    waiting(company, "reminder", 1, due_at=later)

    assert events(claimed(now)) == {"confirmed": 1}


def test_what_was_put_off_by_a_clock_that_was_ahead_is_tried_again(company, now):
    (message,) = waiting(company, "confirmed", 1, due_at=now, created_at=now)
    outbox.delayed(message, "450 later", now=now + timedelta(days=400))

    assert len(claimed(now)) == 1


def test_what_was_put_off_by_a_right_clock_waits(company, now):
    (message,) = waiting(company, "confirmed", 1, due_at=now, created_at=now)
    outbox.delayed(message, "450 later", now=now)

    assert claimed(now) == []
    assert len(claimed(now + timedelta(minutes=1))) == 1
