"""What becomes of mail after it left."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fate(models.TextChoices):
    """What the relay told of a mail. The later in this list, the more it weighs."""

    DELIVERED = "delivered", _("Delivered")
    RETURNED = "returned", _("Came back")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    COMPLAINED = "complained", _("Reported as spam")
