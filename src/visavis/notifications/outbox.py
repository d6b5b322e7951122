"""The worker's side of messages: claim what is due, send it, write down the answer.

A claim is a lease. A worker that dies loses it, and another one sends the message again
under the same Message-ID, which lets the receiver recognise the repeat.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from visavis.database.writing import update
from visavis.notifications import turns
from visavis.notifications.leases import LEASE, PAUSES
from visavis.notifications.models import Channel, Message
from visavis.notifications.rendering import Rendered

# Text that carries a secret is blotted out once it is sent.
SECRET = frozenset({Message.About.ACCOUNT, Message.About.INVITATION})
# Whoever planned these wrote them too; all others are written when they are sent.
READY = frozenset({Message.About.ACCOUNT, Message.About.TEST})
WORDS = ("subject", "text", "html")
_OUTCOME = (
    *("status", "due_at", "sent_at", "claimed_until", "attempts", "answer"),
    *("message_id", "subject", "text", "html", "details"),
)


def claim(channel: Channel, *, now: datetime, limit: int) -> Sequence[Message]:
    """Take up to `limit` due messages of a channel for this worker, for the length of a lease.

    What somebody waits for goes first, and within that every company has its turn; see `turns`.
    One whose `claimed_until` is set was claimed before by a worker that did not finish: it may
    have been sent.
    """
    with transaction.atomic():
        chosen = turns.next_in_turn(channel, now=now, limit=limit)
        due = Message.objects.filter(pk__in=chosen, status=Message.Status.PLANNED)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        places = {pk: place for place, pk in enumerate(chosen)}
        messages = sorted(due.select_related("company"), key=lambda one: places[one.pk])
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(
            claimed_until=now + LEASE
        )
    return messages


def release(messages: Iterable[Message]) -> None:
    """Let go of claimed messages that were not tried."""
    keys = [message.pk for message in messages]
    if keys:
        Message.objects.filter(pk__in=keys, status=Message.Status.PLANNED).update(
            claimed_until=None
        )


def keep(message: Message, rendered: Rendered, *, domain: str) -> None:
    """Keep the words of a message as they are about to be sent, and under which Message-ID.

    The id is made from the message's key: it is the same however often we try.
    """
    digest = sha256(message.key.encode()).hexdigest()[:40]
    message.message_id = f"<{digest}@{domain}>"
    message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html


def sent(message: Message, answer: str, *, now: datetime) -> None:
    """Note that the server took it, and what it answered."""
    message.status = Message.Status.SENT
    message.sent_at, message.answer = now, answer
    message.attempts += 1
    message.claimed_until = None
    if message.about in SECRET:
        message.text = message.html = ""
        message.details = {}
    # Whatever somebody did with the row meanwhile: the message is out.
    if not update(message, _OUTCOME):
        message.save(force_insert=True)


def delayed(message: Message, answer: str, *, now: datetime) -> None:
    """Note a failure that may pass: try again after a growing pause, in the end give up."""
    message.attempts += 1
    message.answer = answer
    if message.attempts > len(PAUSES):
        message.status = Message.Status.FAILED
    else:
        message.due_at = now + PAUSES[message.attempts - 1]
    _write(message)


def stumbled(message: Message, error: Exception, *, now: datetime) -> None:
    """Note that something went wrong which nobody foresaw, and try again as after a failure.

    What went wrong stands in the log; only its kind is shown, since its words may hold anything.
    """
    answer = _("not sent: %(kind)s; the worker's log says more") % {"kind": type(error).__name__}
    delayed(message, answer, now=now)


def failed(message: Message, answer: str) -> None:
    """Note a failure that trying again cannot mend."""
    message.attempts += 1
    message.status, message.answer = Message.Status.FAILED, answer
    _write(message)


def dropped(message: Message, why: str) -> None:
    """Cancel a message that has nothing to say any more."""
    message.status, message.answer = Message.Status.CANCELLED, why
    _write(message)


def put_off(message: Message, *, until: datetime) -> None:
    """Let a message wait that was not tried: it came at a bad time."""
    message.due_at = until
    _write(message)


def _write(message: Message) -> None:
    """Write down what became of a message that was not sent, and let go of it.

    Only if it is still planned: one that was taken back while we tried stays taken back.
    """
    message.claimed_until = None
    planned = Message.objects.filter(pk=message.pk, status=Message.Status.PLANNED)
    planned.update(**_outcome(message))


def _outcome(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _OUTCOME}


def send_again(message: Message, *, request_key: str, now: datetime) -> Message:
    """Plan the same message once more, as a new one; the old one stays as it was.

    Asked for twice with one key it is planned once.
    """
    again, _made = Message.objects.get_or_create(
        key=f"again:{message.pk}:{request_key}"[:120],
        defaults={
            "company": message.company,
            "about": message.about,
            "about_id": message.about_id,
            "event": message.event,
            "audience": message.audience,
            "channel": message.channel,
            "recipient": message.recipient,
            "recipient_name": message.recipient_name,
            "language": message.language,
            "time_zone": message.time_zone,
            "details": message.details,
            "urgency": message.urgency,
            # A test was ready when it was planned; everything else is written anew.
            **({name: getattr(message, name) for name in WORDS} if is_ready(message) else {}),
            "due_at": now,
            "created_at": now,
        },
    )
    return again


def retry_failed(messages: QuerySet[Message], *, now: datetime) -> int:
    """Try those of some messages that were given up again, from the beginning; return how many.

    Each stays what it is: it may have arrived, and a repeat must be recognised.
    """
    return messages.filter(status=Message.Status.FAILED).update(
        status=Message.Status.PLANNED,
        attempts=0,
        due_at=now,
        # As after a worker that died: whoever can looks whether it arrived before.
        claimed_until=now,
    )


def is_ready(message: Message) -> bool:
    """Tell whether the words of a message were handed over ready-made."""
    return message.about in READY
