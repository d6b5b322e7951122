"""Whose calendar a member sees, and whose bookings they may change. Said here and nowhere else.

Whoever may only see their own calendar meets other people's bookings as if they did not exist.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404

from visavis.bookings.models import Appointment, AppointmentQuerySet, Booking, BookingQuerySet
from visavis.catalog.models import Offering, OfferingQuerySet, Provider, ProviderQuerySet
from visavis.companies.models import Member
from visavis.companies.permissions import Permission


@dataclass(frozen=True, slots=True)
class Scope:
    """What one member may see and change in the calendars of their company."""

    member: Member

    @property
    def sees_all(self) -> bool:
        return self.member.may(Permission.VIEW_CALENDAR)

    @property
    def changes_all(self) -> bool:
        return self.member.may(Permission.MANAGE_BOOKINGS)

    def providers(self) -> ProviderQuerySet:
        """Return the providers whose calendars are seen."""
        providers = Provider.objects.filter(company=self.member.company)
        return (providers if self.sees_all else providers.filter(member=self.member)).in_order()

    def changeable_providers(self) -> ProviderQuerySet:
        """Return the providers whose bookings may be made and changed."""
        providers = Provider.objects.filter(company=self.member.company).active().in_order()
        if self.changes_all:
            return providers
        own = self.member.may(Permission.MANAGE_OWN_BOOKINGS)
        return providers.filter(member=self.member) if own else providers.none()

    def offerings(self) -> OfferingQuerySet:
        """Return what may stand in the calendars that are seen."""
        offerings = Offering.objects.filter(company=self.member.company)
        if not self.sees_all:
            seen = Q(providers__member=self.member) | Q(appointments__provider__member=self.member)
            offerings = offerings.filter(seen).distinct()
        return offerings.in_order()

    def appointments(self) -> AppointmentQuerySet:
        """Return the appointments that are seen."""
        appointments = Appointment.objects.filter(company=self.member.company)
        return appointments if self.sees_all else appointments.filter(provider__member=self.member)

    def bookings(self) -> BookingQuerySet:
        """Return the bookings that are seen. A held seat is nobody's booking yet."""
        bookings = Booking.objects.filter(company=self.member.company).exclude(
            status=Booking.Status.HELD
        )
        if self.sees_all:
            return bookings
        return bookings.filter(appointment__provider__member=self.member)

    def sees(self, appointment: Appointment) -> bool:
        """Tell whether an appointment of the company is seen."""
        return self.sees_all or appointment.provider.member_id == self.member.pk

    def may_change(self, appointment: Appointment) -> bool:
        """Tell whether the bookings of an appointment may be changed."""
        if self.changes_all:
            return True
        own = appointment.provider.member_id == self.member.pk
        return own and self.member.may(Permission.MANAGE_OWN_BOOKINGS)

    def booking(self, code: str, *, to_change: bool = False) -> Booking:
        """Return one booking.

        Raises Http404 if it is not seen, PermissionDenied if it is seen but not to be changed.
        """
        booking = get_object_or_404(
            self.bookings().select_related(
                "client",
                "company",
                "appointment__company",
                "appointment__offering__company",
                "appointment__provider",
                "appointment__meeting",
            ),
            code=code,
        )
        self._check(booking.appointment, to_change=to_change)
        return booking

    def appointment(self, pk: int, *, to_change: bool = False) -> Appointment:
        """Return one appointment, under the same conditions as `booking`."""
        appointment = get_object_or_404(
            self.appointments().select_related(
                "company", "offering__company", "provider", "meeting"
            ),
            pk=pk,
        )
        self._check(appointment, to_change=to_change)
        return appointment

    def _check(self, appointment: Appointment, *, to_change: bool) -> None:
        if to_change and not self.may_change(appointment):
            raise PermissionDenied
