"""Sending what is due: render it, hand it to the mail server, write down the answer."""

import logging
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from visavis.bookings import addresses, calendar_files, messages, reminders, wishes
from visavis.bookings.models import Booking
from visavis.bookings.timeliness import NotYet
from visavis.gateways.mail import MailSender, Misconfigured, Permanent, Temporary
from visavis.gateways.mail.compose import Mailbox, compose
from visavis.gateways.mail.smtp import SmtpSender
from visavis.notifications import outbox
from visavis.notifications.models import Audience, Channel, Message
from visavis.notifications.rendering import Look, Rendered, render
from visavis.worker.words import booking_of, words

logger = logging.getLogger(__name__)

BATCH = 50
PRODUCT = "Visavis"


def sender() -> SmtpSender:
    """Return the mail server of this installation."""
    return SmtpSender(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        tls="tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
        timeout=settings.EMAIL_TIMEOUT,
    )


def send_due(line: MailSender, *, clock: Callable[[], datetime]) -> int:
    """Send one batch of due messages over one connection; return how many were looked at."""
    due = outbox.claim(Channel.EMAIL, now=clock(), limit=BATCH)
    if not due:
        return 0
    with line:
        for message in due:
            _send(message, line, clock=clock)
    return len(due)


def _send(message: Message, line: MailSender, *, clock: Callable[[], datetime]) -> None:
    try:
        booking = booking_of(message)
        rendered = _render(message, booking, now=clock())
    except messages.NothingToSay as why:
        with translation.override(message.company.language if message.company else None):
            outbox.dropped(message, str(why))
        return
    except NotYet as not_yet:
        outbox.put_off(message, until=not_yet.until)
        return
    outbox.keep(message, rendered, domain=urlsplit(settings.BASE_URL).hostname or "localhost")
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    company = message.company
    try:
        mail = compose(
            sender=Mailbox(own, company.name if company else PRODUCT),
            to=Mailbox(message.recipient, message.recipient_name),
            subject=message.subject,
            text=message.text,
            html=message.html,
            message_id=message.message_id,
            date=clock(),
            reply_to=Mailbox(company.email, company.name) if company and company.email else None,
            unsubscribe_url=_way_out(message, booking),
            calendar=calendar_files.part_for(message, booking, own=own, now=clock())
            if booking
            else None,
        )
        accepted = line.send(mail, own, message.recipient)
    except Permanent as refused:
        outbox.failed(message, refused.answer)
    except (Temporary, Misconfigured) as trouble:
        logger.warning("message %s: %s", message.pk, trouble.answer)
        outbox.delayed(message, trouble.answer, now=clock())
    else:
        outbox.sent(message, accepted.answer, now=clock())


def _render(message: Message, booking: Booking | None, *, now: datetime) -> Rendered:
    """Fill in the company's text, unless a library handed the words over ready-made."""
    if message.about == Message.About.ACCOUNT:
        return Rendered(message.subject, message.text, message.html)
    company = message.company
    assert company is not None
    look = Look(
        company.name,
        company.accent_colour,
        message.language,
        footer=company.address,
        way_out=_way_out(message, booking),
    )
    return render(*words(message, booking, now=now), look)


def _way_out(message: Message, booking: Booking | None) -> str:
    """Return where a client stops messages of this kind, or nothing: the others are owed."""
    if booking is None or booking.client is None or message.audience != Audience.CLIENT:
        return ""
    if message.event not in reminders.EVENTS:
        return ""
    return addresses.reminders(booking.client, wishes.key_of(booking.client))
