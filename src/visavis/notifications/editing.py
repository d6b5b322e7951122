"""A company's own texts: where one stands, what holds without it, writing and resetting it."""

from dataclasses import dataclass
from typing import Any

from visavis.catalog.models import Offering, Provider
from visavis.companies.models import Company
from visavis.notifications.checking import mentions
from visavis.notifications.choice import Choice, text_for
from visavis.notifications.models import Audience, Channel, Event, Switch, Template
from visavis.notifications.operations import sent_at_first
from visavis.notifications.texts import Text, default_text, editable

# Messages from which somebody looks for the way into an online meeting.
WITH_LINK = frozenset(
    {Event.CONFIRMED, Event.APPROVED, Event.CHANGED, Event.REMINDER, Event.LINK_CHANGED}
)
CLIENT_LINK, PROVIDER_LINK = "online_meeting_link", "online_meeting_provider_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a text stands: for what, for whom, how sent, in which language, for whose bookings."""

    company: Company
    event: str
    audience: str
    language: str
    channel: str = Channel.EMAIL
    offering: Offering | None = None
    provider: Provider | None = None

    @property
    def flexible(self) -> bool:
        return self.offering is not None or self.provider is not None


def own_text(place: Place) -> Template | None:
    """Return the text that a company wrote for exactly this place."""
    return Template.objects.filter(**_row(place)).first()


def text_without_own(place: Place) -> Text:
    """Return what holds at a place where nothing was written: the less specific text."""
    if not place.flexible:
        return default_text(place.event, place.audience, place.language, place.channel)
    choice = Choice(
        company=place.company,
        event=place.event,
        audience=place.audience,
        language=place.language,
        channel=place.channel,
        offering_id=place.offering.pk if place.offering and place.provider else None,
    )
    return text_for(choice)


def write(place: Place, text: Text) -> None:
    """Keep a text. A general one that says what the default says is none of the company's own."""
    if not place.flexible and text == text_without_own(place):
        reset(place)
        return
    Template.objects.update_or_create(
        **_row(place), defaults={"subject": text.subject, "body": text.body}
    )


def reset(place: Place) -> None:
    """Let the less specific text hold again."""
    Template.objects.filter(**_row(place)).delete()


def switches(company: Company, channel: str) -> dict[tuple[str, str], bool]:
    """Return for each kind of message and audience whether it is sent by this channel."""
    chosen = {
        (event, audience): on
        for event, audience, on in Switch.objects.filter(
            company=company, channel=channel
        ).values_list("event", "audience", "on")
    }
    return {
        (event, audience): chosen.get((event, audience), sent_at_first(event, audience, channel))
        for audience, events in editable(channel).items()
        for event in events
    }


def set_switches(company: Company, channel: str, wanted: dict[tuple[str, str], bool]) -> None:
    """Send, or do not send, these kinds of message by this channel from now on."""
    Switch.objects.bulk_create(
        [
            Switch(company=company, event=event, audience=audience, channel=channel, on=on)
            for (event, audience), on in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["company", "event", "audience", "channel"],
        update_fields=["on"],
    )


def missing_link(event: str, audience: str, text: str) -> str:
    """Return the variable without which a message of an online booking leads nowhere, or ''."""
    link = CLIENT_LINK if audience == Audience.CLIENT else PROVIDER_LINK
    return "" if event not in WITH_LINK or mentions(text, link) else link


def _row(place: Place) -> dict[str, Any]:
    return {
        "company": place.company,
        "event": place.event,
        "audience": place.audience,
        "channel": place.channel,
        "language": place.language,
        "offering": place.offering,
        "provider": place.provider,
    }
