"""A mail server that behaves as badly as it is told to."""

import asyncio
import ssl
from collections import defaultdict, deque
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
