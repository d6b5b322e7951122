"""Texts to phones: who gets one, what it says, what it may cost, and what a gateway answers."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_service
from gateways import twilio_stand_in
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations.making import Wish, book
from visavis.companies import features
from visavis.companies.models import Company
from visavis.gateways.sms import Misconfigured, OptedOut, Permanent, Temporary
from visavis.gateways.sms.memory import MemoryGateway
from visavis.notifications import sms as texts
from visavis.notifications.models import (
    Message,
    ReminderTime,
    SmsAccount,
    SmsNumber,
    Switch,
    Template,
)
from visavis.worker import sms

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
PHONE, NUMBER = "06 12 34 56 78", "+33612345678"


@pytest.fixture
def account(company):
    return SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")


@pytest.fixture
def phones():
    return MemoryGateway()


def booked(offering, now, *, phone=PHONE, asked="form", starts_at=TEN, language="en", **more):
    details = ClientDetails(
        name="Grace Demo", email="grace@example.com", phone=phone, texts=asked, language=language,
        time_zone="Europe/Paris", **more,
    )  # fmt: skip
    return book(Wish(offering=offering, starts_at=starts_at), details, by=by_client("G"), now=now)


def send(phones, now):
    return sms.send_due(clock=lambda: now, gateway_of=lambda account: phones)


def planned():
    return list(Message.objects.filter(channel="sms").values_list("event", "recipient"))


def test_a_client_who_wants_texts_gets_one(account, phones, service, now):
    booked(service, now)

    send(phones, now)

    assert [(one.to, one.text) for one in phones.sent] == [
        (NUMBER, "Willow Practice: First talk is booked for Tue 2 Mar, 10:00 AM, Paris time.")
    ]
    message = Message.objects.get(channel="sms")
    assert (message.status, message.answer) == ("sent", "kept as number 1")
    assert message.text == phones.sent[0].text


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("not asked for", {"asked": None}),
        ("no phone", {"phone": ""}),
        ("a landline", {"phone": "01 42 68 53 00"}),
        ("another country", {"phone": "+44 7400 123456"}),
        ("dear", {"phone": "+33 899 12 34 56"}),
    ],
)
def test_nobody_else_gets_one(account, service, now, why, change):
    booked(service, now, **change)

    assert planned() == []


def test_other_countries_are_reached_when_the_company_says_so(account, service, now):
    account.abroad = True
    account.save()

    booked(service, now, phone="+44 7400 123456")

    assert planned() == [("confirmed", "+447400123456")]


def test_without_a_gateway_there_are_no_texts(service, now):
    booked(service, now)

    assert planned() == []
    assert not SmsNumber.objects.exists()


def test_the_gateway_of_the_installation_counts_only_while_there_is_one(
    company, service, now, settings
):
    SmsAccount.objects.create(company=company, via="installation")

    booked(service, now)
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "secret"
    settings.TWILIO_FROM = "+15005550006"
    booked(service, now, starts_at=TEN + timedelta(hours=1))

    assert len(planned()) == 1


def test_a_wish_holds_for_the_phone_on_record_only(account, service, now):
    booked(service, now, asked=None)

    booked(service, now, phone="06 99 99 99 99", starts_at=TEN + timedelta(hours=1))

    assert planned() == []
    assert not SmsNumber.objects.exists()


def test_the_companys_side_gets_texts_only_where_switched_on(account, company, provider, now):
    provider.phone = "06 11 11 11 11"
    provider.save()
    service = make_service(company, "Talk", [provider])
    Switch.objects.create(
        company=company, event="confirmed", audience="provider", channel="sms", on=True
    )

    booked(service, now, asked=None)

    assert planned() == [("confirmed", "+33611111111")]


def test_a_kind_that_is_switched_off_is_not_texted(account, company, service, now):
    Switch.objects.create(
        company=company, event="confirmed", audience="client", channel="sms", on=False
    )

    booked(service, now)

    assert planned() == []


def test_a_reminder_goes_by_its_own_channel_alone(account, company, service, now):
    ReminderTime.objects.create(company=company, minutes_before=60, channel="sms")

    booked(service, now)

    reminders = Message.objects.filter(event="reminder")
    assert [(one.channel, one.recipient) for one in reminders] == [("sms", NUMBER)]


@pytest.mark.parametrize(
    ("language", "sorry"), [("en", "Late, sorry. "), ("fr", "En retard, pardon. ")]
)
def test_a_reminder_that_comes_late_says_so(
    account, company, service, phones, now, language, sorry
):
    ReminderTime.objects.create(company=company, minutes_before=24 * 60, channel="sms")
    starts_at = TEN + timedelta(days=1)
    booked(service, now, starts_at=starts_at, language=language)
    Message.objects.filter(event="confirmed").delete()

    send(phones, starts_at - timedelta(hours=2))

    (text,) = phones.sent
    assert text.text.startswith(sorry)


def test_an_online_booking_is_texted_with_its_link(account, company, provider, phones, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    booking = booked(make_service(company, "Video", [provider], online=True), now)

    send(phones, now)

    token = booking.appointment.meeting.links.get(side="client").token
    assert f"To join: http://localhost:8000/meet/{token}" in phones.sent[0].text


def test_a_companys_own_text_is_used(account, company, service, phones, now):
    Template.objects.create(
        company=company, event="confirmed", audience="client", language="fr", channel="sms",
        body="À bientôt [client] – « [code] »",
    )  # fmt: skip
    booking = booked(service, now, language="fr")

    send(phones, now)

    assert phones.sent[0].text == f'À bientôt Grace Demo - "{booking.code}"'


def test_a_text_that_takes_too_many_parts_is_not_sent(account, company, service, phones, now):
    Template.objects.create(
        company=company, event="confirmed", audience="client", language="en", channel="sms",
        body="a" * 500,
    )  # fmt: skip
    booked(service, now)

    send(phones, now)

    assert phones.sent == []
    message = Message.objects.get(channel="sms")
    assert message.status == "failed"
    assert message.answer == "not sent: it takes 4 parts, and 3 are allowed"


@pytest.mark.parametrize(("own", "operators"), [(1, 1000), (100, 1)])
def test_a_days_texts_are_limited(account, service, phones, now, settings, own, operators):
    account.most_a_day, settings.SMS_DAY_LIMIT = own, operators
    account.save()
    booked(service, now)
    booked(service, now, starts_at=TEN + timedelta(hours=1))

    send(phones, now)
    waiting = Message.objects.get(channel="sms", status="planned")
    send(phones, now + timedelta(hours=25))

    assert "as many texts as allowed" in waiting.answer
    assert len(phones.sent) == 2


def test_whoever_answered_stop_gets_no_more(account, company, service, phones, now):
    phones.fail(OptedOut("21610 Attempt to send to unsubscribed recipient"))
    booked(service, now)
    send(phones, now)

    booked(service, now, asked=None, starts_at=TEN + timedelta(hours=1))
    send(phones, now)

    assert phones.sent == []
    wish = SmsNumber.objects.get()
    assert (wish.number, wish.wanted, wish.source) == (NUMBER, False, "stop")


def test_whoever_changes_their_mind_gets_not_even_what_was_planned(
    account, company, service, phones, now
):
    booked(service, now)
    texts.note_wish(company, NUMBER, wanted=False, source=texts.Source.STAFF, now=now)

    send(phones, now)

    assert phones.sent == []
    assert Message.objects.get(channel="sms").status == "cancelled"


def test_a_wish_counts_for_one_company(account, service, now):
    booked(service, now)
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")

    assert not texts.wanted(other, NUMBER)


@pytest.mark.parametrize(
    ("error", "status"),
    [(Permanent("21211"), "failed"), (Temporary("503"), "planned"),
     (Misconfigured("20003"), "planned")],
)  # fmt: skip
def test_what_a_gateway_refuses_is_given_up_or_tried_again(
    account, service, phones, now, error, status
):
    phones.fail(error)
    booked(service, now)

    send(phones, now)
    send(phones, now + timedelta(minutes=2))

    message = Message.objects.get(channel="sms")
    assert message.status == ("sent" if status == "planned" else status)
    assert len(phones.sent) == (1 if status == "planned" else 0)


def test_a_gateway_that_is_away_is_asked_once_for_a_batch(account, service, phones, now):
    for hour in range(3):
        booked(service, now, starts_at=TEN + timedelta(hours=hour))
    phones.fail(Temporary("no answer"), times=1)

    send(phones, now)

    assert phones.sent == []
    assert sorted(Message.objects.filter(channel="sms").values_list("attempts", flat=True)) == [
        0, 0, 1,
    ]  # fmt: skip


def test_one_text_that_cannot_be_made_holds_no_other_up(account, service, phones, now, caplog):
    booked(service, now)
    booked(service, now, starts_at=TEN + timedelta(hours=1))
    strange = Message.objects.filter(channel="sms").order_by("pk").first()
    Message.objects.filter(pk=strange.pk).update(time_zone="Europe/Nowhere")

    send(phones, now)

    assert len(phones.sent) == 1
    strange.refresh_from_db()
    assert (strange.status, strange.attempts, strange.claimed_until) == ("planned", 1, None)
    assert strange.key in caplog.text


def test_a_gateway_whose_address_can_be_none_loses_nothing(account, service, now):
    account.url, account.body = "http://[sms.example/", "[text]"
    account.save()
    booked(service, now)

    sms.send_due(clock=lambda: now)

    message = Message.objects.get(channel="sms")
    assert (message.status, message.attempts, message.claimed_until) == ("planned", 1, None)


def test_a_lease_that_ends_is_not_worked_beyond(account, service, phones, now):
    for hour in range(3):
        booked(service, now, starts_at=TEN + timedelta(hours=hour))
    hours = iter(now + timedelta(minutes=minute) for minute in range(100))

    sms.send_due(clock=lambda: next(hours), gateway_of=lambda account: phones)

    waiting = Message.objects.filter(channel="sms", status="planned")
    assert 0 < len(phones.sent) < 3
    assert set(waiting.values_list("claimed_until", flat=True)) == {None}


def test_a_text_that_a_dead_worker_may_have_sent_is_marked_as_tried(account, service, phones, now):
    booked(service, now)
    Message.objects.update(claimed_until=now - timedelta(seconds=1))

    send(phones, now)

    assert phones.sent[0].tried_since < now


def test_a_first_try_is_not(account, service, phones, now):
    booked(service, now)

    send(phones, now)

    assert phones.sent[0].tried_since is None


def test_mail_is_sent_all_the_same(account, service, phones, now):
    booked(service, now)

    send(phones, now)

    assert Message.objects.filter(channel="email", status="planned").count() == 2


def test_a_companys_secrets_are_encrypted_at_rest(company, db):
    from django.db import connection

    SmsAccount.objects.create(
        company=company, via="twilio", token="very-secret", url="https://k:secret@sms.example/",
        headers='{"X-Key": "very-secret"}',
    )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("select token, url, headers from notifications_smsaccount")
        kept = cursor.fetchone()
    assert not [one for one in kept if "secret" in one]


def test_a_text_travels_to_twilio_and_back(company, service, now, settings):
    twilio = twilio_stand_in.Twilio()
    settings.TWILIO_API_URL = twilio.url
    SmsAccount.objects.create(
        company=company, via="twilio", account_sid=twilio_stand_in.ACCOUNT,
        token=twilio_stand_in.TOKEN, sender="+15005550006",
    )  # fmt: skip
    booked(service, now)

    sms.send_due(clock=lambda: now)
    texts.http().close()
    texts.http.cache_clear()
    twilio.stop()

    assert [one["to"] for one in twilio.kept] == [NUMBER]
    assert twilio.kept[0]["sid"] in Message.objects.get(channel="sms").answer
