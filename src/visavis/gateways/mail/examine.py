"""Sending one message step by step, to see at which step a mail server is not as configured."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from time import monotonic

from visavis.gateways.mail import MailError
from visavis.gateways.mail.line import dial, look_up
from visavis.gateways.mail.smtp import SmtpSender


class Step(StrEnum):
    """What happens, in this order."""

    RESOLVE = "resolve"  # the name becomes an address
    CONNECT = "connect"  # somebody listens at the port
    GREET = "greet"  # it is a mail server; encrypted from the start, if so configured
    ENCRYPT = "encrypt"  # STARTTLS
    SIGN_IN = "sign_in"
    HAND_OVER = "hand_over"  # it takes a message


class Trouble(StrEnum):
    """Why a step failed, as far as that can be told."""

    UNKNOWN_HOST = "unknown_host"
    NOBODY_LISTENS = "nobody_listens"
    SILENCE = "silence"  # no answer in time
    NOT_ENCRYPTED = "not_encrypted"  # TLS was expected, and something else came
    NO_STARTTLS = "no_starttls"
    CERTIFICATE = "certificate"
    NO_SIGN_IN = "no_sign_in"  # the server lets nobody sign in here
    PASSWORD = "password"  # noqa: S105 a word, not a secret
    REFUSED = "refused"  # it said no, and `said` is what it said
    BROKEN = "broken"  # the line broke, or something else happened


@dataclass(frozen=True, slots=True)
class Finding:
    """How one step went; `said` is what the other side answered, or what went wrong."""

    step: Step
    said: str
    seconds: float
    trouble: Trouble | None = None


def examine(
    sender: SmtpSender, message: EmailMessage, envelope_from: str, to: str
) -> Iterator[Finding]:
    """Send a message and yield how each step went, up to the first that failed.

    No step takes much longer than the sender's timeout, and all of them no longer than what it
    allows for one message.
    """
    sender.until = sender.deadline.ends = monotonic() + sender.longest
    sender.deadline.step = sender.timeout
    steps: list[tuple[Step, Callable[[], str | None]]] = [
        (Step.RESOLVE, lambda: _resolve(sender)),
        (Step.CONNECT, lambda: _knock(sender)),
        (Step.GREET, sender.connect),
    ]
    if sender.tls == "starttls":
        steps.append((Step.ENCRYPT, sender.encrypt))
    if sender.user:
        steps.append((Step.SIGN_IN, sender.sign_in))
    steps.append((Step.HAND_OVER, lambda: sender.send(message, envelope_from, to).answer))
    with sender:
        for step, take in steps:
            finding = _taken(step, take)
            yield finding
            if finding.trouble is not None:
                return


def _taken(step: Step, take: Callable[[], str | None]) -> Finding:
    begun = monotonic()
    try:
        said = take() or ""
    except (MailError, smtplib.SMTPException, OSError, ValueError) as error:
        return Finding(step, _words(error), monotonic() - begun, _trouble(step, _cause(error)))
    return Finding(step, said, monotonic() - begun)


def _resolve(sender: SmtpSender) -> str:
    return ", ".join(look_up(sender.host, sender.port, sender.deadline.left()))


def _knock(sender: SmtpSender) -> None:
    with suppress(ConnectionResetError):
        dial(sender.host, sender.port, sender.deadline).close()


def _cause(error: BaseException) -> BaseException:
    """Return what was behind an error: smtplib and we say in other words that nothing came."""
    chain = [error]
    while (behind := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(behind)
    silence = [one for one in chain if isinstance(one, TimeoutError)]
    known = [one for one in chain if not isinstance(one, MailError)]
    return [*silence, *known, error][0]


def _trouble(step: Step, error: BaseException) -> Trouble:
    match error:
        case socket.gaierror():
            return Trouble.UNKNOWN_HOST
        case ConnectionRefusedError():
            return Trouble.NOBODY_LISTENS
        case ssl.SSLCertVerificationError():
            return Trouble.CERTIFICATE
        case TimeoutError():
            return Trouble.SILENCE
        case ssl.SSLError():
            return Trouble.NOT_ENCRYPTED
        case UnicodeError() if step is Step.RESOLVE:
            return Trouble.UNKNOWN_HOST
        case smtplib.SMTPAuthenticationError() | UnicodeError():
            return Trouble.PASSWORD
        case smtplib.SMTPNotSupportedError():
            return Trouble.NO_STARTTLS if step is Step.ENCRYPT else Trouble.NO_SIGN_IN
        case smtplib.SMTPResponseException():
            return Trouble.REFUSED
        case _:
            return Trouble.REFUSED if isinstance(error, MailError) else Trouble.BROKEN


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"[:500]
    return (str(error) or type(error).__name__)[:500]
