"""Sending the texts to phones that are due, and keeping their cost within what a company set."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.bookings.messages import NothingToSay
from visavis.bookings.timeliness import NotYet
from visavis.gateways.sms import Misconfigured, OptedOut, Permanent, Sms, SmsGateway, Temporary
from visavis.gateways.sms.length import length
from visavis.notifications import outbox, sms
from visavis.notifications.leases import LEASE, PAUSES
from visavis.notifications.models import Audience, Channel, Message, SmsAccount
from visavis.notifications.rendering import render_sms
from visavis.worker.batch import Batch

logger = logging.getLogger(__name__)

# Few, so that a gateway which hangs holds nothing else up for long.
BATCH = 10
# No single text takes longer: so much of a lease is left before another is begun.
LONGEST = timedelta(minutes=1)
# Longer than the longest pause between two tries.
LOOK_BACK = timedelta(days=2)

GatewayOf = Callable[[SmsAccount], SmsGateway]


def send_due(*, clock: Callable[[], datetime], gateway_of: GatewayOf = sms.gateway_of) -> int:
    """Send one batch of due texts; return how many were looked at."""
    began = clock()
    due = outbox.claim(Channel.SMS, now=began, limit=BATCH)
    batch, done = Batch(due, now=began), 0
    silent: set[int | None] = set()
    while done < len(due) and clock() - began < LEASE - LONGEST:
        message = due[done]
        done += 1
        if message.company_id in silent:
            outbox.put_off(message, until=clock() + PAUSES[0])
            continue
        with translation.override(message.company.language if message.company else None):
            if not _tried(message, batch, clock=clock, gateway_of=gateway_of):
                silent.add(message.company_id)
    outbox.release(due[done:])
    return done


def _tried(
    message: Message, batch: Batch, *, clock: Callable[[], datetime], gateway_of: GatewayOf
) -> bool:
    """Send one text as `_send` does; whatever happens that nobody foresaw ends with it."""
    try:
        return _send(message, batch, clock=clock, gateway_of=gateway_of)
    except (OperationalError, InterfaceError):
        # The database is away: nothing can be written down, and the lease runs out.
        raise
    except Exception as error:
        logger.exception("text %s", message.key)
        outbox.stumbled(message, error, now=clock())
    return True


def _send(
    message: Message, batch: Batch, *, clock: Callable[[], datetime], gateway_of: GatewayOf
) -> bool:
    """Send one text; return False if the company's gateway takes none at the moment."""
    try:
        account = _permitted(message)
        message.text = _text(message, batch, now=clock())
    except NothingToSay as why:
        outbox.dropped(message, str(why))
        return True
    except NotYet as not_yet:
        outbox.put_off(message, until=not_yet.until)
        return True
    parts, now = length(message.text).parts, clock()
    if parts > account.most_parts:
        why_not = _("not sent: it takes %(parts)d parts, and %(most)d are allowed")
        outbox.failed(message, why_not % {"parts": parts, "most": account.most_parts})
    elif sms.sent_lately(account.company, now=now) >= sms.most_a_day(account):
        outbox.delayed(message, _("as many texts as allowed were sent in 24 hours"), now=now)
    else:
        return _hand_over(message, gateway_of(account), clock=clock)
    return True


def _permitted(message: Message) -> SmsAccount:
    """Return how to send a text. Raises NothingToSay if somebody changed their mind meanwhile."""
    account = sms.account_of(message.company) if message.company else None
    if account is None:
        raise NothingToSay(_("texts are switched off"))
    ours = message.audience != Audience.CLIENT
    if not (ours or sms.wanted(account.company, message.recipient)):
        raise NothingToSay(_("the client wants no texts"))
    return account


def _text(message: Message, batch: Batch, *, now: datetime) -> str:
    if outbox.is_ready(message):
        return message.text
    return render_sms(*batch.words(message, batch.bookings_of(message), now=now))


def _hand_over(message: Message, gateway: SmsGateway, *, clock: Callable[[], datetime]) -> bool:
    tried = message.attempts > 0 or message.claimed_until is not None
    text = Sms(
        to=message.recipient,
        text=message.text,
        key=message.key,
        tried_since=message.due_at - LOOK_BACK if tried else None,
    )
    try:
        accepted = gateway.send(text)
    except OptedOut as refused:
        _note_stop(message, now=clock())
        outbox.failed(message, refused.answer)
    except Permanent as refused:
        outbox.failed(message, refused.answer)
    except (Temporary, Misconfigured) as trouble:
        logger.warning("text %s: %s", message.pk, trouble.answer)
        outbox.delayed(message, trouble.answer, now=clock())
        return False
    else:
        outbox.sent(message, accepted.answer, now=clock())
    return True


def _note_stop(message: Message, *, now: datetime) -> None:
    assert message.company is not None
    sms.note_wish(message.company, message.recipient, wanted=False, source=sms.Source.STOP, now=now)
