"""Where a new appointment fits, calendars aside.

This part depends on neither the clock nor anybody's appointments, so it is remembered: while
hours stay as they are, every request for the same window shares it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from visavis.core.grid import Grid
from visavis.core.spans import Span, intersect
from visavis.core.zones import Wall


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """The spans in which all are open, and within them the starts that leave enough room.

    Compared by identity: equal ones are one, since `openings` remembers them.
    """

    spans: tuple[Span, ...]
    fitting: tuple[Span, ...]
    grid: Grid
    wall: Wall


@lru_cache(maxsize=256)
def starts_within(openings: Openings, asked: Span) -> Sequence[int]:
    """Return the starts in a window, ascending. Many providers with the same hours share them."""
    return tuple(openings.grid.starts(intersect(openings.fitting, [asked])))


@lru_cache(maxsize=1024)
def openings(
    layers: tuple[tuple[Span, ...], ...], *, indoors: Span, step: int, zone: ZoneInfo
) -> Openings:
    """Prepare the openings that all the layers have in common.

    Each layer is a merged list of spans. `indoors` is what must lie within an opening, relative
    to the start of an appointment; the grid follows the clocks of `zone`.
    """
    spans = layers[0]
    for layer in layers[1:]:
        spans = tuple(intersect(spans, layer))
    wall = Wall(zone, (spans[0][0], spans[-1][1]) if spans else (0, 0))
    ahead, behind = indoors
    fitting = tuple(
        (start - ahead, end - behind + 1) for start, end in spans if start - ahead <= end - behind
    )
    return Openings(spans, fitting, Grid(spans, wall=wall, step=step), wall)
