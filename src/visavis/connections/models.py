"""A company's grant at a meeting platform, and the platform's users it may act for."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visavis.companies.models import Company, new_token
from visavis.connections.encryption import EncryptedTextField, is_unreadable
from visavis.gateways.video import Fault


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def live(self) -> Self:
        return self.filter(disconnected_at=None)


class Mode(models.TextChoices):
    """How a platform lets us in."""

    OAUTH = "oauth", _("Authorised by a person")
    SERVER = "server", _("Server-to-Server")


class PlatformApp(models.Model):
    """A company's own app at a platform, used in place of the installation's.

    Its secrets are written by administrators and read by nobody but the program.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="platform_apps")
    platform = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, choices=Mode)
    client_id = models.CharField(max_length=200)
    client_secret = EncryptedTextField()
    # The last characters, so that people can tell which secret was entered.
    client_secret_end = models.CharField(max_length=4)
    webhook_secret = EncryptedTextField(blank=True)
    webhook_secret_end = models.CharField(max_length=4, blank=True)
    account_id = models.CharField(max_length=100, blank=True)
    # The end of this app's own webhook address: it tells whose secret must have signed.
    address = models.CharField(max_length=48, unique=True, default=new_token)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "platform"], name="platform_app_one"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} app of {self.company}"

    @property
    def unreadable(self) -> bool:
        """Tell whether no configured key decrypts the client secret."""
        return is_unreadable(self.client_secret)


class Webhook(models.Model):
    """What one webhook address received last. The installation's own has an empty address."""

    address = models.CharField(max_length=48, unique=True, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_event = models.CharField(max_length=60, blank=True)
    refused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"webhook {self.address or 'of the installation'}"


class Connection(models.Model):
    """The right to act on a platform for a company, from authorisation to disconnection.

    A disconnected row keeps when and why, and nothing else that came from the platform.
    """

    class SharedAccess(models.TextChoices):
        YES = "yes", _("Shared")
        NO = "no", _("Not shared")
        UNKNOWN = "unknown", _("Not known yet")

    company = models.ForeignKey(Company, models.CASCADE, related_name="connections")
    platform = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.OAUTH)
    client_id = models.CharField(max_length=200)
    account_id = models.CharField(max_length=100, blank=True)
    user_id = models.CharField(max_length=100, blank=True)
    user_name = models.CharField(max_length=200, blank=True)
    user_email = models.CharField(max_length=254, blank=True)
    scopes = models.TextField(blank=True)
    api_url = models.CharField(max_length=200, blank=True)
    access_token = EncryptedTextField(blank=True)
    refresh_token = EncryptedTextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    # The lease of the one process that is refreshing the grant right now.
    refreshing_until = models.DateTimeField(null=True)
    shared_access = models.CharField(
        max_length=10, choices=SharedAccess, default=SharedAccess.UNKNOWN
    )
    users_fetched_at = models.DateTimeField(null=True)
    # When the users, and whether access is shared, are to be looked at again; empty: now.
    look_around_at = models.DateTimeField(null=True)
    # Why the grant no longer works, as a word of gateways.video; empty while it does.
    attention = models.CharField(max_length=40, blank=True)
    attention_since = models.DateTimeField(null=True)
    attention_told_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    disconnected_at = models.DateTimeField(null=True)
    disconnected_because = models.CharField(max_length=40, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "platform"],
                condition=Q(disconnected_at=None),
                name="connection_one_live_per_platform",
            ),
            # A second grant of one Zoom user to one Zoom app kills the tokens of the first.
            models.UniqueConstraint(
                fields=["platform", "client_id", "user_id"],
                condition=Q(disconnected_at=None) & ~Q(user_id=""),
                name="connection_platform_user_once",
            ),
            # The same holds for the tokens of one Server-to-Server app.
            models.UniqueConstraint(
                fields=["platform", "client_id", "account_id"],
                condition=Q(disconnected_at=None, mode="server"),
                name="connection_platform_account_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} ({self.company})"

    @property
    def live(self) -> bool:
        return self.disconnected_at is None

    @property
    def unreadable(self) -> bool:
        """Tell whether no configured key decrypts the tokens."""
        return is_unreadable(self.access_token) or is_unreadable(self.refresh_token)

    @property
    def problem(self) -> str:
        """Return the word for what keeps the grant from working, or an empty text."""
        return Fault.KEY if self.unreadable else self.attention


class PlatformUser(models.Model):
    """A user of the connected account, as last fetched: who may be a host."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="users")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    licensed = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "external_id"], name="platform_user_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name


class CallPace(models.Model):
    """How fast an account is asked, for one class of calls; shared by all processes."""

    account = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    # Calls are paid for up to here, in microseconds since 1970.
    paid_until = models.BigIntegerField(default=0)
    per_second = models.PositiveIntegerField()
    slow_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind"], name="call_pace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}"


class PlatformEvent(models.Model):
    """Something a platform told us, kept until a worker has dealt with it.

    The same event may be delivered several times, late and out of order; its key is kept
    so that it counts once.
    """

    # Whose app's secret signed it; None where it was the installation's.
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    platform = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], condition=Q(done_at=None), name="platform_event_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.kind}"
