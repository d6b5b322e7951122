"""By which gateway a company sends texts to phones, and who wants them."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from visavis.companies.models import Company
from visavis.connections.encryption import EncryptedTextField


class SmsAccount(models.Model):
    """A company's way to send texts, and how much it may cost."""

    class Via(models.TextChoices):
        NONE = "none", _("No texts")
        INSTALLATION = "installation", _("The gateway of this installation")
        TWILIO = "twilio", _("Twilio, with your own account")
        HTTP = "http", _("Another gateway, by HTTP")

    class Method(models.TextChoices):
        POST = "POST"
        PUT = "PUT"
        GET = "GET"

    company = models.OneToOneField(Company, models.CASCADE, related_name="sms_account")
    via = models.CharField(_("How texts are sent"), max_length=20, choices=Via, default=Via.NONE)
    sender = models.CharField(_("Sender"), max_length=40, blank=True)
    account_sid = models.CharField(_("Account SID"), max_length=40, blank=True)
    token = EncryptedTextField(_("Auth token"), blank=True)
    # Addresses and headers of gateways mostly hold a key.
    url = EncryptedTextField(_("Address"), blank=True)
    method = models.CharField(_("Method"), max_length=4, choices=Method, default=Method.POST)
    headers = EncryptedTextField(_("Headers"), blank=True)
    body = models.TextField(_("Body"), blank=True, max_length=4000)
    success = models.CharField(_("Sign of success"), max_length=100, blank=True)
    abroad = models.BooleanField(_("Send texts to other countries too"), default=False)
    most_parts = models.PositiveSmallIntegerField(
        _("Most parts of a text"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    most_a_day = models.PositiveIntegerField(
        _("Most texts in 24 hours"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
    )

    def __str__(self) -> str:
        return f"{self.company}: {self.via}"


class SmsNumber(models.Model):
    """Whether whoever has a number wants texts of a company. No row: they never said so."""

    class Source(models.TextChoices):
        """Where we know it from."""

        FORM = "form", _("The client said so when booking")
        STAFF = "staff", _("Written down by the team")
        STOP = "stop", _("They answered STOP")

    company = models.ForeignKey(Company, models.CASCADE, related_name="sms_numbers")
    number = models.CharField(max_length=20)
    wanted = models.BooleanField()
    source = models.CharField(max_length=10, choices=Source)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="sms_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.wanted}"
