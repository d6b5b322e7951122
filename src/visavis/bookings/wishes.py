"""Whether a client wants to be reminded. Confirmations and changes are told in any case."""

from datetime import datetime

from django.core import signing
from django.db import transaction

from visavis.bookings import reminders
from visavis.bookings.ahead import ahead
from visavis.bookings.models import Booking, Client

# A key of its own: whoever has it can stop reminders, and do nothing else.
_SALT = "reminders"


def key_of(client: Client) -> str:
    """Return the last part of the address under which a client stops reminders."""
    return signing.dumps(client.pk, salt=_SALT)


def client_with(key: str) -> Client:
    """Return the client whose key this is. Raises Client.DoesNotExist."""
    try:
        pk = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        raise Client.DoesNotExist from None
    return Client.objects.select_related("company").get(pk=pk)


@transaction.atomic
def remind(client: Client, *, wanted: bool, now: datetime) -> None:
    """Send a client reminders and follow-ups, or none any more, of the bookings ahead too."""
    if client.unreminded != wanted:
        return
    client.unreminded = not wanted
    client.save(update_fields=["unreminded"])
    confirmed = ahead(client.company, now=now).filter(status=Booking.Status.CONFIRMED)
    for booking in confirmed.filter(client=client):
        reminders.plan(booking, now=now)
