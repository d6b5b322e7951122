"""Not asking Zoom too often: one pace for each account and class of calls, for all processes.

A token bucket in one row, as the "generic cell rate algorithm": it holds the moment up to
which calls are paid for, and each call moves it on. Taking a place is one UPDATE, whose
condition makes it right however many processes ask at once.
"""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest

from visavis.connections.models import CallPace
from visavis.gateways.video.zoom.limits import PER_SECOND, RateClass

SECOND = 1_000_000
# As many calls as a second allows may come at once; then they come evenly.
BURST = SECOND
# How long we stay slow after Zoom complained: it does not say what a plan allows.
SLOW_FOR = timedelta(days=1)
# Calls that were under way together are refused together, which is one lesson.
TOGETHER = timedelta(seconds=5)


def take(account: str, kind: RateClass, *, now: datetime) -> float:
    """Take a place for one call; return 0, or after how many seconds to ask again."""
    at = _microseconds(now)
    paid = Greatest(F("paid_until"), Value(at, BigIntegerField())) + Value(SECOND) / F("per_second")
    mine = CallPace.objects.filter(account=account, kind=kind)
    if mine.filter(paid_until__lte=at + BURST).update(paid_until=paid):
        return 0.0
    row = mine.first()
    if row is None:
        CallPace.objects.get_or_create(
            account=account, kind=kind, defaults={"per_second": PER_SECOND[kind]}
        )
        return take(account, kind, now=now)
    if row.slow_until is not None and row.slow_until <= now:
        mine.update(per_second=PER_SECOND[kind], slow_until=None)
    return max(row.paid_until - BURST - at, 1000) / SECOND


def slow_down(account: str, kind: RateClass, *, limit: int | None, now: datetime) -> None:
    """Go slower for a day, since Zoom refused a call: at what it allows, or at half the pace."""
    row = CallPace.objects.filter(account=account, kind=kind).first()
    if row is None:
        return
    lately = row.slow_until is not None and row.slow_until > now + SLOW_FOR - TOGETHER
    if limit is None and lately:
        return
    # Other programs may use the account as well: some room is left to them.
    pace = max(limit * 3 // 4 if limit else row.per_second // 2, 1)
    CallPace.objects.filter(pk=row.pk, per_second__gt=pace).update(per_second=pace)
    CallPace.objects.filter(pk=row.pk).update(slow_until=now + SLOW_FOR)


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * SECOND)
