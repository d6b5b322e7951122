"""Absolute addresses of pages, for messages, calendar files and exports."""

from django.conf import settings
from django.urls import reverse

from visavis.bookings.models import Appointment, Booking, Client
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink


def absolute(path: str) -> str:
    """Return the address of a path on this installation."""
    return f"{settings.BASE_URL}{path}"


def booking_site(company: Company) -> str:
    """Return the address of a company's booking site."""
    return absolute(reverse("booking_site:offerings", args=[company.slug]))


def my_bookings(client: Client) -> str:
    """Return a client's *My bookings*. Whoever has the address is taken for the client."""
    return absolute(reverse("booking_site:my_bookings", args=[client.company.slug, client.token]))


def reminders(client: Client, key: str) -> str:
    """Return the page on which a client stops reminders, by a key for nothing else."""
    return absolute(reverse("booking_site:reminders", args=[client.company.slug, key]))


def my_booking(booking: Booking, page: str = "my_booking") -> str:
    """Return the client's page of one booking (or to move it, or to cancel it)."""
    assert booking.client is not None
    return absolute(
        reverse(
            f"booking_site:{page}",
            args=[booking.company.slug, booking.client.token, booking.code],
        )
    )


def staff_booking(booking: Booking) -> str:
    """Return the staff's page of one booking."""
    return absolute(reverse("back_office:booking", args=[booking.company.slug, booking.code]))


def staff_appointment(appointment: Appointment) -> str:
    """Return the staff's page of an appointment with everybody in it."""
    return absolute(
        reverse("back_office:appointment", args=[appointment.offering.company.slug, appointment.pk])
    )


def join(link: JoinLink) -> str:
    """Return a join link: somebody's own way into an online meeting."""
    return absolute(reverse("entrance:door", args=[link.token]))
