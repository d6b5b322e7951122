"""Sending what is due: render it, hand it to the mail server, write down the answer."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import translation

from visavis.bookings import addresses, calendar_files, messages, reminders, wishes
from visavis.bookings.models import Booking
from visavis.bookings.timeliness import NotYet
from visavis.companies import features
from visavis.gateways.mail import MailSender, Misconfigured, Permanent, Temporary, Unreachable
from visavis.gateways.mail.compose import Mailbox, compose
from visavis.gateways.mail.smtp import LONGEST_SECONDS
from visavis.notifications import fates, outbox
from visavis.notifications.leases import LEASE
from visavis.notifications.mail_server import own_address
from visavis.notifications.models import Audience, Channel, Message
from visavis.notifications.rendering import Look, Rendered, render
from visavis.worker.batch import Batch

logger = logging.getLogger(__name__)

BATCH = 50
# No single message takes longer, and half a minute is plenty to make it: so much of a lease is
# left before another is begun.
LONGEST = timedelta(seconds=LONGEST_SECONDS + 30)
PRODUCT = "Visavis"


def send_due(line: MailSender, *, clock: Callable[[], datetime]) -> int:
    """Send one batch of due messages over one connection; return how many were dealt with.

    A server that is out of reach, or lets nobody in, ends the batch: 0 is returned then, for a
    pause. So does the lease, since others would send what we still hold. A message that something
    unforeseen happens to is tried again later, like one that the server did not take.
    """
    began = clock()
    due = outbox.claim(Channel.EMAIL, now=began, limit=BATCH)
    if not due:
        return 0
    batch, done, reached = Batch(due, now=began), 0, True
    with features.remembered(), line:
        while done < len(due) and reached and clock() - began < LEASE - LONGEST:
            reached = _send(due[done], batch, line, clock=clock)
            done += 1
    outbox.release(due[done:])
    return done if reached else 0


def _send(
    message: Message, batch: Batch, line: MailSender, *, clock: Callable[[], datetime]
) -> bool:
    """Send one message; return False if no other can be sent at the moment."""
    try:
        mail = _mail(message, batch, now=clock())
        accepted = line.send(mail, own_address(), message.recipient)
    except messages.NothingToSay as why:
        with translation.override(message.company.language if message.company else None):
            outbox.dropped(message, str(why))
    except NotYet as not_yet:
        outbox.put_off(message, until=not_yet.until)
    except Permanent as refused:
        outbox.failed(message, refused.answer)
    except (Temporary, Misconfigured) as trouble:
        logger.warning("message %s: %s", message.pk, trouble.answer)
        outbox.delayed(message, trouble.answer, now=clock())
        return not isinstance(trouble, Unreachable | Misconfigured)
    except (OperationalError, InterfaceError):
        # The database is away: nothing can be written down, and the lease runs out.
        raise
    except Exception as error:
        logger.exception("message %s", message.key)
        outbox.stumbled(message, error, now=clock())
    else:
        outbox.sent(message, accepted.answer, now=clock())
    return True


def _mail(message: Message, batch: Batch, *, now: datetime) -> EmailMessage:
    """Return what leaves, and keep its words. Raises NothingToSay, NotYet or Permanent."""
    bookings = batch.bookings_of(message)
    booking = bookings[0] if bookings else None
    way_out, link, calendar = _way_out(message, booking), "", None
    if outbox.is_ready(message):
        rendered = Rendered(message.subject, message.text, message.html)
    else:
        text, values = batch.words(message, bookings, now=now)
        rendered = render(text, values, _look(message, way_out))
        link = values.get("online_meeting_link") or values.get("online_meeting_provider_link", "")
    outbox.keep(message, rendered, domain=urlsplit(settings.BASE_URL).hostname or "localhost")
    if booking is not None:
        calendar = calendar_files.part_for(message, booking, link=link, own=own_address(), now=now)
    company = message.company
    return compose(
        sender=Mailbox(own_address(), company.name if company else PRODUCT),
        to=Mailbox(message.recipient, message.recipient_name),
        subject=message.subject,
        text=message.text,
        html=message.html,
        message_id=message.message_id,
        date=now,
        reply_to=Mailbox(company.email, company.name) if company and company.email else None,
        unsubscribe_url=way_out,
        calendar=calendar,
        relay_header=fates.header_of(message),
    )


def _look(message: Message, way_out: str) -> Look:
    company = message.company
    assert company is not None
    return Look(
        company.name,
        company.accent_colour,
        message.language,
        footer=company.address,
        way_out=way_out,
    )


def _way_out(message: Message, booking: Booking | None) -> str:
    """Return where a client stops messages of this kind, or nothing: the others are owed."""
    if booking is None or booking.client is None or message.audience != Audience.CLIENT:
        return ""
    if message.event not in reminders.EVENTS:
        return ""
    return addresses.reminders(booking.client, wishes.key_of(booking.client))
