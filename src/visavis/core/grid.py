"""Where starts may fall: every so many minutes on the wall, from each opening's own start.

Steps are counted on the wall clock, so 09:00, 09:30, 10:00 stay whole half-hours when the
clocks change in between: skipped times drop out, repeated ones come twice. An opening that
goes on past a second midnight, such as one that never closes, begins afresh at each midnight
from that one on; otherwise its starts would depend on how far back one looks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from visavis.core.spans import Span
from visavis.core.zones import DAY, Wall


class Grid:
    """The starts of a sorted, disjoint list of openings."""

    __slots__ = ("_begins", "_pieces", "_step")

    def __init__(self, openings: Iterable[Span], *, wall: Wall, step: int) -> None:
        self._step = step
        # (start, end, a minute from which steps count): clocks run evenly within a piece.
        self._pieces = [piece for span in openings for piece in _pieces(span, wall)]
        self._begins = [start for start, _, _ in self._pieces]

    def holds(self, start: int) -> bool:
        """Tell whether a minute within an opening is one of its starts."""
        _, _, origin = self._pieces[bisect_right(self._begins, start) - 1]
        return (start - origin) % self._step == 0

    def starts(self, spans: Sequence[Span]) -> list[int]:
        """Return the starts in the spans, which are sorted, disjoint and within openings."""
        found: list[int] = []
        step, pieces, at = self._step, self._pieces, 0
        for start, end in spans:
            while pieces[at][1] <= start:
                at += 1
            _, ends, origin = pieces[at]
            earliest = start
            while ends < end:
                found += range(earliest + (origin - earliest) % step, ends, step)
                earliest, at = ends, at + 1
                _, ends, origin = pieces[at]
            found += range(earliest + (origin - earliest) % step, end, step)
        return found


def _pieces(opening: Span, wall: Wall) -> Iterable[tuple[int, int, int]]:
    first = wall.to_wall(opening[0])
    second_midnight = (first // DAY + 2) * DAY
    for start, end, offset in wall.steady(opening):
        midnight = max(second_midnight, (start + offset) // DAY * DAY)
        if start + offset < midnight:
            yield start, min(end, midnight - offset), first - offset
        while midnight < end + offset:
            origin = midnight - offset
            yield max(start, origin), min(end, origin + DAY), origin
            midnight += DAY
