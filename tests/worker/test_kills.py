"""Workers killed at random moments: nothing is lost, and a repeat is recognised as one."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from gateways import mail_sink, twilio_stand_in
from visavis.notifications.models import Message, SmsAccount

from .killing import kill_workers, surroundings

KILLS = 3
MAILS, TEXTS = 1500, 400


@pytest.fixture
def sink(tmp_path):
    with mail_sink.running(tmp_path) as sink:
        yield sink


@pytest.fixture
def twilio():
    twilio = twilio_stand_in.Twilio()
    yield twilio
    twilio.stop()


def due(number, **fields):
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            key=f"due:{one}", audience="staff", subject="Hello", text=f"Hello, number {one}.",
            due_at=now - timedelta(minutes=1), created_at=now,
            **{name: value(one) if callable(value) else value for name, value in fields.items()},
        )
        for one in range(number)
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_mail_and_repeat_under_the_same_id(sink):
    due(MAILS, about="account", event="account", recipient=lambda one: f"c{one}@example.com")
    env = surroundings(VISAVIS_SMTP_URL=f"smtp://127.0.0.1:{sink.port}")

    killed = kill_workers(KILLS, sink.taken, env, hold=sink.hold)

    arrived = Counter(one.message_id for one in sink.arrived())
    ledger = dict(Message.objects.values_list("message_id", "status"))
    assert killed == KILLS
    assert set(arrived) == set(ledger)
    assert len(ledger) == MAILS
    assert set(ledger.values()) == {"sent"}
    assert max(arrived.values()) > 1


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_text_and_send_none_twice(company, twilio):
    SmsAccount.objects.create(
        company=company, via="twilio", account_sid=twilio_stand_in.ACCOUNT,
        token=twilio_stand_in.TOKEN, sender="+15005550006", most_a_day=100_000,
    )  # fmt: skip
    due(
        TEXTS, company=company, about="test", event="test", channel="sms",
        recipient=lambda one: f"+336{one:08d}",
    )  # fmt: skip
    env = surroundings(VISAVIS_TWILIO_API_URL=twilio.url, VISAVIS_SMS_DAY_LIMIT="100000")

    killed = kill_workers(KILLS, lambda: len(twilio.kept), env, hold=twilio.hold)

    arrived = Counter(one["to"] for one in twilio.kept)
    assert killed == KILLS
    assert len(arrived) == TEXTS
    assert set(arrived.values()) == {1}
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}
    assert Message.objects.filter(answer__contains="found at Twilio").exists()
