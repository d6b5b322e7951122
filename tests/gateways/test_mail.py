"""What holds for every sender: in memory, and over a real line."""

from datetime import UTC, datetime

import pytest

from visavis.gateways.mail import MailSender, Permanent, Temporary
from visavis.gateways.mail.compose import Mailbox, compose
from visavis.gateways.mail.memory import MemorySender
from visavis.gateways.mail.smtp import SmtpSender

from . import mail_server


def letter(number=1):
    return compose(
        sender=Mailbox("bookings@example.com"),
        to=Mailbox("ada@example.org"),
        subject=f"Letter {number}",
        text="Hello.\n.\nFrom the dots.\n",
        message_id=f"<{number}@example.com>",
        date=datetime(2026, 3, 1, tzinfo=UTC),
    )


class InMemory:
    def __init__(self):
        self.sender: MailSender = MemorySender()

    def refuse(self, answer):
        kind = Temporary if answer.startswith("4") else Permanent
        self.sender.fail(kind(answer))

    def arrived(self):
        return [(m["Message-ID"], sender, to) for m, sender, to in self.sender.sent]


class OverTheLine:
    def __init__(self, server):
        self.server = server
        self.sender: MailSender = SmtpSender(
            server.host, server.port, tls="none", local_hostname="localhost"
        )

    def refuse(self, answer):
        self.server.replies["RCPT"].append(answer)

    def arrived(self):
        return [
            (_header(one.content, b"Message-ID"), one.mail_from, *one.rcpt_tos)
            for one in self.server.received
        ]


def _header(content, name):
    line = next(line for line in content.split(b"\r\n") if line.startswith(name + b": "))
    return line.partition(b": ")[2].decode()


@pytest.fixture(params=["memory", "smtp"])
def mail(request):
    if request.param == "memory":
        yield InMemory()
        return
    server = mail_server.MailServer()
    controller = mail_server.start(server)
    yield OverTheLine(server)
    controller.stop()


def test_a_batch_arrives_in_order(mail):
    with mail.sender as sender:
        answers = [
            sender.send(letter(n), "bounce@example.com", f"c{n}@example.org") for n in (1, 2)
        ]

    assert [answer.answer[:3] for answer in answers] == ["250", "250"]
    assert mail.arrived() == [
        ("<1@example.com>", "bounce@example.com", "c1@example.org"),
        ("<2@example.com>", "bounce@example.com", "c2@example.org"),
    ]


def test_a_refusal_for_now_spares_the_rest_of_the_batch(mail):
    mail.refuse("450 4.2.0 greylisted, come back in 5 minutes")

    with mail.sender as sender:
        with pytest.raises(Temporary) as refusal:
            sender.send(letter(1), "bounce@example.com", "c1@example.org")
        sender.send(letter(2), "bounce@example.com", "c2@example.org")

    assert refusal.value.answer == "450 4.2.0 greylisted, come back in 5 minutes"
    assert [sent[0] for sent in mail.arrived()] == ["<2@example.com>"]


def test_a_refusal_for_good_spares_the_rest_of_the_batch(mail):
    mail.refuse("550 5.1.1 no such person")

    with mail.sender as sender:
        with pytest.raises(Permanent) as refusal:
            sender.send(letter(1), "bounce@example.com", "c1@example.org")
        sender.send(letter(2), "bounce@example.com", "c2@example.org")

    assert refusal.value.answer == "550 5.1.1 no such person"
    assert [sent[0] for sent in mail.arrived()] == ["<2@example.com>"]


def test_a_batch_without_messages_is_fine(mail):
    with mail.sender:
        pass

    assert mail.arrived() == []
