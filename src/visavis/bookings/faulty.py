"""Which online meetings ahead have something wrong, or unusual, by the offering they are of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from visavis.companies.models import Company
from visavis.meetings.preflight import Notice
from visavis.meetings.queries import upcoming


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many meetings ahead with one fault, or one notice, and when the first begins."""

    word: str
    count: int
    first: datetime
    notice: bool = False


def meetings_ahead(company: Company, *, now: datetime) -> Mapping[int, Sequence[Ahead]]:
    """Return what was found on meetings ahead, by the keys of the offerings, in one query."""
    rows = (
        upcoming(company, now=now)
        .filter(~Q(fault="") | ~Q(notices=""), appointment__isnull=False)
        .values_list("appointment__offering", "fault", "notices")
        .annotate(count=Count("pk"), first=Min("starts_at"))
        .order_by("first")
    )
    found: dict[int, dict[tuple[str, bool], Ahead]] = defaultdict(dict)
    for offering_id, fault, notices, count, first in rows:
        for word, notice in _words(fault, notices):
            before = found[offering_id].get((word, notice))
            found[offering_id][word, notice] = Ahead(
                word,
                count + (before.count if before else 0),
                before.first if before else first,
                notice,
            )
    return {offering_id: list(words.values()) for offering_id, words in found.items()}


def _words(fault: str, notices: str) -> Iterator[tuple[str, bool]]:
    if fault:
        yield fault, False
    known = set(Notice.values)
    yield from ((word, True) for word in notices.split() if word in known)
