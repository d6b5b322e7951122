"""Why a start cannot be booked: the one list of reasons, which pages and mails translate."""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason a person can be told, in the order in which reasons are looked for."""

    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    NO_SESSION = "no_session"
    NOT_ENOUGH_SEATS = "not_enough_seats"
    COMPANY_CLOSED = "company_closed"
    PUBLIC_HOLIDAY = "public_holiday"
    SPECIAL_DAY_CLOSED = "special_day_closed"
    TIME_OFF = "time_off"
    PROVIDER_NOT_WORKING = "provider_not_working"
    OUTSIDE_OFFERING_HOURS = "outside_offering_hours"
    DOES_NOT_FIT = "does_not_fit"
    OFF_GRID = "off_grid"
    DAY_LIMIT_REACHED = "day_limit_reached"
    TAKEN = "taken"
    BUSY_ELSEWHERE = "busy_elsewhere"
    BUFFER = "buffer"
    MEETING_HOST_BUSY = "meeting_host_busy"

    @property
    def overridable(self) -> bool:
        """Tell whether staff may book in spite of it. Time and seats that are gone stay gone."""
        return self not in _FINAL

    @property
    def rank(self) -> int:
        """Return how near to bookable a start is that fails for this reason: later is nearer."""
        return _RANKS[self]


class Owner(StrEnum):
    """Whose hours keep a start closed."""

    COMPANY = "company"
    PROVIDER = "provider"
    OFFERING = "offering"


_FINAL = frozenset(
    {
        Refusal.NO_SESSION,
        Refusal.NOT_ENOUGH_SEATS,
        Refusal.TAKEN,
        Refusal.BUSY_ELSEWHERE,
        Refusal.MEETING_HOST_BUSY,
    }
)
_RANKS = {refusal: rank for rank, refusal in enumerate(Refusal)}

OVERRIDABLE = frozenset(Refusal) - _FINAL
