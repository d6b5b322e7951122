"""When one provider can be booked, and why not at other times.

`Availability` is prepared once per request. `refusal` decides about one start, by bisection;
`slots` lists the starts it lets through, in one sweep over the same lists; `reasons` tells
everything that stands in the way. Whoever books asks `refusal` again under the calendar's
lock, so that what is offered and what is accepted cannot drift apart.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from visavis.core.grid import Grid
from visavis.core.hours import Timetable
from visavis.core.refusals import OVERRIDABLE, Refusal
from visavis.core.rules import Rules
from visavis.core.spans import Span, around, intersect, merge, overlaps, subtract
from visavis.core.zones import Wall

_NOBODY: Mapping[int, int] = MappingProxyType({})


class Availability:
    """One provider, one offering, one client's wish, at one moment.

    Every list may come in any order. `zone` is the provider's: it rules the grid and the local
    days. `taken` holds the true times of the provider's appointments, `blocked` the same with
    the buffers they were booked with. `joinable` gives the seats left in the appointments of
    this very offering, by start; they stand in `taken` and `blocked` too. `host_busy` is where
    the meeting host can lead no further meeting (see `spans.saturated`), `elsewhere` what other
    calendars say about the provider.

    Ask only about starts in the window for which hours and lists were gathered. With a day
    limit, `taken` must hold all appointments of every local day the window touches.
    """

    def __init__(
        self,
        *,
        rules: Rules,
        zone: ZoneInfo,
        now: int,
        company: Timetable,
        provider: Timetable,
        offering: Timetable | None = None,
        taken: Sequence[Span] = (),
        blocked: Sequence[Span] | None = None,
        joinable: Mapping[int, int] = _NOBODY,
        host_busy: Sequence[Span] = (),
        elsewhere: Sequence[Span] = (),
    ) -> None:
        self.rules = rules
        self._zone = zone
        self._now = now
        self._company = company
        self._provider = provider
        self._offering = offering
        self._taken_raw = taken
        self._blocked_raw = taken if blocked is None else blocked
        self._joinable = joinable
        self._host_busy_raw = host_busy
        self._elsewhere_raw = elsewhere

    def refusal(
        self, start: int, *, overriding: Collection[Refusal] = frozenset()
    ) -> Refusal | None:
        """Return why `start` cannot be booked, or None if it can.

        Staff name the reasons they set aside. Raises ValueError if one of them is final.
        """
        if not OVERRIDABLE.issuperset(overriding):
            raise ValueError("time and seats that are gone cannot be overridden")
        return next((why for why in self._reasons(start) if why not in overriding), None)

    def reasons(self, start: int) -> list[Refusal]:
        """Return everything that stands in the way of `start`, the refusal first."""
        return list(self._reasons(start))

    def slots(self, window: Span) -> list[int]:
        """Return the starts in the window that can be booked, ascending."""
        asked = self._reachable(window)
        own = [] if self._can_open_none else self._grid.starts(intersect(self._free, asked))
        if not self._joinable:
            return own
        joined = {start for start in self._joinable if overlaps(asked, (start, start + 1))}
        return sorted(joined.intersection(self._joins) | set(own).difference(self._joinable))

    def possible(self, window: Span) -> list[int]:
        """Return the slots there would be with an empty calendar: more than `slots`, and cheap."""
        asked = self._reachable(window)
        return self._grid.starts(intersect(self._fitting, asked))

    def joins(self, start: int) -> bool:
        """Tell whether a booking at `start` would join an appointment rather than open one."""
        return start in self._joins

    # -- one start ---------------------------------------------------------------------------

    def _reasons(self, start: int) -> Iterator[Refusal]:
        rules = self.rules
        if start < self._now:
            yield Refusal.IN_THE_PAST
        elif start < self._now + rules.notice:
            yield Refusal.TOO_SOON
        elif rules.horizon is not None and start > self._now + rules.horizon:
            yield Refusal.TOO_FAR_AHEAD
        if start in self._joinable:
            # The appointment stands already, whatever the rules for new ones say today.
            if self._joinable[start] < rules.places:
                yield Refusal.NOT_ENOUGH_SEATS
        elif rules.sessions_only:
            yield Refusal.NO_SESSION
        else:
            if rules.places > rules.seats:
                yield Refusal.NOT_ENOUGH_SEATS
            yield from self._closed(start)
            yield from self._occupied(start)

    def _closed(self, start: int) -> Iterator[Refusal]:
        layers = (
            (self._company, Refusal.COMPANY_CLOSED),
            (self._provider, Refusal.PROVIDER_NOT_WORKING),
            (self._offering, Refusal.OUTSIDE_OFFERING_HOURS),
        )
        for table, otherwise in layers:
            if table is not None and around(table.open, start) is None:
                yield table.closed_because(start, otherwise)
        opening = around(self._openings, start)
        if opening is None:
            return
        begins, ends = self.rules.indoors(start)
        if begins < opening[0] or ends > opening[1]:
            yield Refusal.DOES_NOT_FIT
        if not self._grid.holds(start):
            yield Refusal.OFF_GRID

    def _occupied(self, start: int) -> Iterator[Refusal]:
        meeting, blocked = self.rules.meeting(start), self.rules.blocked(start)
        if around(self._full_days, start):
            yield Refusal.DAY_LIMIT_REACHED
        taken = overlaps(self._taken, meeting)
        elsewhere = overlaps(self._elsewhere, meeting)
        if taken:
            yield Refusal.TAKEN
        if elsewhere:
            yield Refusal.BUSY_ELSEWHERE
        if not taken and not elsewhere and overlaps(self._kept_free, blocked):
            yield Refusal.BUFFER
        if overlaps(self._host_busy, meeting):
            yield Refusal.MEETING_HOST_BUSY

    # -- all starts --------------------------------------------------------------------------

    def _reachable(self, window: Span) -> list[Span]:
        earliest = max(window[0], self._now + self.rules.notice)
        latest = window[1]
        if self.rules.horizon is not None:
            latest = min(latest, self._now + self.rules.horizon + 1)
        return [(earliest, latest)] if earliest < latest else []

    @property
    def _can_open_none(self) -> bool:
        return self.rules.sessions_only or self.rules.places > self.rules.seats

    @cached_property
    def _fitting(self) -> list[Span]:
        """Starts from which an appointment stays within an opening."""
        ahead, behind = self.rules.indoors(0)
        return [
            (start - ahead, end - behind + 1)
            for start, end in self._openings
            if start - ahead <= end - behind
        ]

    @cached_property
    def _free(self) -> list[Span]:
        """Starts that neither closing times nor anything in a calendar forbids."""
        free = subtract(self._fitting, _forbidden(self._kept_free, self.rules.blocked(0)))
        if self._host_busy:
            free = subtract(free, _forbidden(self._host_busy, self.rules.meeting(0)))
        return subtract(free, self._full_days)

    # -- what both look at -------------------------------------------------------------------

    @cached_property
    def _openings(self) -> list[Span]:
        both = intersect(self._company.open, self._provider.open)
        return both if self._offering is None else intersect(both, self._offering.open)

    @cached_property
    def _wall(self) -> Wall:
        openings = self._openings
        return Wall(self._zone, (openings[0][0], openings[-1][1]) if openings else (0, 0))

    @cached_property
    def _grid(self) -> Grid:
        return Grid(self._openings, wall=self._wall, step=self.rules.step)

    @cached_property
    def _taken(self) -> list[Span]:
        return merge(self._taken_raw)

    @cached_property
    def _elsewhere(self) -> list[Span]:
        return merge(self._elsewhere_raw)

    @cached_property
    def _host_busy(self) -> list[Span]:
        return merge(self._host_busy_raw)

    @cached_property
    def _kept_free(self) -> list[Span]:
        """What the new appointment and its buffers must keep clear of."""
        return merge([*self._blocked_raw, *self._elsewhere_raw])

    @cached_property
    def _joins(self) -> frozenset[int]:
        return frozenset(
            start for start, left in self._joinable.items() if left >= self.rules.places
        )

    @cached_property
    def _full_days(self) -> list[Span]:
        limit = self.rules.day_limit
        if limit is None:
            return []
        counts = Counter(self._wall.day_of(start) for start, _ in self._taken_raw)
        return merge(self._wall.day_span(day) for day, count in counts.items() if count >= limit)


def _forbidden(busy: Sequence[Span], occupied: Span) -> list[Span]:
    """Return the starts at which what an appointment occupies would overlap something busy.

    `occupied` is relative to the start.
    """
    before, after = occupied
    return [(start - after + 1, end - before) for start, end in busy]
