"""Whether somebody who set a mail server up wrongly is told where to look."""

import socket
import threading
import time

import pytest

from visavis.gateways.mail.examine import Step, Trouble, examine
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


@pytest.fixture
def mute():
    """A port at which somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def findings(port, **options):
    values = {"tls": "none", "timeout": 0.5, "local_hostname": "localhost"}
    sender = SmtpSender(options.pop("host", "localhost"), port, **values | options)
    return list(examine(sender, letter(), "bounce@example.com", "ada@example.org"))


def trouble(port, **options):
    """Return at which step it ended, and why."""
    last = findings(port, **options)[-1]
    return last.step, last.trouble


def test_all_goes_well_step_by_step(serve, certificates):
    serving, trusting = certificates
    server = serve(tls_context=serving, auth_required=True)

    found = findings(
        server.port, tls="starttls", context=trusting, user="ada", password="right", timeout=5
    )

    assert [one.step for one in found] == list(Step)
    assert not any(one.trouble for one in found)
    assert found[-1].said == "250 2.0.0 queued as 1"
    assert len(server.received) == 1


def test_a_relay_that_asks_nothing_has_fewer_steps(serve):
    found = findings(serve().port)

    assert [one.step for one in found] == [Step.RESOLVE, Step.CONNECT, Step.GREET, Step.HAND_OVER]


def test_a_host_that_does_not_exist():
    assert trouble(25, host="no-such-host.invalid", timeout=5) == (
        Step.RESOLVE,
        Trouble.UNKNOWN_HOST,
    )


def test_a_host_that_can_be_none():
    assert trouble(25, host="mail..example") == (Step.RESOLVE, Trouble.UNKNOWN_HOST)


def test_nonsense_while_signing_in():
    answers = (b"220 hi\r\n", b"250-hi\r\n250 AUTH CRAM-MD5\r\n", b"334 a\r\n")

    with mail_server.saying(*answers) as port:
        ended = trouble(port, host="127.0.0.1", user="ada", password="x", timeout=5)

    assert ended == (Step.SIGN_IN, Trouble.BROKEN)


@pytest.mark.parametrize("at", ["greeting", "EHLO", "MAIL", "DOT"])
def test_all_steps_together_take_no_longer_than_agreed(at):
    began = time.monotonic()

    with mail_server.dripping(at) as port:
        found = findings(port, host="127.0.0.1", timeout=5.0, longest=0.6)

    assert found[-1].trouble is Trouble.SILENCE
    assert time.monotonic() - began < 1.5


def test_a_wrong_port():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    assert trouble(port, host="127.0.0.1") == (Step.CONNECT, Trouble.NOBODY_LISTENS)


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_a_server_that_says_nothing_is_not_waited_for(mute, tls):
    assert trouble(mute, tls=tls, host="127.0.0.1") == (Step.GREET, Trouble.SILENCE)


def test_tls_from_the_start_where_there_is_none(serve):
    assert trouble(serve().port, tls="tls") == (Step.GREET, Trouble.NOT_ENCRYPTED)


def test_starttls_where_there_is_none(serve):
    assert trouble(serve().port, tls="starttls") == (Step.ENCRYPT, Trouble.NO_STARTTLS)


def test_a_certificate_nobody_vouches_for(serve, certificates):
    server = serve(tls_context=certificates[0])

    assert trouble(server.port, tls="starttls") == (Step.ENCRYPT, Trouble.CERTIFICATE)


def test_a_wrong_password(serve, certificates):
    serving, trusting = certificates
    server = serve(tls_context=serving, auth_required=True)
    known = {"tls": "starttls", "context": trusting, "user": "ada", "password": "wrong"}

    last = findings(server.port, timeout=5, **known)[-1]

    assert (last.step, last.trouble) == (Step.SIGN_IN, Trouble.PASSWORD)
    assert last.said == "535 5.7.8 Authentication credentials invalid"


def test_a_server_where_nobody_signs_in(serve):
    assert trouble(serve().port, user="ada", password="x") == (Step.SIGN_IN, Trouble.NO_SIGN_IN)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_message_that_is_refused(serve, command):
    server = serve()
    server.replies[command].append("550 5.7.1 not from you")

    last = findings(server.port)[-1]

    assert (last.step, last.trouble) == (Step.HAND_OVER, Trouble.REFUSED)
    assert "not from you" in last.said


def test_a_server_that_stops_in_the_middle(serve):
    server = serve()
    server.replies["DATA"].append(mail_server.HANG)

    assert trouble(server.port) == (Step.HAND_OVER, Trouble.SILENCE)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_all, **_named: over.wait(20))

    ended = trouble(25)
    over.set()

    assert ended == (Step.RESOLVE, Trouble.SILENCE)
