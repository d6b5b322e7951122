"""How long somebody was there, and how late: from the stays that were seen."""

from collections.abc import Iterable
from datetime import datetime

from visavis.core.spans import merge


def minutes_present(stays: Iterable[tuple[datetime, datetime]]) -> int:
    """Return how many minutes somebody was there; two devices at once count once.

    Half a minute counts as one, and whoever looked in for a moment was there for one.
    """
    spans = [(round(begun.timestamp()), round(over.timestamp())) for begun, over in stays]
    if not spans:
        return 0
    seconds = sum(over - begun for begun, over in merge(spans))
    return max((seconds + 30) // 60, 1)


def minutes_late(starts_at: datetime, joined_at: datetime) -> int:
    """Return how many whole minutes after the start somebody came; 0 if in time."""
    return max(int((joined_at - starts_at).total_seconds()) // 60, 0)
