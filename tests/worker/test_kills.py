"""Workers killed at random moments: nothing is lost, and a repeat is recognised as one."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from gateways import mail_sink
from visavis.notifications.models import Message

from .killing import kill_workers

KILLS, MESSAGES = 6, 400


@pytest.fixture
def sink(tmp_path, settings):
    with mail_sink.running(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_repeat_under_the_same_id(sink):
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            about=Message.About.ACCOUNT, key=f"account:{number}", event="account",
            audience="staff", recipient=f"c{number}@example.com", subject="Hello",
            text="Hello.\n" * 20, due_at=now - timedelta(minutes=1), created_at=now,
        )
        for number in range(MESSAGES)
    )  # fmt: skip

    kill_workers(KILLS, sink)

    arrived = Counter(one.message_id for one in sink.arrived())
    ledger = dict(Message.objects.values_list("message_id", "status"))
    assert set(arrived) == set(ledger)
    assert len(ledger) == MESSAGES
    assert set(ledger.values()) == {"sent"}
