"""Texts to phones: one gateway that takes a text for a number, and how that may fail.

The errors tell what to do: repeat later, give this text up, leave this number alone, or repair
the settings before anything else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A text for a number in E.164 form ("+33612345678").

    `key` stays the same however often we try. `tried_since` is set when an earlier try, not
    before that moment, may have arrived although nobody told us.
    """

    to: str
    text: str
    key: str
    tried_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A gateway took the text upon itself; `answer` is what it said."""

    answer: str


class SmsError(Exception):
    """A text was not accepted; `answer` is what the gateway said, or what went wrong."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Temporary(SmsError):
    """It may be accepted later. The answer may also have been lost on its way to us."""


class Permanent(SmsError):
    """This text will never be accepted for this number."""


class OptedOut(Permanent):
    """Whoever has this number asked for no more texts (mostly by answering STOP)."""


class Misconfigured(SmsError):
    """The gateway does not let us in as configured: no text will be accepted."""


class SmsGateway(Protocol):
    """Sends texts, one at a time."""

    def send(self, sms: Sms) -> Accepted:
        """Hand a text over. Raises Temporary, Permanent, OptedOut or Misconfigured."""
