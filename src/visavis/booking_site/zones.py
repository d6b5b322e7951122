"""The zone in which a visitor reads times."""

from django.http import HttpRequest

from visavis.core.zone_names import is_zone

ZONE_KEY = "time_zone"


def zone_of(request: HttpRequest, otherwise: str) -> str:
    """Return the zone in which this visitor reads times: the one they chose, or another."""
    chosen = request.session.get(ZONE_KEY, "")
    return chosen if is_zone(chosen) else otherwise
