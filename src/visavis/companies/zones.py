"""Time zones that people type or choose."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from visavis.core.zone_names import is_zone


def valid_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a zone."""
    if not is_zone(value):
        raise ValidationError(_("“%(name)s” is not a time zone we know."), params={"name": value})
