"""Reminders that are planned anew while a worker has them: never two for one, and none is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from visavis.bookings import replanning, wishes
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.gateways.mail import Temporary
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications import operations, outbox
from visavis.notifications.models import Message, ReminderTime
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = TEN - HOUR


class Meanwhile(MemorySender):
    """A mail server during whose answer something happens."""

    def __init__(self, happens, error=None):
        super().__init__()
        self.happens, self.error = happens, error

    def send(self, message, envelope_from, to):
        if message["Subject"].startswith("Reminder") and self.happens:
            happens, self.happens = self.happens, None
            happens()
            if self.error:
                raise self.error
        return super().send(message, envelope_from, to)


@pytest.fixture
def booking(company, service, now):
    ReminderTime.objects.create(company=company, minutes_before=60)
    client = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")
    wish = Wish(offering=service, starts_at=TEN)
    made = making.book(wish, client, by=by_client("Grace"), now=now)
    Message.objects.exclude(event="reminder").delete()
    return made


def send(line, now):
    mail.send_due(line, clock=lambda: now)


def reminders():
    return list(Message.objects.filter(event="reminder").values_list("status", flat=True))


def replan(company, now):
    replanning.ask(company)
    replanning.carry_on(now)


def unwish_and_wish(booking, now):
    for wanted in (False, True):
        client = type(booking.client).objects.get(pk=booking.client.pk)
        wishes.remind(client, wanted=wanted, now=now)


@pytest.mark.parametrize("change", ["replanned", "unwished", "wished_again"])
def test_what_is_planned_anew_at_the_very_moment_of_sending_is_sent_once(
    booking, company, now, change
):
    happens = {
        "replanned": lambda: replan(company, now),
        "unwished": lambda: wishes.remind(booking.client, wanted=False, now=now),
        "wished_again": lambda: unwish_and_wish(booking, now),
    }
    line = Meanwhile(happens[change])

    send(line, DUE)
    send(line, DUE + timedelta(minutes=20))

    assert len(line.sent) == 1
    assert reminders() == ["sent"]


def test_what_is_wished_again_while_the_server_hesitates_is_tried_again(booking, now):
    line = Meanwhile(lambda: unwish_and_wish(booking, now), Temporary("450 later"))

    send(line, DUE)
    send(line, DUE + timedelta(minutes=2))

    assert len(line.sent) == 1
    assert reminders() == ["sent"]


def test_what_is_not_wished_while_the_server_hesitates_is_not_tried_again(booking, now):
    unwish = lambda: wishes.remind(booking.client, wanted=False, now=now)  # noqa: E731
    line = Meanwhile(unwish, Temporary("450 later"))

    send(line, DUE)
    send(line, DUE + timedelta(minutes=2))

    assert line.sent == []
    assert reminders() == ["cancelled"]


def test_what_waits_for_a_server_that_is_away_is_not_forgotten(booking, company, now):
    line = MemorySender()
    line.fail(Temporary("450 later"))
    send(line, DUE)

    replan(company, DUE + timedelta(seconds=30))
    message = Message.objects.get(event="reminder")
    send(line, DUE + timedelta(minutes=2))

    assert message.attempts == 1
    assert len(line.sent) == 1


def test_what_somebody_took_back_stays_taken_back(booking, company, now):
    operations.cancel(Message.objects.get(event="reminder"), now=now)

    replan(company, now)

    assert reminders() == ["cancelled"]


def test_a_dead_workers_reminder_keeps_its_row_and_its_claim(booking, company):
    (claimed,) = outbox.claim("email", now=DUE, limit=5)

    replan(company, DUE)

    kept = Message.objects.get(event="reminder")
    assert (kept.pk, kept.key) == (claimed.pk, claimed.key)
    assert kept.claimed_until is not None
