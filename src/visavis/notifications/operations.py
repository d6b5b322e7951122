"""Putting messages into the outbox, and taking them out again before they are sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from visavis.companies.models import Company
from visavis.notifications.models import Audience, Channel, Event, Message, Switch

# Kinds of message that a company gets only when it asks for them.
OFF_AT_FIRST = frozenset({(Event.FOLLOW_UP, Audience.CLIENT), (Event.REMINDER, Audience.PROVIDER)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets a message, in which language and with times of which zone."""

    address: str
    name: str
    audience: Audience
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a message tells of, and the key that makes the effect happen once."""

    company: Company | None
    about: Message.About
    about_id: int | None
    event: Event
    key: str
    details: dict[str, Any] = field(default_factory=dict)


def plan(
    subject: Subject,
    recipients: Iterable[Recipient],
    *,
    due_at: datetime,
    now: datetime,
    channel: Channel = Channel.EMAIL,
) -> Sequence[Message]:
    """Put one message for each recipient into the outbox, in the caller's transaction.

    Asking again with the same key for the same recipient changes nothing. Recipients without
    an address, and kinds of message that the company switched off, are left out.
    """
    switched_off = off_switches(subject.company, subject.event, channel)
    messages = [
        Message(
            company=subject.company,
            about=subject.about,
            about_id=subject.about_id,
            key=f"{subject.key}:{channel}:{to.audience}:{to.address}"[:120],
            event=subject.event,
            audience=to.audience,
            channel=channel,
            recipient=to.address,
            recipient_name=to.name,
            language=to.language,
            time_zone=to.time_zone,
            details=subject.details,
            due_at=due_at,
            created_at=now,
        )
        for to in recipients
        if to.address and to.audience not in switched_off
    ]
    return Message.objects.bulk_create(messages, ignore_conflicts=True)


def off_switches(company: Company | None, event: Event, channel: Channel) -> set[str]:
    """Return the audiences that get no message of this kind."""
    off = {audience.value for kind, audience in OFF_AT_FIRST if kind == event}
    if company is None:
        return off
    for audience, on in Switch.objects.filter(
        company=company, event=event, channel=channel
    ).values_list("audience", "on"):
        (off.discard if on else off.add)(audience)
    return off


def withdraw(
    *, about: Message.About, about_ids: Iterable[int], events: Iterable[Event] | None = None
) -> int:
    """Cancel what is planned about these things and not yet on its way; return how many."""
    planned = Message.objects.filter(
        about=about, about_id__in=list(about_ids), status=Message.Status.PLANNED
    )
    if events is not None:
        planned = planned.filter(event__in=list(events))
    return planned.update(status=Message.Status.CANCELLED)


def cancel(message: Message, *, now: datetime) -> bool:
    """Cancel one planned message; return False if it is on its way or was sent already."""
    waiting = Message.objects.filter(pk=message.pk, status=Message.Status.PLANNED).filter(
        Q(claimed_until=None) | Q(claimed_until__lte=now)
    )
    return waiting.update(status=Message.Status.CANCELLED, claimed_until=None) == 1
