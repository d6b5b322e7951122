"""Clients: found by their e-mail address, made when they first book."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from visavis.bookings import addresses
from visavis.bookings.models import Client
from visavis.companies.models import Company
from visavis.database.prepared import prepared
from visavis.database.writing import insert
from visavis.notifications import operations as notifications
from visavis.notifications import sms
from visavis.notifications.models import Audience, Event, Message
from visavis.notifications.operations import Recipient, Subject


class ClientBlocked(Exception):
    """The company does not let this client book online."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDetails:
    """What somebody says about themselves when booking."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    time_zone: str = ""
    # Whom staff picked from the list: found without an address, and not by it.
    known: Client | None = None
    # Who says that they want texts at this phone. None says nothing: they were perhaps not asked.
    texts: sms.Source | None = None


def client_for(company: Company, details: ClientDetails, *, now: datetime) -> Client:
    """Return the client with this address, or a new one.

    Raises IntegrityError if the same person books twice at once: the second time they are known.
    What the company already knows is not overwritten: anybody may type any address into
    a public form. Only gaps are filled, and the language follows the latest booking.
    """
    client = _found_or_made(company, details, now=now)
    account = sms.account_of(company) if details.texts else None
    if account and details.texts:
        number = sms.number_of(account, details.phone)
        # Only for the phone that is on record: to another one no texts go.
        if number and number == sms.number_of(account, client.phone):
            sms.note_wish(company, number, wanted=True, source=details.texts, now=now)
    return client


def _found_or_made(company: Company, details: ClientDetails, *, now: datetime) -> Client:
    known = details.known or _with_address(company, details.email)
    if known is None:
        return _new(company, details, now=now)
    known.phone = known.phone or details.phone
    known.language = details.language
    known.time_zone = details.time_zone or known.time_zone
    known.save(update_fields=["phone", "language", "time_zone"])
    return known


def _new(company: Company, details: ClientDetails, *, now: datetime) -> Client:
    return insert(
        Client(
            company=company,
            name=details.name,
            email=details.email,
            phone=details.phone,
            language=details.language,
            time_zone=details.time_zone,
            created_at=now,
        )
    )


def mail_my_bookings(company: Company, email: str, *, language: str, now: datetime) -> None:
    """Send the client with this address the link to their bookings. Without one, do nothing."""
    client = _with_address(company, email)
    if client is None:
        return
    subject = Subject(
        company=company,
        about=Message.About.CLIENT,
        about_id=client.pk,
        event=Event.MY_BOOKINGS,
        # One message a minute at most, however often the form is sent.
        key=f"client:{client.pk}:my_bookings:{now:%Y%m%d%H%M}",
        details={
            "client": client.name,
            "company": company.name,
            "my_bookings_link": addresses.my_bookings(client),
        },
    )
    to = Recipient(
        address=client.email,
        name=client.name,
        audience=Audience.CLIENT,
        language=language,
        time_zone=client.time_zone or company.time_zone,
    )
    notifications.plan(subject, [to], due_at=now, now=now)


def _with_address(company: Company, email: str) -> Client | None:
    if not email:
        return None
    return next(iter(_clients(company=company.pk, email=email.lower())), None)


@prepared
def _clients(company: int, email: str) -> QuerySet[Client]:
    return Client.objects.alias(address=Lower("email")).filter(company=company, address=email)
