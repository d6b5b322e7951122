"""The zone in which a visitor reads times, and to which zone they may go back."""

from dataclasses import dataclass

from django.http import HttpRequest

from visavis.core.zone_names import is_zone
from visavis.design.zones import city_of

# What was chosen by hand, in the session.
ZONE_KEY = "time_zone"
# The cookie in which a browser says its own zone: see `data-zone-cookie` in `zone.js`.
OWN_ZONE = "own_zone"


@dataclass(frozen=True, slots=True)
class VisitorsZone:
    """The zone in which a visitor reads times, and why it is this one."""

    name: str
    # The one that holds for whoever neither chose nor brings another.
    usual: str
    # The device's own zone is taken at once: nobody travels to a meeting that is online.
    follows_device: bool

    @property
    def from_device(self) -> bool:
        return self.follows_device and self.name != self.usual

    @property
    def way_back(self) -> str:
        """The city of the usual zone, where another one is shown."""
        return city_of(self.usual) if self.name != self.usual else ""


def visitors_zone(request: HttpRequest, usual: str, *, online: bool = False) -> VisitorsZone:
    """Return the zone that a visitor chose, where they meet online their device's, or the usual."""
    chosen = request.session.get(ZONE_KEY, "")
    if is_zone(chosen):
        return VisitorsZone(chosen, usual, follows_device=False)
    own = request.COOKIES.get(OWN_ZONE, "") if online else ""
    return VisitorsZone(own if is_zone(own) else usual, usual, follows_device=online)


def zone_of(request: HttpRequest, usual: str, *, online: bool = False) -> str:
    """Return the name of the zone in which this visitor reads times."""
    return visitors_zone(request, usual, online=online).name
