"""Stopping reminders: by the mail program's own button, and on a page."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.companies.models import Company
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications.models import Message, ReminderTime
from visavis.worker import mail

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ahead():
    """A start some days ahead: pages ask the real clock."""
    day = datetime.now(UTC) + timedelta(days=7)
    day += timedelta(days=(2 - day.weekday()) % 7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def booking(company, service, ahead):
    ReminderTime.objects.create(company=company, minutes_before=60)
    ReminderTime.objects.create(company=company, minutes_before=120)
    return making.book(
        Wish(offering=service, starts_at=ahead),
        ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=datetime.now(UTC),
    )


def mails(now, subject):
    line = MemorySender()
    mail.send_due(line, clock=lambda: now)
    return [one.message for one in line.sent if one.message["Subject"].startswith(subject)]


@pytest.fixture
def reminder(booking, ahead):
    (message,) = mails(ahead - 2 * HOUR, "Reminder")
    return message


def way_out(message):
    return urlsplit(message["List-Unsubscribe"].strip("<>")).path


def planned():
    return Message.objects.filter(event="reminder", status="planned").count()


def test_only_reminders_offer_a_way_out(booking, ahead):
    confirmations = mails(datetime.now(UTC), "Your booking is confirmed")
    (reminder,) = mails(ahead - 2 * HOUR, "Reminder")

    assert [one["List-Unsubscribe"] for one in confirmations] == [None]
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = reminder["List-Unsubscribe"].strip("<>")
    assert link in reminder.get_body(("plain",)).get_content()
    assert link in reminder.get_body(("html",)).get_content()


def test_the_way_out_opens_no_bookings(booking, reminder):
    assert booking.client.token not in way_out(reminder)


def test_one_click_of_a_mail_program_stops_reminders(reminder):
    program = Browser(enforce_csrf_checks=True)
    before = planned()

    answer = program.post(way_out(reminder), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert (before, planned()) == (1, 0)


def test_following_the_link_alone_changes_nothing(client, reminder):
    page = client.get(way_out(reminder))

    assert page.status_code == 200
    assert planned() == 1


def test_who_stopped_reminders_may_have_them_again(client, booking, reminder):
    client.post(way_out(reminder), {"stop": ""})
    stopped = client.get(way_out(reminder)).content.decode()
    client.post(way_out(reminder), {"again": ""})

    booking.client.refresh_from_db()
    assert "You get no more reminders" in stopped
    assert not booking.client.unreminded
    # The other one was sent: it is not repeated.
    assert planned() == 1


def test_a_reminder_under_way_is_held_back(booking, ahead):
    Message.objects.filter(event="reminder").update(claimed_until=None)
    booking.client.unreminded = True
    booking.client.save()

    assert mails(ahead - 2 * HOUR, "Reminder") == []


def test_confirmations_and_changes_still_arrive(company, service, client, reminder, ahead):
    client.post(way_out(reminder), {"stop": ""})

    making.book(
        Wish(offering=service, starts_at=ahead + HOUR),
        ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=datetime.now(UTC),
    )

    assert len(mails(datetime.now(UTC), "Your booking is confirmed")) == 1
    assert planned() == 0


def test_a_made_up_key_opens_nothing(client, reminder, company):
    Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    elsewhere = way_out(reminder).replace("/willow/", "/birch/")

    assert client.get("/willow/reminders/made-up/").status_code == 404
    assert client.post(elsewhere, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert planned() == 1
