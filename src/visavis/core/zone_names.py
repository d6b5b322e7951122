"""Time zones by their IANA names (https://www.iana.org/time-zones)."""

from functools import cache
from zoneinfo import available_timezones

REGIONS = frozenset(
    {
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
)


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zones a person can choose from, in alphabetical order."""
    named = {name for name in _all_zones() if name.split("/")[0] in REGIONS}
    return tuple(sorted(named | {"UTC"}))


def is_zone(name: str) -> bool:
    """Return whether `name` is a zone that this machine knows."""
    return name in _all_zones()


@cache
def _all_zones() -> frozenset[str]:
    # `available_timezones` reads the disk each time it is asked.
    return frozenset(available_timezones())
