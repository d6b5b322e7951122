"""The slots-v1 family of scenarios: a deterministic office in Paris, more or less busy.

Monday to Friday nine to five, no buffers, no notice, starts every `duration` minutes. The
window opens on Monday 1 March 2027, so 31 days see both sides' changes to summer time. Each
provider has busy quarters of an hour scattered by a linear congruential generator over the
whole window, nights and weekends too, overlapping at will.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import islice
from zoneinfo import ZoneInfo

from visavis.core.hours import WeeklyHours
from visavis.core.spans import Span, to_minutes

PARIS = ZoneInfo("Europe/Paris")
OPENS = datetime(2027, 3, 1, tzinfo=PARIS)
OFFICE_HOURS = [WeeklyHours(weekday, 9 * 60, 17 * 60) for weekday in range(5)]


def window(days: int) -> Span:
    """Return the first `days` local days of the scenario."""
    return to_minutes(OPENS), to_minutes(OPENS + timedelta(days=days))


def busy(days: int, count: int, provider: int) -> list[Span]:
    """Return the provider's busy quarters, unsorted."""
    opens, closes = window(days)
    places = (closes - opens) // 5
    draws = islice(_draws(1000 + provider), 5, 5 + count)
    begins = [opens + 5 * (draw % places) for draw in draws]
    return [(begin, begin + 15) for begin in begins]


def digest(starts: list[int]) -> str:
    """Return ten hex digits that stand for a list of starts."""
    text = ",".join(str(start) for start in starts)
    return sha1(text.encode()).hexdigest()[:10]


def _draws(seed: int) -> Iterator[int]:
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state // 256
