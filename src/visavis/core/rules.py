"""What an offering asks of every appointment."""

from dataclasses import dataclass

from visavis.core.spans import Span
from visavis.core.zones import DAY

#: An appointment with its buffers takes no longer: hours are spelt out three days beyond a
#: window (see hours.MARGIN_DAYS).
LONGEST = 2 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One offering's rules, as one client meets them. All times are minutes.

    `notice` and `horizon` bound the start relative to now, both ends included; no horizon means
    for ever. `seats` is what a new appointment holds, `places` what this client wants of it.
    `day_limit` counts the provider's appointments, of whatever offering, by local day of start.
    With `sessions_only` nothing can be opened, only joined: a class with fixed sessions.
    """

    duration: int
    step: int
    buffer_before: int = 0
    buffer_after: int = 0
    buffer_may_overrun_closing: bool = True
    notice: int = 0
    horizon: int | None = None
    seats: int = 1
    places: int = 1
    day_limit: int | None = None
    sessions_only: bool = False

    def __post_init__(self) -> None:
        if min(self.duration, self.step, self.seats, self.places) < 1:
            raise ValueError("duration, step, seats and places are at least one")
        if min(self.buffer_before, self.buffer_after, self.notice, self.horizon or 0) < 0:
            raise ValueError("buffers, notice and horizon cannot be negative")
        if self.day_limit is not None and self.day_limit < 1:
            raise ValueError("a day limit is at least one")
        if self.buffer_before + self.duration + self.buffer_after > LONGEST:
            raise ValueError("an appointment with its buffers takes two days at most")

    def meeting(self, start: int) -> Span:
        """Return the true time of an appointment that begins at `start`."""
        return start, start + self.duration

    def blocked(self, start: int) -> Span:
        """Return that time with the buffers around it."""
        return start - self.buffer_before, start + self.duration + self.buffer_after

    def indoors(self, start: int) -> Span:
        """Return the part of the blocked time that must lie within opening hours."""
        return self.meeting(start) if self.buffer_may_overrun_closing else self.blocked(start)
