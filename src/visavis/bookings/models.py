"""Appointments, the bookings in them, and the clients who made them."""

import secrets
from collections.abc import Collection
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from visavis.bookings.constraints import NoOverlap
from visavis.catalog.models import ClassSchedule, Offering, Provider
from visavis.companies.models import Company, new_token
from visavis.meetings.models import Meeting, Platform
from visavis.notifications.models import Fate

# Without letters and digits that look alike on paper or sound alike on the phone.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Return a reference code that a person can read out: eight signs, 39 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _n in range(8))


class Client(models.Model):
    """A person who books with one company. `token` opens their *My bookings*."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="clients")
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=5000)
    blocked = models.BooleanField(_("may not book online"), default=False)
    # Neither reminders nor follow-ups, by the client's own wish (RFC 8058).
    unreminded = models.BooleanField(_("wants no reminders"), default=False)
    # What the relay told that stopped them, if the client did not say so to us.
    unreminded_because = models.CharField(max_length=12, choices=Fate, null=True)
    token = models.CharField(max_length=48, unique=True, default=new_token)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "company", Lower("email"), condition=~Q(email=""), name="client_email_once"
            ),
        ]
        indexes: ClassVar = [models.Index("company", Lower("name"), name="client_by_name")]

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def keeping_hosts(self, online_too: Collection[Offering] = ()) -> Self:
        """Those that a platform's user leads, or would if these offerings met online too.

        A held seat counts, and so does a session that nobody has booked yet: their meetings are
        planned when they are booked.
        """
        online = Q(meeting__wanted=True) | Q(offering__online=True) | Q(offering__in=online_too)
        return self.filter(online, provider__meeting_provider__platform=Platform.ZOOM)


class Appointment(models.Model):
    """One stretch of one provider's time for one offering.

    `blocked_from` to `blocked_until` includes the buffers, as they were when booked.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="appointments")
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="appointments")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="appointments")
    schedule = models.ForeignKey(ClassSchedule, models.SET_NULL, null=True, related_name="sessions")
    # The start that the class's rule gave, so that a moved session is not made again.
    rule_start = models.DateTimeField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    blocked_from = models.DateTimeField()
    blocked_until = models.DateTimeField()
    seats = models.PositiveIntegerField()
    seats_taken = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    meeting = models.OneToOneField(Meeting, models.SET_NULL, null=True, related_name="appointment")
    created_at = models.DateTimeField()
    # Of the copy for which the meeting was planned: nobody is invited yet.
    meeting_is_new = False

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            NoOverlap(
                name="appointment_no_overlap",
                owner="provider",
                starts="blocked_from",
                ends="blocked_until",
                active="active",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(blocked_from__lte=F("starts_at"), blocked_until__gte=F("ends_at")),
                name="appointment_inside_blocked",
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats"), seats__gte=1),
                name="appointment_seats_not_exceeded",
            ),
            models.UniqueConstraint(
                fields=["schedule", "rule_start"], name="appointment_session_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "blocked_until", "blocked_from"],
                condition=Q(active=True),
                name="appointment_busy",
            ),
            models.Index(fields=["company", "starts_at"], name="appointment_by_company"),
            models.Index(fields=["offering", "starts_at"], name="appointment_by_offering"),
        ]

    def __str__(self) -> str:
        return f"{self.offering} {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_taken


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> Self:
        """Those that take their seats."""
        return self.filter(status__in=Booking.STANDING)


class Booking(models.Model):
    """One client's place or places in an appointment."""

    class Status(models.TextChoices):
        HELD = "held", _("Held")
        PENDING = "pending", _("Awaits approval")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")
        COMPLETED = "completed", _("Completed")
        NO_SHOW = "no_show", _("Did not come")

    class Source(models.TextChoices):
        CLIENT = "client", _("Booking site")
        STAFF = "staff", _("Staff")
        API = "api", "API"

    STANDING: ClassVar = (
        Status.HELD,
        Status.PENDING,
        Status.CONFIRMED,
        Status.COMPLETED,
        Status.NO_SHOW,
    )

    company = models.ForeignKey(Company, models.CASCADE, related_name="bookings")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="bookings")
    # A held seat has no client yet.
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="bookings")
    # As given for this booking: a mother books for her son with her own address.
    name = models.CharField(_("name"), max_length=100, blank=True)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    places = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status)
    source = models.CharField(max_length=10, choices=Source)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    staff_note = models.TextField(_("note for staff"), blank=True, max_length=2000)
    price = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    expires_at = models.DateTimeField(null=True)
    # Who holds a seat, and from which address: both hashed, and gone with the hold.
    visitor = models.CharField(max_length=64, blank=True)
    visitor_address = models.CharField(max_length=64, blank=True)
    # The form that made a booking, sent once or twice.
    request_key = models.CharField(max_length=64, null=True)
    moves = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545, 3.8.7.4
    terms_accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "request_key"],
                condition=Q(request_key__isnull=False),
                name="booking_request_once",
            ),
            models.UniqueConstraint(
                fields=["company", "visitor"],
                condition=Q(status="held") & ~Q(visitor=""),
                name="booking_one_hold",
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="booking_has_a_place"),
            models.CheckConstraint(
                condition=Q(status="held", expires_at__isnull=False)
                | (~Q(status="held") & Q(expires_at=None, client__isnull=False)),
                name="booking_held_or_owned",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-created_at"], name="booking_by_company"),
            models.Index(
                fields=["expires_at"], condition=Q(status="held"), name="booking_held_until"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def alone(self) -> bool:
        """Tell whether its appointment is there for nobody else, and goes when it goes."""
        appointment = self.appointment
        return appointment.seats_taken == self.places and appointment.schedule_id is None


class PastHold(models.Model):
    """A hold that is over, remembered for a while so that it is not held on and on.

    Visitor and address are hashed as in the hold; the row goes soon after `expires_at`.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    visitor = models.CharField(max_length=64, blank=True)
    visitor_address = models.CharField(max_length=64, blank=True)
    # Until when it could be held at the latest.
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "starts_at"], name="past_hold_by_start"),
            models.Index(fields=["expires_at"], name="past_hold_until"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.starts_at:%Y-%m-%d %H:%M} UTC"


class BookingChange(models.Model):
    """One line of a booking's history: who did what, when and why."""

    class What(models.TextChoices):
        CREATED = "created", _("Booked")
        MOVED = "moved", _("Moved")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        COMPLETED = "completed", _("Completed")
        NO_SHOW = "no_show", _("Did not come")
        EDITED = "edited", _("Edited")

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    what = models.CharField(max_length=20, choices=What)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    by_name = models.CharField(max_length=100, blank=True)
    status_before = models.CharField(max_length=10, blank=True)
    status_after = models.CharField(max_length=10)
    starts_before = models.DateTimeField(null=True)
    starts_after = models.DateTimeField(null=True)
    provider_before = models.CharField(max_length=100, blank=True)
    provider_after = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["booking", "at"], name="booking_change_order")]

    def __str__(self) -> str:
        return f"{self.booking} {self.what}"
