"""Messages: the outbox and the ledger are one table. And the texts a company changed."""

from enum import IntEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from visavis.catalog.models import Offering, Provider
from visavis.companies.models import Company
from visavis.core.quiet_hours import QuietHours
from visavis.notifications.fate_models import Fate
from visavis.notifications.sms_models import SmsAccount, SmsNumber

__all__ = [
    "GIVEN_TO",
    "Audience",
    "Channel",
    "Event",
    "Fate",
    "Message",
    "Muted",
    "ReminderTime",
    "SmsAccount",
    "SmsNumber",
    "Switch",
    "Template",
    "Timing",
    "Urgency",
    "urgency_of",
]

FIRST_FOLLOW_UP_MINUTES = 60
# Stands in the details of what tells somebody that an appointment is a colleague's from now on.
GIVEN_TO = "taken_over"


class Event(models.TextChoices):
    """What a message tells of."""

    CONFIRMED = "confirmed", _("Booking confirmation")
    PENDING = "pending", _("Booking awaits approval")
    APPROVED = "approved", _("Booking approved")
    DECLINED = "declined", _("Booking declined")
    CHANGED = "changed", _("Booking changed")
    CANCELLED = "cancelled", _("Booking cancelled")
    REMINDER = "reminder", _("Reminder")
    FOLLOW_UP = "follow_up", _("Follow-up")
    LINK_CHANGED = "link_changed", _("Online meeting link changed")
    MY_BOOKINGS = "my_bookings", _("Link to “My bookings”")
    CONNECTION_ATTENTION = "connection_attention", _("Connection needs attention")
    MEETING_FAULT = "meeting_fault", _("Online meeting needs attention")
    INVITATION = "invitation", _("Invitation to join the team")
    ACCOUNT = "account", _("Your sign-in")
    TEST = "test", _("Test")


class Audience(models.TextChoices):
    """Whom a text is written for."""

    CLIENT = "client", _("Client")
    PROVIDER = "provider", _("Provider")
    COMPANY = "company", _("Company")
    STAFF = "staff", _("Staff")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Urgency(IntEnum):
    """Who waits for a message: when many are due, the lower leave before the higher."""

    NOW = 0  # somebody does, at this moment
    SOON = 1  # nobody yet: it reminds them
    LATER = 2


def urgency_of(event: str) -> Urgency:
    """Return how urgent messages of a kind are."""
    urgencies = {Event.REMINDER: Urgency.SOON, Event.FOLLOW_UP: Urgency.LATER}
    return urgencies.get(Event(event), Urgency.NOW)


class Template(models.Model):
    """A text that a company wrote in place of the default one.

    One with an offering or a provider is a *flexible notification* and wins over the general one.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="templates")
    event = models.CharField(max_length=30, choices=Event)
    audience = models.CharField(max_length=10, choices=Audience)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(max_length=10)
    offering = models.ForeignKey(
        Offering, models.CASCADE, null=True, blank=True, related_name="templates"
    )
    provider = models.ForeignKey(
        Provider, models.CASCADE, null=True, blank=True, related_name="templates"
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=20000)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "company",
                "event",
                "audience",
                "channel",
                "language",
                Coalesce("offering", 0),
                Coalesce("provider", 0),
                name="template_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}/{self.audience}/{self.channel}/{self.language}"


class Switch(models.Model):
    """Whether a company sends a kind of message at all. No row: the default holds."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="message_switches")
    event = models.CharField(max_length=30, choices=Event)
    audience = models.CharField(max_length=10, choices=Audience)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    on = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "event", "audience", "channel"], name="switch_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}/{self.audience}/{self.channel}: {self.on}"


class Message(models.Model):
    """One e-mail or SMS: planned, on its way, sent, failed or cancelled; kept as sent."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", pgettext_lazy("message", "Cancelled")

    class About(models.TextChoices):
        BOOKING = "booking"
        APPOINTMENT = "appointment"
        CLIENT = "client"
        MEETING = "meeting"
        CONNECTION = "connection"
        INVITATION = "invitation"
        ACCOUNT = "account"
        TEST = "test"

    company = models.ForeignKey(
        Company, models.CASCADE, null=True, related_name="messages", db_index=False
    )
    # What it tells of. A pair of word and key, since this layer knows no bookings.
    about = models.CharField(max_length=20, choices=About)
    about_id = models.BigIntegerField(null=True)
    # One effect has one key; asking twice for the same effect makes one message.
    key = models.CharField(max_length=120)
    event = models.CharField(max_length=30, choices=Event)
    audience = models.CharField(max_length=10, choices=Audience)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    recipient = models.CharField(_("to"), max_length=254)
    recipient_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    # What happened, for texts that say what changed: plain JSON values.
    details = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    urgency = models.PositiveSmallIntegerField(default=int(Urgency.NOW))
    # When it is to leave. What is to leave at once is due when it was created.
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Stays the same however often we try (RFC 5322, 3.6.4), so that a repeat is recognised.
    message_id = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # What became of a mail after it left, as far as the relay told; see `fates`.
    fate = models.CharField(max_length=12, choices=Fate, null=True)
    fate_at = models.DateTimeField(null=True)
    fate_words = models.CharField(max_length=300, null=True)

    class Meta:
        # Not `unique=True`, which keeps a second index for parts of keys. Each index is written
        # when a message is planned, and again when it is sent.
        constraints: ClassVar = [models.UniqueConstraint(fields=["key"], name="message_once")]
        indexes: ClassVar = [
            # In these orders `turns` reads what is due: of everybody, and of one company.
            models.Index(
                fields=["channel", "urgency", "due_at", "id"],
                condition=Q(status="planned"),
                name="message_turn",
            ),
            models.Index(
                fields=["company", "channel", "urgency", "due_at", "id"],
                condition=Q(status="planned"),
                name="message_company_turn",
            ),
            models.Index(fields=["company", "-created_at"], name="message_by_company"),
            models.Index(fields=["about", "about_id"], name="message_by_subject"),
            models.Index(
                "company", Lower("recipient"), condition=Q(fate__isnull=False), name="message_fate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.recipient}"

    @property
    def tells_of(self) -> str:
        if GIVEN_TO in self.details:
            return gettext("Booking given to a colleague")
        return str(Event(self.event).label)


class ReminderTime(models.Model):
    """How long before the start somebody is reminded."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="reminder_times")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.CLIENT)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    minutes_before = models.PositiveIntegerField(_("before the start"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "audience", "channel", "minutes_before"],
                name="reminder_time_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_before} min, {self.audience}"


class Timing(models.Model):
    """When a company does not remind, and when it follows up. No row: the defaults hold."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="message_timing")
    # Minutes after midnight where the reader is; both or neither.
    quiet_starts = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_ends = models.PositiveSmallIntegerField(null=True, blank=True)
    follow_up_minutes = models.PositiveIntegerField(
        _("how long after the end"), default=FIRST_FOLLOW_UP_MINUTES
    )
    # What is planned for bookings with a greater key waits to be planned anew; empty: nothing.
    replan_after = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_starts=None, quiet_ends=None)
                | Q(quiet_starts__isnull=False, quiet_ends__isnull=False),
                name="timing_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.quiet_starts} to {self.quiet_ends}"

    @property
    def quiet_hours(self) -> QuietHours | None:
        if self.quiet_starts is None or self.quiet_ends is None:
            return None
        return QuietHours(self.quiet_starts, self.quiet_ends)


class Muted(models.Model):
    """A kind of message that a provider does not want by e-mail."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="muted")
    event = models.CharField(max_length=30, choices=Event)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event"], name="muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.event}"
