"""When one provider can be booked, and why not at other times.

`Availability` is prepared once per request. `refusal` decides about one start, by bisection;
`slots` lists the starts it lets through, sweeping over the same lists; `reasons` tells
everything that stands in the way. Whoever books asks `refusal` again under the calendar's
lock, so that what is offered and what is accepted cannot drift apart.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from visavis.core.busy import Busy
from visavis.core.hours import Timetable
from visavis.core.openings import Openings, openings, starts_within
from visavis.core.refusals import OVERRIDABLE, Owner, Refusal
from visavis.core.rules import Rules
from visavis.core.spans import Span, around, merge

_NOBODY: Mapping[int, int] = MappingProxyType({})


class Availability:
    """One provider, one offering, one client's wish, at one moment.

    Every list may come in any order. `zone` is the provider's: it rules the grid and the local
    days. `taken` holds the true times of the provider's appointments, `blocked` the same with
    the buffers they were booked with. `joinable` gives the seats left in the appointments of
    this very offering, by start; they stand in `taken` and `blocked` too. `host_busy` is where
    the meeting host can lead no further meeting (see `spans.saturated`), `host_overbooked` where
    it has more meetings than it can lead already, so that none of them may grow; `elsewhere` is
    what other calendars say about the provider.

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
        host_overbooked: Sequence[Span] = (),
        elsewhere: Sequence[Span] = (),
    ) -> None:
        self.rules = rules
        self._zone = zone
        self._now = now
        self._company = company
        self._provider = provider
        self._offering = offering
        self._taken_spans = taken
        self._blocked_spans = taken if blocked is None else blocked
        self._joinable = joinable
        self._host_busy_spans = host_busy
        self._host_overbooked_spans = host_overbooked
        self._elsewhere_spans = elsewhere

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

    def closed(self, start: int) -> list[tuple[Owner, Refusal]]:
        """Return who is not open at `start`, and why."""
        layers = (
            (Owner.COMPANY, self._company, Refusal.COMPANY_CLOSED),
            (Owner.PROVIDER, self._provider, Refusal.PROVIDER_NOT_WORKING),
            (Owner.OFFERING, self._offering, Refusal.OUTSIDE_OFFERING_HOURS),
        )
        return [
            (owner, table.closed_because(start, otherwise))
            for owner, table, otherwise in layers
            if table is not None and around(table.open, start) is None
        ]

    def slots(self, window: Span) -> list[int]:
        """Return the starts in the window that can be booked, ascending."""
        return self.among(self.possible(window))

    def possible(self, window: Span) -> Sequence[int]:
        """Return the slots there would be if nothing stood in the calendars, ascending."""
        asked = self._reachable(window)
        found: Sequence[int] = ()
        if asked and not self.rules.sessions_only and self.rules.places <= self.rules.seats:
            found = starts_within(self._openings, asked[0])
        if self._joinable:
            opened = [start for start in found if start not in self._joinable]
            found = sorted([*opened, *(one for one in self._joins if around(asked, one))])
        return found

    def among(self, possible: Sequence[int]) -> list[int]:
        """Return those of the `possible` starts at which the calendars leave room."""
        joins = self._joins
        opened = [start for start in possible if start not in joins] if joins else possible
        opened = self._kept_free.clear(opened, self.rules.blocked(0))
        opened = self._host_busy.clear(opened, self.rules.meeting(0))
        if self._full_days:
            opened = [start for start in opened if not around(self._full_days, start)]
        return sorted([*opened, *joins.intersection(possible)]) if joins else list(opened)

    def joins(self, start: int) -> bool:
        """Tell whether a booking at `start` would join an appointment rather than open one."""
        return start in self._joins

    def seats_left(self, start: int) -> int:
        """Return how many seats there are at `start`: of the appointment there, or of a new one."""
        return self._joinable.get(start, self.rules.seats)

    def full(self, window: Span) -> list[int]:
        """Return, ascending, when appointments begin that could be joined but for their seats."""
        asked = self._reachable(window)
        crowded = (start for start, left in self._joinable.items() if left < self.rules.places)
        return sorted(start for start in crowded if around(asked, start))

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
            if self._host_overbooked.overlaps(rules.meeting(start)):
                yield Refusal.MEETING_HOST_BUSY
        elif rules.sessions_only:
            yield Refusal.NO_SESSION
        else:
            if rules.places > rules.seats:
                yield Refusal.NOT_ENOUGH_SEATS
            yield from self._closed(start)
            yield from self._occupied(start)

    def _closed(self, start: int) -> Iterator[Refusal]:
        # Two who close for one reason are one reason.
        yield from sorted({why for _, why in self.closed(start)}, key=lambda why: why.rank)
        opening = around(self._openings.spans, start)
        if opening is None:
            return
        begins, ends = self.rules.indoors(start)
        if begins < opening[0] or ends > opening[1]:
            yield Refusal.DOES_NOT_FIT
        if not self._openings.grid.holds(start):
            yield Refusal.OFF_GRID

    def _occupied(self, start: int) -> Iterator[Refusal]:
        meeting, blocked = self.rules.meeting(start), self.rules.blocked(start)
        if around(self._full_days, start):
            yield Refusal.DAY_LIMIT_REACHED
        taken = self._taken.overlaps(meeting)
        elsewhere = self._elsewhere.overlaps(meeting)
        if taken:
            yield Refusal.TAKEN
        if elsewhere:
            yield Refusal.BUSY_ELSEWHERE
        if not taken and not elsewhere and self._kept_free.overlaps(blocked):
            yield Refusal.BUFFER
        if self._host_busy.overlaps(meeting):
            yield Refusal.MEETING_HOST_BUSY

    # -- all starts --------------------------------------------------------------------------

    def _reachable(self, window: Span) -> list[Span]:
        earliest = max(window[0], self._now + self.rules.notice)
        latest = window[1]
        if self.rules.horizon is not None:
            latest = min(latest, self._now + self.rules.horizon + 1)
        return [(earliest, latest)] if earliest < latest else []

    # -- what both look at -------------------------------------------------------------------

    @cached_property
    def _openings(self) -> Openings:
        tables = (self._company, self._provider, self._offering)
        return openings(
            tuple(tuple(table.open) for table in tables if table is not None),
            indoors=self.rules.indoors(0),
            step=self.rules.step,
            zone=self._zone,
        )

    @cached_property
    def _taken(self) -> Busy:
        return Busy(self._taken_spans)

    @cached_property
    def _elsewhere(self) -> Busy:
        return Busy(self._elsewhere_spans)

    @cached_property
    def _host_busy(self) -> Busy:
        return Busy(self._host_busy_spans)

    @cached_property
    def _host_overbooked(self) -> Busy:
        return Busy(self._host_overbooked_spans)

    @cached_property
    def _kept_free(self) -> Busy:
        """What the new appointment and its buffers must keep clear of."""
        return Busy([*self._blocked_spans, *self._elsewhere_spans])

    @cached_property
    def _joins(self) -> frozenset[int]:
        roomy = [start for start, left in self._joinable.items() if left >= self.rules.places]
        return frozenset(self._host_overbooked.clear(roomy, self.rules.meeting(0)))

    @cached_property
    def _full_days(self) -> list[Span]:
        limit = self.rules.day_limit
        if limit is None:
            return []
        wall = self._openings.wall
        counts = Counter(wall.day_of(start) for start, _ in self._taken_spans)
        return merge(wall.day_span(day) for day, count in counts.items() if count >= limit)
