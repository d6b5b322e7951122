"""Which kinds of message a provider does not want by e-mail.

Whatever the company sends is sent to providers who did not say otherwise. What takes an
appointment away, or carries a new way into a meeting, is owed to them in any case.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from visavis.catalog.models import Provider
from visavis.database.prepared import prepared_rules
from visavis.notifications.models import Audience, Event, Muted
from visavis.notifications.texts import EDITABLE

OWED = frozenset({Event.CANCELLED, Event.LINK_CHANGED})
# In the order in which pages list them.
CHOOSABLE = tuple(event for event in EDITABLE[Audience.PROVIDER] if event not in OWED)


def muted(provider_id: int) -> frozenset[str]:
    """Return the kinds of message that a provider does not want."""
    return frozenset(event for (event,) in _muted(provider=provider_id)).intersection(CHOOSABLE)


def choose(provider: Provider, wanted: Collection[str]) -> None:
    """Send a provider these of the kinds that can be chosen, and no other, in a transaction."""
    Muted.objects.filter(provider=provider).delete()
    Muted.objects.bulk_create(
        [Muted(provider=provider, event=event) for event in CHOOSABLE if event not in wanted]
    )


@prepared_rules
def _muted(provider: int) -> QuerySet[Muted, tuple[str]]:
    return Muted.objects.filter(provider=provider).values_list("event")
