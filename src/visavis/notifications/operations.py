"""Putting messages into the outbox, and taking them out again before they are sent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from visavis.companies.models import Company, new_token
from visavis.database.prepared import prepared_rules
from visavis.database.writing import insert_all
from visavis.notifications import sms
from visavis.notifications.models import Audience, Channel, Event, Message, Switch, urgency_of
from visavis.notifications.rendering import Rendered
from visavis.notifications.sms_texts import SMS_EDITABLE

# Kinds of message that a company gets only when it asks for them.
OFF_AT_FIRST = frozenset({(Event.FOLLOW_UP, Audience.CLIENT), (Event.REMINDER, Audience.PROVIDER)})
OURS = frozenset({Audience.PROVIDER, Audience.COMPANY})
# Stands in the details of what tells somebody of an appointment that is theirs from now on.
TAKEN_OVER = "taken_over_from"
# A text costs: clients get what they must know in time, the company's side nothing.
TEXTED_AT_FIRST = frozenset(
    (event, Audience.CLIENT) for event in SMS_EDITABLE[Audience.CLIENT] if event != Event.PENDING
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets a message, in which language and with times of which zone."""

    address: str
    name: str
    audience: Audience
    language: str
    time_zone: str
    phone: str = ""
    # The kinds of message they do not want by e-mail.
    muted: frozenset[str] = frozenset()


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
    channels: Iterable[Channel] = tuple(Channel),
) -> Sequence[Message]:
    """Put messages for each recipient into the outbox, in the caller's transaction.

    Asking again with the same key for the same recipient changes nothing. Who is left out is
    told at `written`. To leave at once a message is due `now`.
    """
    messages = written(subject, recipients, due_at=due_at, now=now, channels=channels)
    insert_all(messages, unless_there=True)
    return messages


def written(
    subject: Subject,
    recipients: Iterable[Recipient],
    *,
    due_at: datetime,
    now: datetime,
    channels: Iterable[Channel] = tuple(Channel),
) -> list[Message]:
    """Return a message for each recipient that is in no outbox yet.

    Recipients without an address, texts to phones that nobody asked for, mails that a provider
    does not want, and kinds of message that the company switched off are left out. So is the
    company where it reads at the provider's address: one of us is told once.
    """
    people = list(recipients)
    return [
        Message(
            company=subject.company,
            about=subject.about,
            about_id=subject.about_id,
            key=f"{subject.key}:{channel}:{to.audience}:{address}"[:120],
            event=subject.event,
            audience=to.audience,
            channel=channel,
            recipient=address,
            recipient_name=to.name,
            language=to.language,
            time_zone=to.time_zone,
            details=subject.details,
            urgency=urgency_of(subject.event),
            due_at=due_at,
            created_at=now,
        )
        for channel in channels
        for to, address in _each_once(_reached(subject, people, channel))
    ]


def plan_test(
    company: Company,
    words: Rendered,
    *,
    channel: Channel,
    address: str,
    to: str,
    now: datetime,
) -> Message:
    """Send ready words to somebody on the team who tries a text out, to an address or a number."""
    return Message.objects.create(
        company=company,
        about=Message.About.TEST,
        key=f"test:{new_token()}",
        event=Event.TEST,
        audience=Audience.STAFF,
        channel=channel,
        recipient=address,
        recipient_name=to[:100],
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        created_at=now,
    )


def _each_once(
    reached: Iterable[tuple[Recipient, str]],
) -> Iterator[tuple[Recipient, str]]:
    """Leave out whoever of the company's side was named before, under the same address."""
    ours = set()
    for to, address in reached:
        if to.audience in OURS and address.lower() in ours:
            continue
        if to.audience in OURS:
            ours.add(address.lower())
        yield to, address


def _reached(
    subject: Subject, recipients: Sequence[Recipient], channel: Channel
) -> Iterator[tuple[Recipient, str]]:
    """Yield who gets a message by this channel, and at which address."""
    if channel == Channel.SMS and subject.event not in SMS_EDITABLE[Audience.CLIENT]:
        return
    off = off_switches(subject.company, subject.event, channel)
    interested = [to for to in recipients if to.audience not in off]
    if channel == Channel.EMAIL:
        # Whoever mutes a mail does not want it as the company either, at the same address.
        silent = {to.address.lower() for to in interested if _is_muted(subject, to)}
        yield from (
            (to, to.address)
            for to in interested
            if to.address and not (to.audience in OURS and to.address.lower() in silent)
        )
        return
    account = sms.account_of(subject.company) if subject.company and interested else None
    if account is None:
        return
    for to in interested:
        number = sms.number_of(account, to.phone)
        agreed = to.audience != Audience.CLIENT or sms.wanted(account.company, number)
        if number and agreed:
            yield to, number


def _is_muted(subject: Subject, to: Recipient) -> bool:
    return subject.event in to.muted and TAKEN_OVER not in subject.details


def off_switches(company: Company | None, event: Event, channel: Channel) -> set[str]:
    """Return the audiences that get no message of this kind."""
    off = {one.value for one in Audience if not sent_at_first(event, one, channel)}
    if company is None:
        return off
    for audience, on in _switches(company=company.pk, event=str(event), channel=str(channel)):
        (off.discard if on else off.add)(audience)
    return off


@prepared_rules
def _switches(company: int, event: str, channel: str) -> QuerySet[Switch, tuple[str, bool]]:
    rows = Switch.objects.filter(company=company, event=event, channel=channel)
    return rows.values_list("audience", "on")


def sent_at_first(event: str, audience: str, channel: str) -> bool:
    """Return whether a kind of message is sent unless the company says otherwise."""
    if channel == Channel.SMS:
        return (event, audience) in TEXTED_AT_FIRST
    return (event, audience) not in OFF_AT_FIRST


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
