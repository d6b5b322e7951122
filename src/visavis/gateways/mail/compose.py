"""Messages as they should be: text and HTML, a calendar entry, and headers nobody can bend."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cache
from secrets import token_hex
from typing import Any, Literal

from visavis.gateways.mail import relays
from visavis.gateways.mail.wire import ascii_address

LONGEST_LINK = 900
LONGEST_SUBJECT = 400
LONGEST_NAME = 200


class _Plain(str):
    """The value of a header that we write ourselves: ASCII, safe, and on one line as it is.

    The standard library would take each apart and put it together again, which takes longer
    than everything else about a message, and would fold long links into uselessness.
    """

    __slots__ = ("name",)

    name: str
    max_count = 1
    defects = ()

    def fold(self, *, policy: Policy) -> str:
        """Return the header on one line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Headers(HeaderRegistry):
    """The standard library's headers, but for those that are plain."""

    PLAIN = frozenset(
        {
            "auto-submitted",
            "content-transfer-encoding",
            "content-type",
            "date",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "message-id",
            "mime-version",
            *relays.HEADER_NAMES,
        }
    )

    def __call__(self, name: str, value: str) -> Any:
        if name.lower() not in self.PLAIN:
            return super().__call__(name, value)
        plain = _Plain(value)
        plain.name = name
        return plain

    @cache  # noqa: B019 there is one of these, and it makes a class each time it is asked
    def __getitem__(self, name: str) -> type[BaseHeader]:
        return super().__getitem__(name)


_HEADERS = _Headers()
# Only 7-bit content: a relay on the way may not do better.
POLICY = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, and perhaps the name to show with it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar file. `method` must be the one that stands in it (RFC 6047)."""

    content: bytes
    method: Literal["REQUEST", "CANCEL", "PUBLISH"] = "REQUEST"
    filename: str = "invite.ics"


def compose(
    *,
    sender: Mailbox,
    to: Mailbox,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    html: str = "",
    reply_to: Mailbox | None = None,
    unsubscribe_url: str = "",
    calendar: CalendarPart | None = None,
    relay_header: tuple[str, str] | None = None,
) -> EmailMessage:
    """Return a message ready to be sent.

    `message_id` stays the same when a message is sent again, `date` is aware. Subject and
    names may hold anything: line breaks and control characters become spaces. Raises
    Permanent for an address and ValueError for an id or a link that is none.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(sender)
    message["To"] = _mailbox(to)
    if reply_to is not None:
        message["Reply-To"] = _mailbox(reply_to)
    message["Subject"] = _one_line(subject, LONGEST_SUBJECT)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _message_id(message_id)
    # Keeps holiday notices from answering (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{_link(unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if relay_header is not None:
        name, value = relay_header
        message[name] = _visible(value)
    message.set_content(text)
    if html or calendar is not None:
        message.make_alternative(boundary=_boundary())
    if html:
        message.add_alternative(html, subtype="html")
    if calendar is not None:
        _add_calendar(message, calendar)
    return message


def _add_calendar(message: EmailMessage, calendar: CalendarPart) -> None:
    """Add the entry twice: Outlook and Gmail read the alternative, others offer the file."""
    message.add_alternative(
        calendar.content.decode(),
        subtype="calendar",
        params={"method": calendar.method},
    )
    message.make_mixed(boundary=_boundary())
    message.add_attachment(
        calendar.content,
        maintype="application",
        subtype="ics",
        filename=_one_line(calendar.filename, LONGEST_NAME),
    )


def _boundary() -> str:
    """Return what no part contains: without it each part would be searched for one.

    No encoded text holds these two signs together (RFC 2046, 5.1.1, and RFC 2045, 6.7).
    """
    return f"=_{token_hex(16)}"


def _mailbox(mailbox: Mailbox) -> Address:
    address = ascii_address(mailbox.address)
    local, _at, domain = address.rpartition("@")
    return Address(_one_line(mailbox.name, LONGEST_NAME), username=local, domain=domain)


def _one_line(text: str, longest: int) -> str:
    # Control characters, among them line breaks, would end the header.
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:longest]


def _message_id(message_id: str) -> str:
    if not re.fullmatch(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>", message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    return message_id


def _visible(value: str) -> str:
    if len(value) > LONGEST_LINK or not re.fullmatch(r"[!-~]+", value):
        raise ValueError(f"not for a header: {value!r}")
    return value


def _link(url: str) -> str:
    if len(url) > LONGEST_LINK or not re.fullmatch(r"https?://[!-;=?-~]+", url):
        raise ValueError(f"not a link: {url!r}")
    return url
