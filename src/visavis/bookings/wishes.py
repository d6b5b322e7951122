"""Whether a client wants to be reminded, and wants texts to their phone.

Confirmations and changes are told by e-mail in any case.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction

from visavis.bookings import reminders
from visavis.bookings.ahead import ahead
from visavis.bookings.models import Booking, Client
from visavis.notifications import sms
from visavis.notifications.models import Fate

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
def remind(client: Client, *, wanted: bool, now: datetime, because: Fate | None = None) -> None:
    """Send a client reminders and follow-ups, or none any more, of the bookings ahead too.

    `because` tells what the relay told, if the client did not say so to us.
    """
    if client.unreminded != wanted:
        return
    client.unreminded, client.unreminded_because = not wanted, because
    client.save(update_fields=["unreminded", "unreminded_because"])
    _plan_anew(client, now=now)


@dataclass(frozen=True, slots=True)
class Texts:
    """Whether a client gets texts to a number."""

    number: str
    wanted: bool
    # They answered STOP: a gateway may hold texts back until they answer START.
    stopped: bool

    @property
    def end(self) -> str:
        """The last signs of the number, which tell nobody who does not know it what it is."""
        return self.number[-2:]


def texts_of(client: Client) -> Texts | None:
    """Return whether a client gets texts, or None if none could be sent to them."""
    account = sms.account_of(client.company)
    number = sms.number_of(account, client.phone) if account else ""
    if not number:
        return None
    wish = sms.wish_of(client.company, number)
    return Texts(
        number,
        wanted=wish is not None and wish.wanted,
        stopped=wish is not None and wish.source == sms.Source.STOP,
    )


@transaction.atomic
def text(client: Client, *, wanted: bool, now: datetime) -> None:
    """Send a client texts, or none any more, of the bookings ahead too."""
    known = texts_of(client)
    if known is None or known.wanted == wanted:
        return
    sms.note_wish(client.company, known.number, wanted=wanted, source=sms.Source.FORM, now=now)
    _plan_anew(client, now=now)


def _plan_anew(client: Client, *, now: datetime) -> None:
    confirmed = ahead(client.company, now=now).filter(status=Booking.Status.CONFIRMED)
    for booking in confirmed.filter(client=client):
        reminders.plan(booking, now=now)
