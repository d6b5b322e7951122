"""Texts to a client's phone: wanted and not wanted any more, on the client's own pages."""

from dataclasses import replace

import pytest
from django.utils import timezone

from booking_site.visits import GRACE, at, book, url
from visavis.bookings import wishes
from visavis.notifications import sms
from visavis.notifications.models import Message, ReminderTime, SmsAccount, SmsNumber

pytestmark = pytest.mark.django_db
NUMBER = "+33612345678"
TEXTED = replace(GRACE, phone=NUMBER, texts=sms.Source.FORM)


@pytest.fixture
def account(company):
    return SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")


@pytest.fixture
def booking(account, company, service, ten):
    ReminderTime.objects.create(company=company, minutes_before=60, channel="sms")
    return book(service, ten, TEXTED)


@pytest.fixture(params=["reminders", "my_bookings"])
def page(request, booking):
    """Each page with the switch, and where it is pressed."""
    client = booking.client
    if request.param == "reminders":
        one = url("reminders", booking.company, wishes.key_of(client))
        return one, one
    mine = url("my_bookings", booking.company, client.token)
    return mine, f"{mine}texts/"


def text(response):
    return response.content.decode()


def reminders():
    return Message.objects.filter(event="reminder", status="planned").count()


def test_the_switch_says_how_it_stands_and_shows_no_whole_number(client, page):
    shown = text(client.get(page[0]))

    assert "to the number that ends in 78." in shown
    assert 'value="off"' in shown
    assert "612345678" not in shown


def test_a_client_stops_texts(client, page, company):
    assert reminders() == 1

    response = client.post(page[1], {"texts": "off"})

    assert response.url == page[0]
    assert not sms.wanted(company, NUMBER)
    assert reminders() == 0
    assert "You get no texts" in text(client.get(page[0]))


def test_a_client_wants_texts_again(client, page, company):
    client.post(page[1], {"texts": "off"})

    client.post(page[1], {"texts": "on"})

    assert sms.wanted(company, NUMBER)
    assert reminders() == 1


def test_stopping_texts_leaves_reminders_by_mail(client, page, booking):
    client.post(page[1], {"texts": "off"})

    booking.client.refresh_from_db()
    assert not booking.client.unreminded


def test_looking_changes_nothing(client, page, company):
    client.get(page[0], {"texts": "off"})

    assert sms.wanted(company, NUMBER)


def test_whoever_answered_stop_is_told_of_start(client, page, company):
    sms.note_wish(company, NUMBER, wanted=False, source=sms.Source.STOP, now=timezone.now())

    assert "answer START" in text(client.get(page[0]))


def test_without_a_gateway_there_is_no_switch(client, page, company):
    SmsAccount.objects.update(via="none")

    assert 'name="texts"' not in text(client.get(page[0]))
    client.post(page[1], {"texts": "off"})
    assert sms.wanted(company, NUMBER)


def test_without_a_mobile_number_there_is_no_switch(client, account, service, ten):
    booking = book(service, ten)

    listing = url("my_bookings", booking.company, booking.client.token)

    assert 'name="texts"' not in text(client.get(listing))
    client.post(f"{listing}texts/", {"texts": "on"})
    assert not SmsNumber.objects.exists()


def test_booking_again_without_the_tick_takes_nothing_back(booking, company, service):
    book(service, at(14), replace(TEXTED, texts=None))

    assert sms.wanted(company, NUMBER)


def test_booking_again_with_the_tick_takes_an_end_back(client, booking, company, service):
    wishes.text(booking.client, wanted=False, now=timezone.now())

    book(service, at(14), TEXTED)

    assert sms.wanted(company, NUMBER)
