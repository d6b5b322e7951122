"""Several providers who offer the same thing, for clients who do not mind whom they meet.

A start is offered if it fits into *one* provider's availability. Merging everybody's free
time first would offer starts that nobody can take.
"""

from collections.abc import Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from visavis.core.availability import Availability
from visavis.core.refusals import Refusal
from visavis.core.spans import Span

Key = TypeVar("Key", int, str)


class Candidate(NamedTuple, Generic[Key]):
    """A provider who might be chosen, and how many appointments they have where it counts."""

    key: Key
    availability: Availability
    booked: int


class AnyProvider(Generic[Key]):
    """The availabilities of all who might do it, by a key of the caller's."""

    def __init__(self, providers: Mapping[Key, Availability]) -> None:
        self._providers: Mapping[Key, Availability] = providers

    def slots(self, window: Span) -> list[int]:
        """Return the starts at which at least one provider can be booked, ascending."""
        offered: set[int] = set()
        for availability in self._providers.values():
            # A calendar is prepared only if it can add something.
            wanted = [start for start in availability.possible(window) if start not in offered]
            if wanted:
                offered.update(availability.among(wanted))
        return sorted(offered)

    def free(self, start: int) -> list[Key]:
        """Return who can be booked at `start`, in the order given."""
        return [key for key, one in self._providers.items() if one.refusal(start) is None]

    def refusal(self, start: int) -> Refusal | None:
        """Return None if anybody can be booked, else the reason of whoever came nearest to it.

        Raises ValueError if there is no provider at all.
        """
        refusals = [one.refusal(start) for one in self._providers.values()]
        if None in refusals:
            return None
        return max((why for why in refusals if why), key=lambda why: why.rank)


def choose(start: int, candidates: Iterable[Candidate[Key]]) -> Key | None:
    """Return the key of whoever should get a booking at `start`, or None if nobody can.

    An open group appointment is joined before another one is opened; then the provider with
    the fewest appointments comes first, then the smallest key.
    """
    able = [one for one in candidates if one.availability.refusal(start) is None]
    best = min(
        able,
        key=lambda one: (not one.availability.joins(start), one.booked, one.key),
        default=None,
    )
    return None if best is None else best.key
