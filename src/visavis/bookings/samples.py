"""What variables stand for when a text is tried out: made-up, or of a real booking.

Links are always made up: a preview must never hold somebody's own way in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.bookings import addresses, messages
from visavis.bookings.messages import OVER, details
from visavis.bookings.models import Booking, Client
from visavis.bookings.reminders import EVENTS
from visavis.companies.models import Company
from visavis.design import amounts, moments
from visavis.gateways.video import Fault
from visavis.meetings.faults import explanation
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Audience, Message

# The links that lead to what is ahead.
OF_WHAT_COMES = frozenset(
    {"online_meeting_link", "online_meeting_provider_link", "reschedule_link", "cancel_link"}
)
_CODE = "K7M2XQ4P"
# As long as the tokens there are.
_NOBODYS = "made-up-" * 4
_DAYS_AHEAD, _HOUR, _MINUTES, _PRICE = 3, 14, 45, 60


def sample_values(
    company: Company, *, event: str, audience: str, language: str, now: datetime
) -> Mapping[str, str]:
    """Return made-up values in a language, one for each variable that would have one."""
    with translation.override(language):
        values = _made_up(company, now=now) | _links(company, audience) | _trouble(company, now=now)
        if event in OVER:
            values = {name: value for name, value in values.items() if name not in OF_WHAT_COMES}
        values["booking_details"] = details(values)
    return values


def values_of(booking: Booking, *, event: str, audience: str, language: str) -> Mapping[str, str]:
    """Return the values of a real booking, in the language and for the audience of a text."""
    message = Message(
        event=event,
        audience=audience,
        language=language,
        time_zone=booking.time_zone if audience == Audience.CLIENT else booking.company.time_zone,
    )
    real = dict(messages.variables(message, booking))
    made_up = _links(booking.company, audience)
    return real | {name: made_up[name] for name in made_up if real.get(name)}


def _trouble(company: Company, *, now: datetime) -> dict[str, str]:
    values = _made_up(company, now=now)
    return {
        "platform": "Zoom",
        "problem": explanation(Fault.RECONNECT),
        "meeting": _("%(topic)s with %(provider)s, %(start)s")
        % {"topic": values["service"], "provider": values["provider"], "start": values["start"]},
        "link": f"{settings.BASE_URL}/…/online-meetings",
    }


def made_up_way_out(*, event: str, audience: str) -> str:
    """Return where a client would stop messages of this kind, or nothing: the others are owed."""
    stoppable = audience == Audience.CLIENT and event in EVENTS
    return f"{settings.BASE_URL}/…/reminders" if stoppable else ""


def _made_up(company: Company, *, now: datetime) -> dict[str, str]:
    zone = company.time_zone
    starts_at = (now.astimezone(ZoneInfo(zone)) + timedelta(days=_DAYS_AHEAD)).replace(
        hour=_HOUR, minute=0, second=0, microsecond=0
    )
    return {
        "client": _("Camille Sample"),
        "client_email": "camille@example.com",
        "client_phone": "+33 1 23 45 67 89",
        "service": _("Sample service"),
        "provider": _("Ada Sample"),
        "company": company.name,
        "company_email": company.email or "office@example.com",
        "company_phone": company.phone or "+33 1 98 76 54 32",
        "company_address": company.address or _("1 Sample Street"),
        "start": moments.full_moment(starts_at, zone),
        "short_start": moments.short_moment(starts_at, zone),
        "until": moments.clock(starts_at + timedelta(minutes=_MINUTES), zone),
        "date": moments.day(starts_at, zone),
        "time": moments.clock(starts_at, zone),
        "old_start": moments.full_moment(starts_at - timedelta(days=1), zone),
        "duration": amounts.duration(_MINUTES),
        "place": _("Online meeting"),
        "places": "2",
        "price": amounts.money(_PRICE, company.currency),
        "code": _CODE,
        "note": _("I have a question beforehand."),
        "reason": _("We are closed on that day."),
        "book_link": addresses.booking_site(company),
    }


def _links(company: Company, audience: str) -> dict[str, str]:
    """Return links that look like real ones, and are as long: they decide about parts of texts."""
    client = Client(company=company, token=_NOBODYS)
    booking = Booking(company=company, client=client, code=_CODE)
    way_in = addresses.join(JoinLink(token=_NOBODYS))
    if audience != Audience.CLIENT:
        return {
            "booking_link": addresses.staff_booking(booking),
            "online_meeting_provider_link": way_in,
        }
    return {
        "booking_link": addresses.my_booking(booking),
        "online_meeting_link": way_in,
        "my_bookings_link": addresses.my_bookings(client),
        "reschedule_link": addresses.my_booking(booking, "rescheduling"),
        "cancel_link": addresses.my_booking(booking, "cancellation"),
    }
