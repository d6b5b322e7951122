"""Who uses the product: people, their companies, and what each company switched on."""

import secrets
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from visavis.companies.permissions import PERMISSIONS_OF, Permission, Role
from visavis.companies.slugs import valid_slug
from visavis.companies.zones import valid_zone


def new_version() -> str:
    """Return a version that was never there before."""
    return str(uuid4())


class UserManager(BaseUserManager["User"]):
    """Makes users; an e-mail address is their only name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who may sign in with `password` (or not at all, when None)."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a sign-in. What they may do depends on the company."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Company(models.Model):
    """A tenant: everything else belongs to exactly one."""

    class Recipients(models.TextChoices):
        """Who on the company's side is told about a booking."""

        PROVIDER = "provider", _("The provider")
        COMPANY = "company", _("The company's address")
        BOTH = "both", _("Both")

    slug = models.CharField(_("address"), max_length=50, unique=True, validators=[valid_slug])
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[valid_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#0f766e",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
    )
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    published = models.BooleanField(_("booking site is public"), default=False)
    privacy_terms = models.TextField(_("privacy terms"), blank=True, max_length=10000)

    notice_minutes = models.PositiveIntegerField(_("least notice"), default=60)
    horizon_days = models.PositiveIntegerField(
        _("furthest ahead"), default=60, validators=[MaxValueValidator(730)]
    )
    cancel_notice_minutes = models.PositiveIntegerField(_("notice for cancelling"), default=24 * 60)
    move_notice_minutes = models.PositiveIntegerField(_("notice for moving"), default=24 * 60)
    buffers_within_hours = models.BooleanField(_("buffers within the opening hours"), default=False)
    moves_allowed = models.PositiveIntegerField(_("how often a client may move"), default=3)

    recipients = models.CharField(
        _("who receives a booking's messages"),
        max_length=10,
        choices=Recipients,
        default=Recipients.PROVIDER,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Another one whenever anything changes that decides what can be booked, appointments aside.
    # The database writes it: see bookings.rules_version.
    rules_version = models.CharField(max_length=36, default=new_version, editable=False)

    def __str__(self) -> str:
        return self.name


class FormerSlug(models.Model):
    """An address the company had before; visitors are redirected from it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="former_slugs")
    slug = models.CharField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.slug


class Member(models.Model):
    """A user's place in a company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user"], name="member_once_per_company"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def may(self, permission: Permission) -> bool:
        """Return whether this member has `permission`."""
        return permission in PERMISSIONS_OF[self.role]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A mailed offer to join a company. Only a hash of its token is kept."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.company}"


class Feature(models.Model):
    """An optional feature that a company switched on (or off again)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="features")
    key = models.CharField(max_length=40)
    enabled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "key"], name="feature_once_per_company"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.company})"


def new_token() -> str:
    """Return an unguessable token of 192 bits for an address."""
    return secrets.token_urlsafe(24)
