"""What follows from what the relay tells of a mail: whoever did not want it is left alone."""

from datetime import datetime

from django.db import transaction

from visavis.bookings import wishes
from visavis.bookings.models import Client
from visavis.notifications import fates
from visavis.notifications.models import Audience, Fate

UNWANTED = frozenset({Fate.UNSUBSCRIBED, Fate.COMPLAINED})


@transaction.atomic
def tell(reference: str, fate: Fate, *, words: str, now: datetime) -> None:
    """Write down what became of the mail with this reference, and heed what its reader wishes.

    Only the company that the mail came from reminds them no more. Repeated, it does nothing: a
    client who asked to be reminded again since is.
    """
    message = fates.note(reference, fate, words=words, now=now)
    if message is None or fate not in UNWANTED or message.audience != Audience.CLIENT:
        return
    for client in Client.objects.filter(
        company=message.company, email__iexact=message.recipient
    ).select_related("company"):
        wishes.remind(client, wanted=False, because=fate, now=now)
