"""The variables that texts may contain, in square brackets: `[client]`, `[online_meeting_link]`.

One table says what each means and who may read it; pages list it, saving checks against it.
"""

import difflib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.notifications.models import Audience

EVERYBODY = frozenset({Audience.CLIENT, Audience.PROVIDER, Audience.COMPANY})
CLIENTS = frozenset({Audience.CLIENT})
STAFF = frozenset({Audience.STAFF})
OURS = frozenset({Audience.PROVIDER, Audience.COMPANY})


@dataclass(frozen=True, slots=True)
class Variable:
    """One name, what it stands for, and in whose messages it may stand."""

    name: str
    meaning: Promise
    audiences: frozenset[Audience] = EVERYBODY


VARIABLES: tuple[Variable, ...] = (
    Variable("client", _("Name of the client")),
    Variable("client_email", _("Client's e-mail address"), OURS),
    Variable("client_phone", _("Client's phone"), OURS),
    Variable("service", _("Name of the service or class")),
    Variable("provider", _("Name of the provider")),
    Variable("company", _("Name of the company"), EVERYBODY | STAFF),
    Variable("company_email", _("Company's e-mail address")),
    Variable("company_phone", _("Company's phone")),
    Variable("company_address", _("Company's postal address")),
    Variable("booking_details", _("What, when, with whom, where: several lines")),
    Variable("start", _("Day, time and zone of the start")),
    Variable("short_start", _("Day, time and zone of the start, in short")),
    Variable("until", _("Time of the end")),
    Variable("date", _("Day of the start")),
    Variable("time", _("Time of the start, with its zone")),
    Variable("old_start", _("Start before the booking was moved")),
    Variable("duration", _("How long it takes")),
    Variable("place", _("Where it takes place")),
    Variable("places", _("Number of places booked")),
    Variable("price", _("Price")),
    Variable("code", _("Reference code of the booking")),
    Variable("note", _("What the client wrote")),
    Variable("reason", _("Why it was moved, declined or cancelled")),
    Variable("online_meeting_link", _("Client's own link to the online meeting"), CLIENTS),
    Variable("online_meeting_provider_link", _("Provider's own link to the online meeting"), OURS),
    Variable("my_bookings_link", _("The client's page “My bookings”"), CLIENTS),
    Variable("booking_link", _("The booking's page")),
    Variable("reschedule_link", _("Page on which the client moves the booking"), CLIENTS),
    Variable("cancel_link", _("Page on which the client cancels the booking"), CLIENTS),
    Variable("book_link", _("The booking site")),
    Variable("problem", _("What is wrong, and what it prevents"), STAFF),
    Variable("platform", _("Which platform, where a connection needs attention"), STAFF),
    Variable("meeting", _("Which meetings, where online meetings need attention"), STAFF),
    Variable("link", _("Page on which it is mended"), STAFF),
)
BY_NAME = {variable.name: variable for variable in VARIABLES}


def allowed(audience: str) -> list[Variable]:
    """Return the variables that may stand in messages to `audience`."""
    return [variable for variable in VARIABLES if audience in variable.audiences]


def nearest(name: str, audience: str) -> str | None:
    """Return the allowed variable that somebody probably meant by `name`."""
    names = [variable.name for variable in allowed(audience)]
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return found[0] if found else None
