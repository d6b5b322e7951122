"""The appointments of a stretch of time, ready to be shown as a calendar or as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from visavis.back_office.forms.calendar import Shown
from visavis.back_office.scope import Scope
from visavis.bookings.models import Appointment, Booking
from visavis.design import colours

MOVABLE = (Booking.Status.PENDING, Booking.Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment with the bookings in it."""

    appointment: Appointment
    bookings: Sequence[Booking]
    changeable: bool

    @property
    def shared(self) -> bool:
        """Tell whether several clients may be in it."""
        return self.appointment.seats > 1 or self.appointment.schedule_id is not None

    @property
    def only(self) -> Booking | None:
        """Return the booking of an appointment that is for one client alone."""
        return self.bookings[0] if self.bookings and not self.shared else None

    @property
    def title(self) -> str:
        """Return whom it is with, or what it is if there may be several."""
        if self.shared:
            return self.appointment.offering.name
        return self.only.name if self.only is not None else gettext("Being booked")

    @property
    def detail(self) -> str:
        """Return what it is, or how many there are."""
        if not self.shared:
            return self.appointment.offering.name
        taken, seats = self.appointment.seats_taken, self.appointment.seats
        return ngettext("%(taken)d of %(seats)d place", "%(taken)d of %(seats)d places", seats) % {
            "taken": taken,
            "seats": seats,
        }

    @property
    def status(self) -> str:
        """Return the one booking's status, or *pending* if any of several waits for approval."""
        if self.only is not None:
            return self.only.status
        if not self.shared:
            return Booking.Status.HELD
        waiting = any(one.status == Booking.Status.PENDING for one in self.bookings)
        return Booking.Status.PENDING if waiting else Booking.Status.CONFIRMED

    @property
    def online(self) -> bool:
        meeting = self.appointment.meeting
        return meeting is not None and meeting.wanted

    @property
    def url(self) -> str:
        """Return the page of its booking, or of the whole appointment."""
        if self.only is not None:
            return self._url("booking", self.only.code)
        return self._url("appointment", self.appointment.pk) if self.shared else ""

    @property
    def move_url(self) -> str:
        """Return where it can be moved, or nothing."""
        if not self.changeable or (not self.shared and self.only is None):
            return ""
        if self.only is not None:
            movable = self.only.status in MOVABLE
            return self._url("move_booking", self.only.code) if movable else ""
        return self._url("move_appointment", self.appointment.pk)

    def _url(self, name: str, key: str | int) -> str:
        return reverse(f"back_office:{name}", args=[self.appointment.company.slug, key])


def entries(
    scope: Scope, shown: Shown, *, since: datetime, until: datetime, now: datetime
) -> list[Entry]:
    """Return what stands in the calendars between two instants, in the order of time.

    Three queries, however many there are.
    """
    appointments = (
        shown.narrow(scope.appointments().active())
        .filter(starts_at__lt=until, ends_at__gt=since)
        .select_related("company", "offering", "provider", "meeting")
        .prefetch_related(_standing())
        .order_by("starts_at", "provider__position", "pk")
    )
    found = (_entry(scope, appointment) for appointment in appointments)
    return [one for one in found if one.url or _held(one, now=now)]


def entries_of(scope: Scope, appointments: Sequence[Appointment]) -> list[Entry]:
    """Return these appointments, as far as the member sees them."""
    seen = [one for one in appointments if scope.sees(one)]
    prefetch_related_objects(seen, _standing())
    return [_entry(scope, one) for one in seen]


def event(entry: Entry, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    """Return an entry as EventCalendar reads it, its times as the clocks of `zone` show them."""
    appointment = entry.appointment
    colour = colours.accent(appointment.provider.colour, colours.LIGHT)
    classes = [f"is-{entry.status}"]
    if appointment.ends_at < now:
        classes.append("is-past")
    return {
        "id": appointment.pk,
        "resourceIds": [appointment.provider_id],
        "start": _wall(appointment.starts_at, zone),
        "end": _wall(appointment.ends_at, zone),
        "title": entry.title,
        "backgroundColor": colour.fill,
        "textColor": colour.text,
        "classNames": classes,
        "editable": bool(entry.move_url),
        "durationEditable": False,
        "extendedProps": {
            "detail": entry.detail,
            "provider": appointment.provider.name,
            "status": _status_word(entry.status),
            "online": entry.online,
            "url": entry.url,
            "move": entry.move_url,
        },
    }


def _standing() -> "Prefetch[Any]":
    rows = Booking.objects.standing().order_by("pk")
    return Prefetch("bookings", rows, to_attr="standing_bookings")


def _entry(scope: Scope, appointment: Appointment) -> Entry:
    standing: list[Booking] = appointment.standing_bookings  # type: ignore[attr-defined]
    return Entry(
        appointment,
        [one for one in standing if one.status != Booking.Status.HELD],
        scope.may_change(appointment),
    )


def _held(entry: Entry, *, now: datetime) -> bool:
    """Tell whether somebody is filling in the form for this time right now."""
    standing: list[Booking] = entry.appointment.standing_bookings  # type: ignore[attr-defined]
    return any(one.expires_at is not None and one.expires_at > now for one in standing)


def _status_word(status: str) -> str:
    # What is as usual needs no word.
    return "" if status == Booking.Status.CONFIRMED else str(Booking.Status(status).label)


def _wall(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
