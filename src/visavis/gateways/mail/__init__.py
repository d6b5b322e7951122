"""Mail: a sender that workers use for a batch of messages, and how sending may fail.

A sender is entered once per batch and keeps its connection for all of it. The errors tell
what to do: repeat later, give this message up, or repair the settings before anything else.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Accepted:
    """A server took the message upon itself; `answer` is what it said, with its code."""

    answer: str


class MailError(Exception):
    """A message was not accepted; `answer` is what the server said, or what went wrong."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Temporary(MailError):
    """It may be accepted later: a busy or greylisting server, or none that answers.

    If the line broke at the very end the message may have been accepted after all, so that
    a repetition must carry the same Message-ID.
    """


class Unreachable(Temporary):
    """The server does not answer, or the line broke: the next message fares no better now."""


class Permanent(MailError):
    """This message will never be accepted."""


class Misconfigured(MailError):
    """The server does not let us in as configured: no message will be accepted."""


class MailSender(Protocol):
    """Sends messages, one recipient each, between entering and leaving it."""

    def __enter__(self) -> Self:
        """Begin a batch."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""

    def send(self, message: EmailMessage, envelope_from: str, to: str) -> Accepted:
        """Hand one message over for one recipient.

        `envelope_from` is where bounces go. Raises Temporary, Permanent or Misconfigured.
        """
