"""*Check mail settings*, against a real mail server."""

import socket
import time

import pytest

from back_office.staff import sign_in
from gateways import mail_server
from visavis.back_office.views import mail_check

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/texts/mail/"


@pytest.fixture
def server(settings):
    server = mail_server.MailServer()
    controller = mail_server.start(server)
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    settings.DEFAULT_FROM_EMAIL = "bookings@visavis.example"
    settings.EMAIL_HOST_PASSWORD = "hunter2"
    yield server
    controller.stop()


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "scheduling_administrator")


def test_the_settings_are_shown_without_the_password(client, member, server):
    page = client.get(PAGE).content.decode()

    assert server.host in page
    assert str(server.port) in page
    assert "bookings@visavis.example" in page
    assert "hunter2" not in page
    assert not server.received


def test_whoever_signs_in_to_the_mail_server_is_not_taken_for_the_reader(
    client, member, server, settings
):
    settings.EMAIL_HOST_USER = "relay-account"

    page = client.get(PAGE).content.decode()

    assert page.count("relay-account") == 1
    assert str(member.user) in page


def test_a_message_is_sent_to_whoever_asks(client, member, server):
    page = client.post(PAGE).content.decode()

    (envelope,) = server.received
    assert envelope.rcpt_tos == [member.user.email]
    assert "The mail server took the message" in page
    assert "250 2.0.0 queued as 1" in page


def test_a_wrong_port_is_told_with_advice(client, member, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]

    page = client.post(PAGE).content.decode()

    assert "Nobody listens at this port." in page
    assert "The mail server took the message" not in page


def test_nobody_waits_long_for_a_server_that_drips(client, member, settings, monkeypatch):
    monkeypatch.setattr(mail_check, "ALL_SECONDS", 0.6)
    began = time.monotonic()

    with mail_server.dripping("EHLO") as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        page = client.post(PAGE).content.decode()

    assert "The server does not answer in time." in page
    # Beside what is waited for, a page is made.
    assert time.monotonic() - began < 3


def test_a_refusal_is_shown_in_the_servers_words_and_is_no_markup(client, member, server):
    server.replies["MAIL"].append("550 5.7.1 <script>not from you</script>")

    page = client.post(PAGE).content.decode()

    assert "&lt;script&gt;not from you" in page
    assert "<script>not" not in page


def test_who_may_not_change_messages_may_not_send_any(client, company, server):
    sign_in(client, company, "receptionist")

    assert client.post(PAGE).status_code == 403
    assert not server.received
