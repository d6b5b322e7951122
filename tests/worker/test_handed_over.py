"""What somebody reads whose appointment was given to a colleague: it is not cancelled."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import appointments, ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.gateways.mail.memory import MemorySender
from visavis.gateways.sms.memory import MemoryGateway
from visavis.notifications.models import Message, SmsAccount, Switch, Template
from visavis.worker import mail, sms

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ADA = "ada@willow.example"


@pytest.fixture
def bea(company, provider, service):
    other = make_provider(company, "Bea Demo")
    service.providers.add(other)
    return other


@pytest.fixture
def line():
    return MemorySender()


def book(offering, now):
    wish = Wish(offering=offering, starts_at=TEN)
    return making.book(
        wish,
        ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=now,
    )


def handed_over(booking, to, now, owner):
    later = TEN + timedelta(hours=2)
    moving.move(booking, starts_at=later, provider=to, by=by_staff(owner), now=now, why="Ada rests")


def read(line, now):
    """Return the newest mail to Ada: its subject, and its text in one line."""
    mail.send_due(line, clock=lambda: now)
    told = [one.message for one in line.sent if one.to == ADA][-1]
    return told["Subject"], " ".join(told.get_body(("plain",)).get_content().split())


def test_it_names_the_colleague_and_what_has_left(line, service, bea, now, owner):
    handed_over(book(service, now), bea, now, owner)

    subject, text = read(line, now)

    assert subject.startswith("Now with Bea Demo: Grace Demo, First talk, Tuesday 2 March 2027")
    assert "10:00 AM" in subject
    assert "Bea Demo has taken over the booking of Grace Demo" in text
    assert "It is not cancelled" in text
    assert "Reason: Ada rests" in text
    assert "is cancelled" not in text


def test_it_is_told_in_the_language_of_whoever_had_it(line, service, provider, bea, now, owner):
    provider.language = "fr"
    provider.save()
    handed_over(book(service, now), bea, now, owner)

    subject, text = read(line, now)

    assert subject.startswith("Désormais avec Bea Demo")
    assert "Elle n’est pas annulée" in text


def test_a_class_is_told_of_with_everybody_in_it(line, company, provider, bea, now, owner):
    yoga = make_service(company, "Yoga", [provider, bea], seats=8)
    appointment = book(yoga, now).appointment

    appointments.move(appointment, starts_at=TEN, provider=bea, by=by_staff(owner), now=now)

    subject, text = read(line, now)
    assert subject.startswith("Now with Bea Demo: Grace Demo, Yoga")
    assert "is cancelled" not in text


def test_the_company_s_text_of_a_cancellation_is_not_used(line, company, service, bea, now, owner):
    Template.objects.create(
        company=company, event="cancelled", audience="provider", language="en",
        subject="Free again", body="[client] comes no more.",
    )  # fmt: skip
    handed_over(book(service, now), bea, now, owner)

    assert read(line, now)[0].startswith("Now with Bea Demo")


def test_what_is_cancelled_still_says_so(line, service, now, owner):
    ending.cancel(book(service, now), by=by_staff(owner), now=now)

    assert read(line, now)[0].startswith("Booking cancelled: Grace Demo")


def test_a_text_to_a_phone_says_it_too(company, service, provider, bea, now, owner):
    provider.phone = "06 11 11 11 11"
    provider.save()
    SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")
    Switch.objects.create(
        company=company, event="cancelled", audience="provider", channel="sms", on=True
    )
    phones = MemoryGateway()
    handed_over(book(service, now), bea, now, owner)

    sms.send_due(clock=lambda: now, gateway_of=lambda account: phones)

    (sent,) = phones.sent
    assert sent.text.startswith("Now with Bea Demo: Grace Demo, First talk, ")


def test_the_ledger_calls_it_what_it_is(service, bea, now, owner):
    booking = book(service, now)
    handed_over(booking, bea, now, owner)
    ending.cancel(booking, by=by_staff(owner), now=now)

    told = Message.objects.filter(event="cancelled", audience="provider").order_by("pk")

    assert [one.tells_of for one in told] == ["Booking given to a colleague", "Booking cancelled"]
