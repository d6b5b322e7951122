"""Time zones by their IANA names (https://www.iana.org/time-zones)."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zones a person can choose from, in alphabetical order."""
    regions = {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
    named = {name for name in _all_zones() if name.split("/")[0] in regions}
    return tuple(sorted(named | {"UTC"}))


def is_zone(name: str) -> bool:
    """Return whether `name` is a zone that this machine knows."""
    return name in _all_zones()


@cache
def _all_zones() -> frozenset[str]:
    # `available_timezones` reads the disk each time it is asked.
    return frozenset(available_timezones())


def valid_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a zone."""
    if not is_zone(value):
        raise ValidationError(_("“%(name)s” is not a time zone we know."), params={"name": value})


def zone(name: str) -> ZoneInfo:
    """Return the zone called `name`. Raises KeyError for an unknown one."""
    return ZoneInfo(name)
