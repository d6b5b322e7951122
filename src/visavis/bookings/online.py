"""Switching an offering, or a whole company, to online meetings or back, with bookings ahead."""

from collections.abc import Sequence
from datetime import datetime

from visavis.bookings import links, messages, seats, touched, wholes
from visavis.bookings.actors import By
from visavis.bookings.history import record
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Booking, BookingChange
from visavis.bookings.queries import bookings_in
from visavis.bookings.transactions import one_transaction
from visavis.catalog.models import Offering
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings import operations as meetings
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Event


@one_transaction
def switch_online(offering: Offering, on: bool, *, by: By, now: datetime) -> int:
    """Switch an offering's online meetings on or off; return how many bookings that touched.

    Bookings ahead get their links, or lose them, and everybody in them is told. While the
    company's feature is off only the switch itself changes.
    """
    booked = touched.appointments_of(offering, now=now).values_list("provider_id", flat=True)
    lock_calendars([*offering.providers.values_list("pk", flat=True), *booked])
    offering.online = on
    offering.save(update_fields=["online"])
    return make_links(offering, by=by, now=now) if on else withdraw_links(offering, by=by, now=now)


@one_transaction
def switch_all_on(company: Company, *, by: By, now: datetime) -> int:
    """Switch the company's feature on; return how many bookings ahead got their links."""
    offerings = _locked(company)
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return sum(make_links(offering, by=by, now=now) for offering in offerings)


@one_transaction
def switch_all_off(company: Company, *, by: By, now: datetime) -> int:
    """Switch the company's feature off; return how many bookings ahead lost their links."""
    offerings = _locked(company)
    features.switch(company, features.ONLINE_MEETINGS, on=False)
    return sum(withdraw_links(offering, by=by, now=now) for offering in offerings)


def make_links(offering: Offering, *, by: By, now: datetime) -> int:
    """Give every booking ahead its links, if the offering meets online and they have none."""
    if not seats.meets_online(offering):
        return 0
    count = 0
    for appointment in touched.appointments_of(offering, now=now):
        bookings = bookings_in(appointment)
        if not bookings or (appointment.meeting is not None and appointment.meeting.wanted):
            continue
        for booking in bookings:
            booking.appointment = appointment
            links.issue(booking, now=now)
        _tell(bookings, by=by, now=now)
        count += len(bookings)
    return count


def withdraw_links(offering: Offering, *, by: By, now: datetime) -> int:
    """Give up the meetings of all bookings ahead; their links say that it is not online."""
    count = 0
    for appointment in touched.appointments_of(offering, now=now).filter(meeting__wanted=True):
        assert appointment.meeting is not None
        meetings.give_up(appointment.meeting, because=JoinLink.Revoked.NOT_ONLINE, now=now)
        bookings = bookings_in(appointment)
        _tell(bookings, by=by, now=now)
        count += len(bookings)
    return count


def _locked(company: Company) -> list[Offering]:
    """Return the online offerings of a company whose calendars are locked now."""
    lock_calendars(company.providers.values_list("pk", flat=True))
    return list(Offering.objects.filter(company=company, online=True).select_related("company"))


def _tell(bookings: Sequence[Booking], *, by: By, now: datetime) -> None:
    """Tell everybody in an appointment, and the company's side once."""
    for booking in bookings:
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        record(booking, BookingChange.What.EDITED, by=by, now=now)
        messages.announce(booking, Event.LINK_CHANGED, now=now, tell_us=len(bookings) == 1)
    if len(bookings) > 1:
        wholes.announce(bookings, Event.LINK_CHANGED, now=now)
