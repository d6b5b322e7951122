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
# As many of the company of the first message as there may be: made where they stay.
HUNDRED_THOUSAND = """
    insert into notifications_message (
        company_id, about, key, event, audience, channel, recipient, recipient_name, language,
        time_zone, details, status, urgency, due_at, attempts, answer, created_at, message_id,
        subject, text, html
    )
    select (select id from companies_company where slug = 'willow'), about, key || number, event,
        audience, channel, recipient, recipient_name, language, time_zone, details, status,
        urgency, due_at, attempts, answer, created_at, message_id, subject, text, html
    from notifications_message, generate_series(1, 100000) number
"""


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


def blocks(select):
    """Return how many blocks PostgreSQL looks at to answer a question."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {select}")
        (plan,) = cursor.fetchone()[0]
    return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


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
    assert max(questions) <= 12


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


def test_what_belongs_to_no_company_has_its_turn_too(company, now):
    waiting(company, "confirmed", 500, due_at=now - timedelta(hours=1))
    waiting(None, "account", 2, due_at=now)

    shares = Counter(one.company and one.company.slug for one in claimed(now))

    assert shares == {"willow": 48, None: 2}


@pytest.mark.parametrize("due_in", [timedelta(days=1), timedelta(0)], ids=["ahead", "due"])
def test_of_a_hundred_thousand_planned_only_those_are_read_that_leave(company, oak, now, due_in):
    if connection.vendor != "postgresql":
        pytest.skip("the plan of PostgreSQL")
    waiting(oak, "reminder", 1, due_at=now + due_in)
    with connection.cursor() as cursor:
        cursor.execute(HUNDRED_THOUSAND)
        cursor.execute("analyze notifications_message")

    with CaptureQueriesContext(connection) as asked:
        batch = claimed(now)

    selects = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    assert len(batch) == (BATCH if not due_in else 0)
    assert sum(blocks(one) for one in selects) < 1000
