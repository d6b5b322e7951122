"""A sender that keeps what it is given, for tests."""

from collections import deque
from email.message import EmailMessage
from types import TracebackType
from typing import NamedTuple, Self

from visavis.gateways.mail import Accepted, MailError


class Sent(NamedTuple):
    """A message that was accepted."""

    message: EmailMessage
    envelope_from: str
    to: str


class MemorySender:
    """Accepts everything but what `fail` says; `sent` shows the messages, oldest first."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self._troubles: deque[MailError] = deque()

    def fail(self, error: MailError, *, times: int = 1) -> None:
        """Let the next messages be refused."""
        self._troubles.extend([error] * times)

    def __enter__(self) -> Self:
        """Begin a batch."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""

    def send(self, message: EmailMessage, envelope_from: str, to: str) -> Accepted:
        """Keep the message. Raises what `fail` was told to."""
        if self._troubles:
            raise self._troubles.popleft()
        self.sent.append(Sent(message, envelope_from, to))
        return Accepted(f"250 kept as number {len(self.sent)}")
