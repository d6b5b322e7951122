"""Busy times, indexed so that two look-ups tell whether a stretch is free.

Of all busy spans, those that begin before the stretch ends, less those that are over when it
begins, are the ones that overlap it. So two sorted lists of numbers suffice: nothing has to be
merged, which would take longer than all the questions asked afterwards.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import ge

from visavis.core.spans import Span


class Busy:
    """Busy spans in any order, overlapping or not; empty ones do not count."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        # Taken apart and compared as columns, which takes half the time of looking at each span.
        starts, ends = tuple(zip(*spans, strict=True)) or ((), ())
        if any(map(ge, starts, ends)):
            real = [span for span in zip(starts, ends, strict=True) if span[0] < span[1]]
            starts, ends = tuple(zip(*real, strict=True)) or ((), ())
        self._starts, self._ends = sorted(starts), sorted(ends)

    def overlaps(self, stretch: Span) -> bool:
        """Tell whether anything busy shares a minute with this (not empty) stretch."""
        start, end = stretch
        return bisect_left(self._starts, end) > bisect_right(self._ends, start)

    def clear(self, candidates: Sequence[int], occupied: Span) -> Sequence[int]:
        """Return the candidates around which `occupied`, relative to each, is free."""
        if not self._starts:
            return candidates
        starts, ends = self._starts, self._ends
        before, after = occupied
        return [
            minute
            for minute in candidates
            if bisect_left(starts, minute + after) == bisect_right(ends, minute + before)
        ]
