"""SMTP: one connection for a batch of messages (RFC 5321, 3207, 4954, 6531)."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from math import inf
from time import monotonic
from types import TracebackType
from typing import Literal, Self, TypeVar

from visavis.gateways.mail import (
    Accepted,
    MailError,
    Misconfigured,
    Permanent,
    Temporary,
    Unreachable,
)
from visavis.gateways.mail.line import Deadline, Line
from visavis.gateways.mail.wire import Wire, to_wire

Tls = Literal["none", "starttls", "tls"]
Said = TypeVar("Said")

# Answers that are about us and not about the message: sign in first, sign in better.
ABOUT_US = frozenset({530, 534, 535, 538})
CLOSING = 421
TOO_BIG = 552

# How long one message may take, whatever the server does: from looking its name up to its answer.
LONGEST_SECONDS = 90.0
GOODBYE_SECONDS = 5.0


@dataclass
class SmtpSender:
    """Sends over one connection, opened with the first message and again when it was lost.

    `tls` is "tls" for a connection encrypted from the start (mostly port 465), "starttls" for
    one that becomes so before anything is said (587), "none" for none (a relay on the same
    machine). No `user` means that nobody signs in. `timeout` is in seconds and counts for
    each step, `longest` for all that one message takes; nothing goes on after `until`, a moment
    of the monotonic clock. `context` replaces the system's trust in certificates.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "starttls"
    timeout: float = 20.0
    longest: float = LONGEST_SECONDS
    until: float = inf
    context: ssl.SSLContext | None = None
    local_hostname: str | None = None
    deadline: Deadline = field(default_factory=lambda: Deadline(inf, inf), init=False, repr=False)
    _line: Line | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._hurry(self.longest)

    def __enter__(self) -> Self:
        """Begin a batch; the connection waits for the first message."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the batch and say goodbye."""
        if self._line is not None:
            self._hurry(GOODBYE_SECONDS)
            with suppress(smtplib.SMTPException, OSError):
                self._line.quit()
        self._hang_up()

    def check(self) -> None:
        """Reach the server, encrypt and sign in, and send nothing. Raises MailError."""
        self._hurry(self.longest)
        self._understood(self._dial_once)

    def send(self, message: EmailMessage, envelope_from: str, to: str) -> Accepted:
        """Hand one message over. Raises Temporary, Permanent or Misconfigured."""
        self._hurry(self.longest)
        return self._understood(lambda: self._converse(message, envelope_from, to))

    def connect(self) -> None:
        """Open the line and greet. Raises what smtplib, ssl and the system raise."""
        self._line = Line(
            self.host,
            self.port,
            self.local_hostname,
            deadline=self.deadline,
            context=self._trust() if self.tls == "tls" else None,
        )
        self._line.ehlo_or_helo_if_needed()

    def encrypt(self) -> None:
        """Encrypt the line, if that is not done from the start. Raises as `connect`."""
        assert self._line is not None
        if self.tls == "starttls":
            self._line.encrypt(self._trust())
            self._line.ehlo()

    def sign_in(self) -> None:
        """Sign in, if there is a user. Raises Misconfigured, and as `connect`."""
        assert self._line is not None
        if not self.user:
            return
        try:
            self._line.login(self.user, self.password)
        except UnicodeError as error:
            raise Misconfigured("user name or password go beyond ASCII") from error

    def _hurry(self, seconds: float) -> None:
        """Let all that comes now end within so many seconds."""
        self.deadline.step = self.timeout
        self.deadline.ends = min(self.until, monotonic() + seconds)

    def _dial_once(self) -> Line:
        if self._line is None:
            try:
                self.connect()
                self.encrypt()
                self.sign_in()
            except ValueError as error:
                # A host that can be none, or a server that answers nonsense while we sign in.
                self._hang_up()
                raise Misconfigured(f"{type(error).__name__}: {error}") from error
            except BaseException:
                self._hang_up()
                raise
        assert self._line is not None
        return self._line

    def _trust(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()

    def _understood(self, talk: Callable[[], Said]) -> Said:
        """Let the line be used, and turn what the library raises into our three refusals."""
        try:
            return talk()
        except smtplib.SMTPAuthenticationError as refusal:
            # 454 is "not now": the server cannot look the password up.
            if refusal.smtp_code < 500:
                raise Temporary(_said(refusal)) from refusal
            raise Misconfigured(_said(refusal)) from refusal
        except smtplib.SMTPNotSupportedError as error:
            raise Misconfigured(f"the server does not offer this: {error}") from error
        except smtplib.SMTPSenderRefused as refusal:
            raise self._meaning(refusal.smtp_code, _said(refusal), ours=True) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise self._meaning(refusal.smtp_code, _said(refusal)) from refusal
        except ssl.SSLError as error:
            self._hang_up()
            raise Misconfigured(f"no encrypted connection: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            # Refused, timed out, name not found, or the line broke.
            self._hang_up()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        except MailError:
            raise
        except Exception:
            # Nobody knows how far it got.
            self._hang_up()
            raise

    def _converse(self, message: EmailMessage, envelope_from: str, to: str) -> Accepted:
        reused = self._line is not None
        try:
            line, wire = self._begin(message, envelope_from, to)
        except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError):
            # Servers drop a line that was quiet for long. Nothing has been handed over yet.
            if not reused:
                raise
            self._hang_up()
            line, wire = self._begin(message, envelope_from, to)
        _agree(line.rcpt(wire.to), 250, 251)
        return Accepted(_agree(line.data(wire.content), 250))

    def _begin(self, message: EmailMessage, envelope_from: str, to: str) -> tuple[Line, Wire]:
        """Get as far as the server accepting the sender, which is the same for all messages."""
        line = self._dial_once()
        wire = to_wire(message, envelope_from, to, international=line.has_extn("smtputf8"))
        code, answer = line.mail(wire.sender, wire.options)
        if code == CLOSING:
            raise smtplib.SMTPServerDisconnected(answer.decode(errors="replace"))
        if 500 <= code < 600 and code != TOO_BIG:
            raise smtplib.SMTPSenderRefused(code, answer, wire.sender)
        _agree((code, answer), 250)
        return line, wire

    def _meaning(
        self, code: int, answer: str, *, ours: bool = False
    ) -> Temporary | Permanent | Misconfigured:
        """Return what a refusal means, and make the line ready for the next message.

        One that is `ours` would meet every message.
        """
        if code == CLOSING or self._line is None:
            self._hang_up()
            return Temporary(answer)
        try:
            self._line.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()
        if ours or code in ABOUT_US:
            return Misconfigured(answer)
        return Permanent(answer) if 500 <= code < 600 else Temporary(answer)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _agree(reply: tuple[int, bytes], *codes: int) -> str:
    """Return the reply as text if it has one of the codes. Raises SMTPResponseException."""
    code, answer = reply
    if code not in codes:
        raise smtplib.SMTPResponseException(code, answer)
    return _text(code, answer)


def _said(refusal: smtplib.SMTPResponseException) -> str:
    return _text(refusal.smtp_code, refusal.smtp_error)


def _text(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())[:500]
