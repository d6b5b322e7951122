"""What people are told about bookings: who gets a message, and what its variables mean.

Planning writes rows in the booking's own transaction. The values are looked up when the
message is sent, so that it tells how things are then and not how they were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.bookings import addresses
from visavis.bookings.history import Before
from visavis.bookings.models import Booking, Client
from visavis.catalog.models import Provider
from visavis.companies import features
from visavis.companies.models import Company
from visavis.database.prepared import prepared
from visavis.design import amounts, moments
from visavis.meetings import operations as meetings
from visavis.meetings.models import JoinLink
from visavis.notifications import operations as notifications
from visavis.notifications.models import GIVEN_TO, Audience, Event, Message
from visavis.notifications.muting import muted
from visavis.notifications.operations import TAKEN_OVER, Recipient, Subject

ABOUT = Message.About.BOOKING
# Nobody enters, moves or cancels what these tell of any more.
OVER = frozenset({Event.CANCELLED, Event.DECLINED, Event.FOLLOW_UP})


class NothingToSay(Exception):
    """The message lost its meaning before it was sent."""


def announce(
    booking: Booking,
    event: Event,
    *,
    now: datetime,
    why: str = "",
    tell_client: bool = True,
    tell_us: bool = True,
) -> None:
    """Tell the company's side about a booking, and the client, unless that is not wished."""
    to = [client_recipient(booking)] if tell_client else []
    if tell_us:
        to += staff_recipients(booking.company, _provider(booking))
    _plan(booking, event, to, now=now, details={"reason": why})


def announce_move(
    booking: Booking,
    was: Before,
    *,
    now: datetime,
    why: str = "",
    tell_client: bool = True,
    tell_us: bool = True,
) -> None:
    """Tell the company's side that a booking moved, and the client, unless that is not wished.

    Whoever had it before learns that it left, unless they read the same mail as who has it now.
    """
    if tell_client:
        told = [client_recipient(booking)]
        _plan(booking, Event.CHANGED, told, now=now, details=_move(was, why))
    if tell_us:
        for event, to, details in told_of_move(booking, was, why=why):
            _plan(booking, event, to, now=now, details=details)


def told_of_move(
    booking: Booking, was: Before, *, why: str
) -> Iterator[tuple[Event, Sequence[Recipient], dict[str, str]]]:
    """Yield what the company's side is told of a move, who is, and how it was before."""
    provider, details = _provider(booking), _move(was, why)
    ours = staff_recipients(booking.company, provider)
    if was.provider_id == provider.pk:
        yield Event.CHANGED, ours, details
        return
    # It is news to whoever has it now, with a link of their own: no mere change.
    yield Event.CHANGED, ours, details | {TAKEN_OVER: was.provider}
    left = Provider.objects.get(pk=was.provider_id)
    # Who reads of the move already, the company among them, would lose it from the calendar.
    told = {one.address.lower() for one in ours}
    former = [
        one
        for one in staff_recipients(booking.company, left)
        if one.audience == Audience.PROVIDER and one.address.lower() not in told
    ]
    gone = {"start": was.starts_at.isoformat(), GIVEN_TO: provider.name}
    yield Event.CANCELLED, former, details | gone


def _move(was: Before, why: str) -> dict[str, str]:
    known = {"old_start": was.starts_at.isoformat(), "old_provider": was.provider}
    return {"reason": why, **known} if why else known


def send_my_bookings(client: Client, *, now: datetime) -> bool:
    """Mail a client the link to their bookings; return False if they have no address."""
    company = client.company
    details = {
        "client": client.name,
        "company": company.name,
        "my_bookings_link": addresses.my_bookings(client),
    }
    subject = Subject(
        company=company,
        about=Message.About.CLIENT,
        about_id=client.pk,
        event=Event.MY_BOOKINGS,
        # Asked for twice within a minute it is sent once.
        key=f"client:{client.pk}:my_bookings:{now.timestamp() // 60:.0f}",
        details=details,
    )
    to = Recipient(
        address=client.email,
        name=client.name,
        audience=Audience.CLIENT,
        language=client.language,
        time_zone=client.time_zone or company.time_zone,
    )
    notifications.plan(subject, [to], due_at=now, now=now)
    return bool(client.email)


def client_recipient(booking: Booking) -> Recipient:
    """Return the client, in the language and zone of the booking."""
    assert booking.client is not None
    return Recipient(
        address=booking.client.email,
        name=booking.name,
        audience=Audience.CLIENT,
        language=booking.language,
        time_zone=booking.time_zone,
        phone=booking.client.phone,
    )


def staff_recipients(company: Company, provider: Provider) -> list[Recipient]:
    """Return who is told on the company's side: the provider, the company's address, or both.

    The company does not stand in for a provider who wants no mails of a kind.
    """
    to = []
    if company.recipients != Company.Recipients.COMPANY and provider.email:
        to.append(_as_recipient(provider))
    if company.recipients != Company.Recipients.PROVIDER or not provider.email:
        to.append(
            Recipient(
                address=company.email,
                name=company.name,
                audience=Audience.COMPANY,
                language=company.language,
                time_zone=company.time_zone,
                phone=company.phone,
            )
        )
    return to


def variables(message: Message, booking: Booking) -> Mapping[str, str]:
    """Return what the variables of a message about this booking stand for."""
    with translation.override(message.language):
        values = _facts(message, booking)
        values |= _links(message, booking)
        values["booking_details"] = details(values)
    return values


def _facts(message: Message, booking: Booking) -> dict[str, str]:
    appointment, company = booking.appointment, booking.company
    zone = message.time_zone or company.time_zone
    details = message.details
    old = details.get("old_start")
    starts_at = (
        datetime.fromisoformat(details["start"]) if "start" in details else (appointment.starts_at)
    )
    client = booking.client
    assert client is not None
    return {
        "client": booking.name,
        "client_email": client.email,
        "client_phone": client.phone,
        "service": appointment.offering.name,
        "provider": appointment.provider.name,
        "company": company.name,
        "company_email": company.email,
        "company_phone": company.phone,
        "company_address": company.address,
        "start": moments.full_moment(starts_at, zone),
        "short_start": moments.short_moment(starts_at, zone),
        "until": moments.clock(appointment.ends_at, zone),
        "date": moments.day(starts_at, zone),
        "time": moments.clock(starts_at, zone),
        "old_start": moments.full_moment(datetime.fromisoformat(old), zone) if old else "",
        "duration": amounts.duration(appointment.offering.duration_minutes),
        "place": _place(booking),
        "places": str(booking.places) if booking.places > 1 else "",
        "price": amounts.money(booking.price, company.currency) if booking.price else "",
        "code": booking.code,
        "note": booking.note,
        "reason": details.get("reason", ""),
        "colleague": details.get(GIVEN_TO, ""),
        "book_link": addresses.booking_site(company),
    }


def _links(message: Message, booking: Booking) -> dict[str, str]:
    """Return the links this audience may have: nobody gets somebody else's way in.

    What is over has none. Whoever gave a booking up to a colleague is told that it is over too.
    """
    over = message.event in OVER
    if message.audience != Audience.CLIENT:
        return {
            "booking_link": addresses.staff_booking(booking),
            "online_meeting_provider_link": "" if over else provider_link(booking),
        }
    assert booking.client is not None
    links = {
        "booking_link": addresses.my_booking(booking),
        "my_bookings_link": addresses.my_bookings(booking.client),
        "online_meeting_link": "" if over else client_link(booking),
    }
    if not over and booking.status in (Booking.Status.PENDING, Booking.Status.CONFIRMED):
        if features.enabled(booking.company, features.CANCELLING):
            links["cancel_link"] = addresses.my_booking(booking, "cancellation")
        if features.enabled(booking.company, features.RESCHEDULING):
            links["reschedule_link"] = addresses.my_booking(booking, "rescheduling")
    return links


def client_link(booking: Booking) -> str:
    """Return the client's own way in (of several places the first), or nothing."""
    link = next(iter(_client_links(holder=booking.pk)), None)
    return addresses.join(link) if link else ""


@prepared
def _client_links(holder: int) -> QuerySet[JoinLink]:
    return meetings.client_links(holder).filter(revoked_at=None).order_by("place")[:1]


def provider_link(booking: Booking) -> str:
    """Return the provider's own way in, or nothing."""
    meeting = booking.appointment.meeting
    if meeting is None:
        return ""
    link = meeting.links.standing().filter(side=JoinLink.Side.PROVIDER).first()
    return addresses.join(link) if link else ""


def details(values: Mapping[str, str], *, clients: str = "") -> str:
    """Return what, when, with whom and where, as lines of label and value.

    With `clients` these stand there in place of a single one.
    """
    facts: Iterable[tuple[str, str]] = (
        (_("What"), values["service"]),
        (_("When"), f"{values['start']} ({values['duration']})"),
        (_("With"), values["provider"]),
        (_("Where"), values["place"]),
        (_("Places"), values["places"]),
        (_("Price"), values["price"]),
        (_("Clients"), clients) if clients else (_("Name"), values["client"]),
        (_("Note"), " ".join(values["note"].split())),
        (_("Reference"), values["code"]),
    )
    return "\n".join(
        _("%(label)s:") % {"label": label} + f"\t{value}" for label, value in facts if value
    )


def _place(booking: Booking) -> str:
    meeting = booking.appointment.meeting
    if meeting is not None and meeting.wanted:
        return _("Online meeting")
    return booking.appointment.offering.place or booking.company.address


def _provider(booking: Booking) -> Provider:
    return booking.appointment.provider


def _as_recipient(provider: Provider) -> Recipient:
    return Recipient(
        address=provider.email,
        name=provider.name,
        audience=Audience.PROVIDER,
        language=provider.language,
        time_zone=provider.time_zone,
        phone=provider.phone,
        muted=muted(provider.pk),
    )


def _plan(
    booking: Booking,
    event: Event,
    to: Iterable[Recipient],
    *,
    now: datetime,
    details: dict[str, str],
) -> None:
    subject = Subject(
        company=booking.company,
        about=ABOUT,
        about_id=booking.pk,
        event=event,
        key=f"booking:{booking.pk}:{booking.sequence}:{event}",
        details={name: value for name, value in details.items() if value},
    )
    notifications.plan(subject, to, due_at=now, now=now)
