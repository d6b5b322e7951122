"""Which of a company's own confirmations do not tell how to join an online meeting."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from visavis.companies import features
from visavis.companies.models import Company
from visavis.notifications.editing import missing_link, switches
from visavis.notifications.models import Audience, Channel, Event, Template

# What the company itself is told needs no link of its own.
WHO_JOINS = (Audience.CLIENT, Audience.PROVIDER)


def confirmations_without_link(
    company: Company, pairs: Iterable[tuple[int, int]]
) -> Mapping[int, Sequence[Template]]:
    """Return, for pairs of offering and provider, the texts used that lack the reader's link.

    The keys are those of the offerings. Texts that are not sent are left out.
    """
    texts = list(
        Template.objects.filter(
            company=company,
            event=Event.CONFIRMED,
            audience__in=WHO_JOINS,
            channel=Channel.EMAIL,
        )
        .select_related("offering", "provider")
        .order_by("audience", "language", "pk")
    )
    if not any(_lacks_link(text) for text in texts):
        return {}
    sent = switches(company, Channel.EMAIL)
    flexible = features.enabled(company, features.FLEXIBLE_NOTIFICATIONS)
    texts = [
        text
        for text in texts
        if sent[text.event, text.audience]
        and (flexible or (text.offering_id is None and text.provider_id is None))
    ]
    found: dict[int, dict[int, Template]] = defaultdict(dict)
    for offering_id, provider_id in pairs:
        for text in _used(texts, offering_id, provider_id):
            if _lacks_link(text):
                found[offering_id][text.pk] = text
    return {offering_id: list(lacking.values()) for offering_id, lacking in found.items()}


def _used(texts: Iterable[Template], offering_id: int, provider_id: int) -> Iterable[Template]:
    """Return the most specific text for each kind of reader, as `choice` chooses it."""
    best: dict[tuple[str, str], Template] = {}
    fitting = (
        text
        for text in texts
        if text.offering_id in (None, offering_id) and text.provider_id in (None, provider_id)
    )
    for text in sorted(fitting, key=_how_specific):
        best[text.audience, text.language] = text
    return best.values()


def _how_specific(text: Template) -> tuple[bool, bool]:
    return text.offering_id is not None, text.provider_id is not None


def _lacks_link(text: Template) -> bool:
    return bool(missing_link(text.event, text.audience, text.body))
