"""SMTP against a server that refuses, hangs, hangs up, encrypts and asks who we are."""

import socket
import time

import pytest

from visavis.gateways.mail import Misconfigured, Permanent, Temporary
from visavis.gateways.mail.smtp import SmtpSender

from . import mail_server
from .test_mail import letter


@pytest.fixture
def serve():
    controllers = []

    def start(**options):
        server = mail_server.MailServer()
        controllers.append(mail_server.start(server, **options))
        return server

    yield start
    for controller in controllers:
        controller.stop()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return mail_server.certificate(tmp_path_factory.mktemp("tls"))


def sender_to(server, **options):
    values = {"tls": "none", "timeout": 5.0, "local_hostname": "localhost"}
    return SmtpSender(options.pop("host", server.host), server.port, **values | options)


def send(sender, number=1, to="ada@example.org"):
    return sender.send(letter(number), "bounce@example.com", to)


def test_a_batch_goes_over_one_connection(serve):
    server = serve()

    with sender_to(server) as sender:
        for number in range(5):
            send(sender, number)

    assert len(server.received) == 5
    assert len(set(server.sessions)) == 1


def test_the_parts_of_a_long_mail_do_not_wait_for_each_other(serve):
    with sender_to(serve()) as sender:
        send(sender)

        assert sender._line.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_answer_is_kept_word_for_word(serve):
    with sender_to(serve()) as sender:
        assert send(sender).answer == "250 2.0.0 queued as 1"


def test_dots_at_the_start_of_a_line_arrive(serve):
    server = serve()

    with sender_to(server) as sender:
        send(sender)

    assert server.received[0].content.endswith(b"Hello.\r\n.\r\nFrom the dots.\r\n")


def test_a_line_that_went_dead_between_messages_is_opened_again(serve):
    server = serve()

    with sender_to(server) as sender:
        send(sender, 1)
        server.replies["MAIL"].append(mail_server.DROP)
        send(sender, 2)

    assert len(server.received) == 2
    assert len(set(server.sessions)) == 2


def test_a_server_that_closes_politely_between_messages_is_called_again(serve):
    server = serve()

    with sender_to(server) as sender:
        send(sender, 1)
        server.replies["MAIL"].append("421 4.4.2 idle for too long")
        send(sender, 2)

    assert len(server.received) == 2
    assert len(set(server.sessions)) == 2


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_line_that_breaks_within_a_message_is_for_later(serve, command):
    server = serve()

    with sender_to(server) as sender:
        send(sender, 1)
        server.replies[command].append(mail_server.DROP)
        with pytest.raises(Temporary):
            send(sender, 2)
        # Not sent again by itself: it may have arrived.
        assert len(server.received) == 1
        send(sender, 3)

    assert len(server.received) == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("421 4.3.2 going down", Temporary),
        ("451 4.3.0 try again", Temporary),
        ("452 4.2.2 mailbox full", Temporary),
        ("550 5.7.1 not wanted", Permanent),
        ("552 5.3.4 too big", Permanent),
        ("530 5.7.0 sign in first", Misconfigured),
    ],
)
def test_refusals_at_any_point_keep_their_kind(serve, command, answer, kind):
    server = serve()
    if command == "MAIL" and answer.startswith("550"):
        kind = Misconfigured  # the sender is ours
    # A first answer of 421 to MAIL is met by calling again; a second one counts.
    server.replies[command].extend([answer])

    with sender_to(server) as sender:
        with pytest.raises(kind) as refusal:
            send(sender, 1)
        send(sender, 2)

    assert answer.split(" ", 1)[1] in refusal.value.answer
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.7.1 not from you", Misconfigured),
        ("553 5.1.8 no such sender", Misconfigured),
        ("552 5.3.4 too big", Permanent),
        ("451 4.3.0 try again", Temporary),
    ],
)
def test_a_sender_who_is_refused_is_a_matter_of_configuration(serve, answer, kind):
    server = serve()
    server.replies["MAIL"].append(answer)

    with sender_to(server) as sender:
        with pytest.raises(kind) as refusal:
            send(sender, 1)
        send(sender, 2)

    assert type(refusal.value) is kind
    assert len(server.received) == 1


@pytest.mark.parametrize("at", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_server_that_drips_is_given_up_in_time(at):
    began = time.monotonic()

    with mail_server.dripping(at) as port:
        server = SmtpSender(
            "127.0.0.1", port, user="ada", password="right", tls="none",
            timeout=5.0, longest=0.6, local_hostname="localhost",
        )  # fmt: skip
        with server as sender, pytest.raises(Temporary):
            send(sender)

    assert time.monotonic() - began < 1.5


def test_a_server_that_drips_behind_tls_is_given_up_in_time(certificates):
    serving, trusting = certificates
    began = time.monotonic()

    with mail_server.dripping("EHLO", context=serving) as port:
        server = SmtpSender(
            "localhost", port, tls="tls", context=trusting, timeout=5.0, longest=0.8,
            local_hostname="localhost",
        )  # fmt: skip
        with server as sender, pytest.raises(Temporary):
            send(sender)

    assert time.monotonic() - began < 2


def test_a_line_that_is_opened_again_has_no_more_time(serve):
    server = serve()
    began = time.monotonic()

    with sender_to(server, timeout=5.0, longest=0.6) as sender:
        send(sender, 1)
        server.replies["MAIL"].extend([mail_server.DROP, mail_server.HANG])
        with pytest.raises(Temporary):
            send(sender, 2)

    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("host", ["mail..example", "m" * 70 + ".example"])
def test_a_host_that_can_be_none_is_a_matter_of_configuration(host):
    with SmtpSender(host, 25, tls="none") as sender, pytest.raises(Misconfigured):
        send(sender)


def test_nonsense_while_signing_in_is_a_matter_of_configuration():
    answers = (b"220 hi\r\n", b"250-hi\r\n250 AUTH CRAM-MD5\r\n", b"334 a\r\n")

    with mail_server.saying(*answers) as port:
        server = SmtpSender("127.0.0.1", port, user="ada", password="x", tls="none", timeout=5)
        with server as sender, pytest.raises(Misconfigured):
            send(sender)


def test_a_server_that_says_nothing_is_for_later(serve):
    server = serve()
    server.replies["RCPT"].append(mail_server.HANG)

    with sender_to(server, timeout=0.3) as sender:
        with pytest.raises(Temporary):
            send(sender, 1)
        send(sender, 2)

    assert len(server.received) == 1


def test_nobody_listening_is_for_later():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    with SmtpSender("127.0.0.1", port, tls="none") as sender, pytest.raises(Temporary):
        send(sender)


def test_an_unknown_host_is_for_later():
    with SmtpSender("no-such-host.invalid", 25, tls="none") as sender, pytest.raises(Temporary):
        send(sender)


def test_an_address_that_is_none_is_refused_before_the_server_sees_it(serve):
    server = serve()

    with sender_to(server) as sender:
        with pytest.raises(Permanent):
            send(sender, to="ada@example.org>\r\nDATA")
        send(sender, 2)

    assert len(server.received) == 1


def test_a_recipient_beyond_ascii_needs_a_server_that_can(serve):
    able, unable = serve(), serve(enable_SMTPUTF8=False)

    with sender_to(able) as sender:
        send(sender, to="zoé@bücher.example")
    with sender_to(unable) as sender, pytest.raises(Permanent):
        send(sender, to="zoé@bücher.example")

    assert able.received[0].rcpt_tos == ["zoé@xn--bcher-kva.example"]
    assert "SMTPUTF8" in able.received[0].mail_options


def test_starttls_encrypts_before_signing_in(serve, certificates):
    serving, trusting = certificates
    server = serve(tls_context=serving, require_starttls=True, auth_required=True)

    with sender_to(
        server, host="localhost", tls="starttls", context=trusting, user="ada", password="right"
    ) as sender:
        send(sender)

    assert server.signed_in == [("ada", "right")]
    assert len(server.received) == 1


def test_tls_from_the_start(serve, certificates):
    serving, trusting = certificates
    server = serve(ssl_context=serving)

    with sender_to(server, host="localhost", tls="tls", context=trusting) as sender:
        send(sender)

    assert len(server.received) == 1


@pytest.mark.parametrize(("tls", "option"), [("starttls", "tls_context"), ("tls", "ssl_context")])
def test_a_certificate_nobody_vouches_for_is_a_matter_of_configuration(
    serve, certificates, tls, option
):
    server = serve(**{option: certificates[0]})

    with sender_to(server, host="localhost", tls=tls) as sender, pytest.raises(Misconfigured):
        send(sender)

    assert server.received == []


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear(serve):
    server = serve()

    with sender_to(server, tls="starttls") as sender, pytest.raises(Misconfigured):
        send(sender)

    assert server.received == []


@pytest.mark.parametrize(
    ("password", "kind", "answer"),
    [
        ("wrong", Misconfigured, "535 5.7.8 Authentication credentials invalid"),
        ("unlucky", Temporary, "454 4.7.0 not now"),
        ("mot de passé", Misconfigured, "user name or password go beyond ASCII"),
    ],
)
def test_a_password_that_is_not_accepted(serve, certificates, password, kind, answer):
    serving, trusting = certificates
    server = serve(tls_context=serving, auth_required=True)
    known = {"tls": "starttls", "context": trusting, "user": "ada", "password": password}

    with (
        sender_to(server, host="localhost", **known) as sender,
        pytest.raises(kind) as refusal,
    ):
        send(sender)

    assert refusal.value.answer == answer
    assert server.received == []


def test_signing_in_where_nobody_can_is_a_matter_of_configuration(serve):
    with (
        sender_to(serve(), user="ada", password="right") as sender,
        pytest.raises(Misconfigured),
    ):
        send(sender)


def test_a_sender_does_not_show_its_password():
    assert "hunter2" not in repr(SmtpSender("mail.example", 587, "ada", "hunter2"))
