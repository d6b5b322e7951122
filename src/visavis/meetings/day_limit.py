"""Zoom lets a host make a hundred meetings a day, from midnight to midnight in UTC.

Zoom API reference, "Rate limits", "Per-user". Whoever comes after them is refused until the
next day, so that we count ahead.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncDate

from visavis.companies.models import Company
from visavis.meetings.models import Meeting, Platform, Room
from visavis.meetings.queries import upcoming_on

MOST = 100
# Some room is left for meetings that are made twice, and by people in Zoom itself.
CROWDED = 90


def is_used_up(meeting: Meeting, host_id: str, *, opens_at: datetime) -> bool:
    """Tell whether the host's day will be used up before this meeting's room is made."""
    begins = datetime.combine(opens_at.astimezone(UTC).date(), time(), UTC)
    day = (begins, begins + timedelta(days=1))
    made = Room.objects.filter(
        platform=Platform.ZOOM, host_id=host_id, asked_at__gte=day[0], asked_at__lt=day[1]
    ).count()
    before = Meeting.objects.wanted().filter(
        company=meeting.company_id,
        provider__meeting_provider__platform=Platform.ZOOM,
        provider__meeting_provider__host_id=host_id,
        starts_at__gte=day[0],
        starts_at__lt=meeting.starts_at,
        rooms=None,
    )
    return made + before.count() >= MOST


def crowded(company: Company, *, now: datetime) -> Sequence[str]:
    """Return the hosts who have so many meetings ahead on one day that some may be refused."""
    days = (
        upcoming_on(company, Platform.ZOOM, now=now)
        .annotate(
            host=F("provider__meeting_provider__host_id"), day=TruncDate("starts_at", tzinfo=UTC)
        )
        .values("host", "day")
        .annotate(count=Count("pk"))
        .filter(count__gte=CROWDED)
    )
    return sorted({day["host"] for day in days})
