"""A mail server that behaves as badly as it is told to."""

import asyncio
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HANG = "hang"
DROP = "drop"


class MailServer:
    """What the server was given, and what it will answer to MAIL, RCPT and DATA.

    `replies["RCPT"].append("450 …")` answers once so; HANG and DROP do as they say.
    """

    def __init__(self):
        self.received = []
        self.sessions = []
        self.signed_in = []
        self.replies = defaultdict(deque)
        self.host = "127.0.0.1"
        self.port = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        reply = await self._reply("MAIL", server)
        if reply:
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = await self._reply("RCPT", server)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        reply = await self._reply("DATA", server)
        if reply:
            return reply
        self.received.append(envelope)
        self.sessions.append(session.peer)
        return f"250 2.0.0 queued as {len(self.received)}"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.signed_in.append((data.login.decode(), data.password.decode()))
        if data.password == b"unlucky":
            return AuthResult(success=False, handled=False, message="454 4.7.0 not now")
        return AuthResult(success=data.password == b"right", handled=False)

    async def _reply(self, command, server):
        reply = self.replies[command].popleft() if self.replies[command] else ""
        if reply == HANG:
            await asyncio.sleep(60)
        if reply == DROP:
            server.transport.abort()
            # Nothing more is said; the task ends with the connection.
            await asyncio.sleep(60)
        return reply


@contextmanager
def dripping(at, *, context=None):
    """Serve like a mail server that answers one command, or the greeting, drop by drop for ever.

    Each byte comes in time, and the answer never ends. Yields the port.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, at, context), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening, at, context):
    with suppress(OSError):
        while True:
            line, _peer = listening.accept()
            threading.Thread(target=_converse, args=(line, at, context), daemon=True).start()


def _converse(line, at, context):
    answers = {
        b"EHLO": b"250-slow\r\n250 AUTH PLAIN LOGIN\r\n",
        b"DATA": b"354 go on\r\n",
        b"AUTH": b"235 come in\r\n",
    }
    with (
        suppress(OSError),
        context.wrap_socket(line, server_side=True) if context else line as safe,
    ):
        if at == "greeting":
            _drip(safe)
        safe.sendall(b"220 slow\r\n")
        content = False
        for said in safe.makefile("rb"):
            if content and said != b".\r\n":
                continue
            command = b"DOT" if content else said[:4].upper()
            if command.decode() == at:
                _drip(safe)
            content = command == b"DATA"
            safe.sendall(answers.get(command, b"250 fine\r\n"))


def _drip(line):
    """Say that there is more to come, until the other side hangs up."""
    while True:
        for letter in b"250-still here\r\n":
            line.sendall(bytes([letter]))
            time.sleep(0.05)


@contextmanager
def saying(*answers):
    """Serve like a mail server that has these answers, whatever is said. Yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            with suppress(OSError):
                while True:
                    line, _peer = listening.accept()
                    with suppress(OSError), line:
                        for answer in answers:
                            line.sendall(answer)
                            line.recv(1000)

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


class AnyPort(Controller):
    """A controller that can be given port 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def start(server, **options):
    """Serve on a free port; returns the controller, to be stopped."""
    controller = AnyPort(
        server, hostname=server.host, port=0, authenticator=server.authenticate, **options
    )
    controller.start()
    server.port = controller.port
    return controller


def certificate(folder):
    """Return two TLS contexts, a server's and a client's that trusts it, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(cert_file, key_file)
    return serving, ssl.create_default_context(cafile=cert_file)
