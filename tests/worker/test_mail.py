from datetime import UTC, datetime, timedelta

import pytest

from factories import make_service
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail import Misconfigured, Permanent, Temporary
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications import mail_server
from visavis.notifications.models import Message, ReminderTime, Template
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def line():
    return MemorySender()


def book(offering, now, *, language="en", starts_at=TEN):
    details = ClientDetails(
        name="Grace Demo",
        email="grace@example.com",
        language=language,
        time_zone="America/New_York",
    )
    wish = Wish(offering=offering, starts_at=starts_at)
    return making.book(wish, details, by=by_client("Grace Demo"), now=now)


def send(line, now):
    return mail.send_due(line, clock=lambda: now)


def to(line, address):
    return next(sent.message for sent in line.sent if sent.to == address)


def text(message):
    return message.get_body(("plain",)).get_content()


def test_client_and_provider_are_told_of_a_booking(line, service, now):
    book(service, now)

    send(line, now)

    assert {sent.to for sent in line.sent} == {"grace@example.com", "ada@willow.example"}


def test_times_are_told_in_each_readers_zone(line, service, now):
    book(service, now)

    send(line, now)

    assert "4:00" in text(to(line, "grace@example.com"))
    assert "New York time" in text(to(line, "grace@example.com"))
    assert "Paris time" in text(to(line, "ada@willow.example"))


def test_each_side_gets_its_own_link(line, company, provider, now):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    booking = book(make_service(company, "Video", [provider], online=True), now)

    send(line, now)

    links = {link.side: link.token for link in booking.appointment.meeting.links.all()}
    client_text, provider_text = (
        text(to(line, "grace@example.com")),
        text(to(line, "ada@willow.example")),
    )
    assert links["client"] in client_text
    assert links["provider"] not in client_text
    assert links["provider"] in provider_text
    assert links["client"] not in provider_text


def test_an_offline_booking_has_no_empty_label(line, service, now):
    book(service, now)

    send(line, now)

    assert "online meeting" not in text(to(line, "grace@example.com")).lower()


def test_a_companys_own_text_is_used_with_its_variables(line, company, service, now):
    Template.objects.create(
        company=company, event="confirmed", audience="client", language="en",
        subject="See you, [client]", body="Your code: [code]",
    )  # fmt: skip
    booking = book(service, now)

    send(line, now)

    message = to(line, "grace@example.com")
    assert message["Subject"] == "See you, Grace Demo"
    assert text(message).strip() == f"Your code: {booking.code}"


def test_what_a_client_typed_is_never_markup(line, service, now):
    details = ClientDetails(name="<b>Grace</b>", email="grace@example.com")
    wish = Wish(offering=service, starts_at=TEN, note="<script>alert(1)</script>")
    making.book(wish, details, by=by_client("G"), now=now)

    send(line, now)

    html = to(line, "ada@willow.example").get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;b&gt;Grace" in html


def test_a_message_is_kept_as_it_was_sent(line, service, now):
    book(service, now)

    send(line, now)

    message = Message.objects.get(audience="client")
    assert message.status == Message.Status.SENT
    assert message.text.strip() == text(to(line, "grace@example.com")).strip()
    assert message.answer.startswith("250")


def test_trouble_that_may_pass_is_tried_again_under_the_same_id(line, service, now):
    book(service, now)
    line.fail(Temporary("450 later"), times=2)
    send(line, now)
    ids = set(Message.objects.values_list("message_id", flat=True))

    send(line, now + timedelta(minutes=2))

    assert {sent.message["Message-ID"] for sent in line.sent} == ids
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}


def test_a_wrong_address_is_given_up_with_the_servers_answer(line, service, now):
    book(service, now)
    line.fail(Permanent("550 no such user"))

    send(line, now)

    failed = Message.objects.get(status=Message.Status.FAILED)
    assert failed.answer == "550 no such user"


def test_one_message_that_cannot_be_made_holds_no_other_up(line, service, now, caplog):
    book(service, now)
    strange = Message.objects.get(audience="client")
    Message.objects.filter(pk=strange.pk).update(time_zone="Europe/Nowhere")

    send(line, now)

    assert [sent.to for sent in line.sent] == ["ada@willow.example"]
    strange.refresh_from_db()
    assert (strange.status, strange.attempts) == ("planned", 1)
    assert strange.due_at > now
    assert strange.claimed_until is None
    assert strange.answer == "not sent: ZoneInfoNotFoundError; the worker's log says more"
    assert strange.key in caplog.text


def test_a_message_that_can_never_be_made_is_given_up_in_the_end(line, service, now):
    book(service, now, starts_at=TEN + timedelta(weeks=2))
    Message.objects.update(time_zone="Europe/Nowhere")

    for day in range(10):
        send(line, now + timedelta(days=day))

    assert set(Message.objects.values_list("status", flat=True)) == {"failed"}


@pytest.mark.parametrize("host", ["mail..example", "mail.example\udcff"])
def test_a_mail_server_whose_name_can_be_none_loses_nothing(service, now, settings, host):
    settings.EMAIL_HOST = host
    book(service, now)

    assert send(mail_server.sender(), now) == 0

    assert set(Message.objects.values_list("status", "claimed_until")) == {("planned", None)}


def test_a_wrong_password_loses_nothing(line, service, now):
    book(service, now)
    line.fail(Misconfigured("535 who are you"), times=2)

    send(line, now)

    assert set(Message.objects.values_list("status", flat=True)) == {"planned"}


def test_after_many_tries_a_message_is_given_up(line, service, now):
    book(service, now, starts_at=TEN + timedelta(weeks=2))

    for day in range(10):
        line.fail(Temporary("451 not now"), times=2)
        send(line, now + timedelta(days=day))

    assert set(Message.objects.values_list("status", flat=True)) == {"failed"}


def test_a_reminder_of_a_cancelled_booking_is_never_sent(line, company, service, now):
    ReminderTime.objects.create(company=company, minutes_before=60)
    booking = book(service, now)
    ending.cancel(booking, by=by_client("Grace"), now=now)

    send(line, TEN)

    assert not [sent for sent in line.sent if "Reminder" in sent.message["Subject"]]


def test_a_reminder_follows_a_moved_booking(company, service, now):
    ReminderTime.objects.create(company=company, minutes_before=60)
    booking = book(service, now)
    later = TEN + timedelta(hours=3)

    moving.move(booking, starts_at=later, provider=None, by=by_client("Grace"), now=now)

    planned = Message.objects.filter(event="reminder").values_list("due_at", flat=True)
    assert list(planned) == [later - timedelta(hours=1)]


def test_nobody_is_told_of_a_booking_when_it_is_over(line, service, now):
    book(service, now)

    send(line, TEN + timedelta(days=1))

    assert line.sent == []
    kept = set(Message.objects.exclude(event="follow_up").values_list("status", "answer"))
    assert kept == {("cancelled", "The appointment is over.")}


def test_a_cancellation_is_told_in_any_case(line, service, now):
    booking = book(service, now)
    ending.cancel(booking, by=by_client("Grace"), now=now)

    send(line, TEN + timedelta(days=1))

    assert {sent.message["Subject"].split(":")[0] for sent in line.sent} == {
        "Your booking is cancelled",
        "Booking cancelled",
    }


def test_nothing_is_sent_twice(line, service, now):
    book(service, now)

    send(line, now)
    send(line, now)

    assert len(line.sent) == 2


def test_a_claimed_message_is_left_to_its_worker_until_the_lease_ends(line, service, now):
    book(service, now)
    Message.objects.update(claimed_until=now + timedelta(minutes=5))

    early, late = send(line, now), send(line, now + timedelta(minutes=6))

    assert (early, late) == (0, 2)


def test_the_calendar_file_carries_the_clients_link(line, company, provider, now):
    from icalendar import Calendar

    features.switch(company, features.ONLINE_MEETINGS, on=True)
    booking = book(make_service(company, "Video", [provider], online=True), now)

    send(line, now)

    part = next(to(line, "grace@example.com").iter_attachments())
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    token = booking.appointment.meeting.links.get(side="client").token
    assert token in str(event["location"])
    assert event.decoded("dtstart") == TEN


class MovingOnce(MemorySender):
    """A mail server during whose first answer something happens."""

    def __init__(self, happens):
        super().__init__()
        self.happens = happens

    def send(self, message, envelope_from, to):
        if not self.sent:
            self.happens()
        return super().send(message, envelope_from, to)


def test_what_changes_while_a_batch_leaves_is_told_as_it_is(service, now):
    booking = book(service, now)
    later = TEN + timedelta(hours=5)
    line = MovingOnce(
        lambda: moving.move(booking, starts_at=later, provider=None, by=by_client("Grace"), now=now)
    )

    mail.send_due(line, clock=lambda: now)

    client_s, provider_s = [one.message["Subject"] for one in line.sent]
    assert "4:00 AM, New York time" in client_s
    assert "3:00 PM, Paris time" in provider_s
