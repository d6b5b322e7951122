"""What `design/office.html` needs to know to show the way around."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the navigation. `icon` is a Lucide name, `badge` a short count or word."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    badge: str = ""


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """Links that belong together, under a title or none."""

    items: Sequence[NavigationItem]
    title: str = ""
