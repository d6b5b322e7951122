"""Whose turn it is when more messages are due than one batch takes.

What somebody waits for at this moment goes before what reminds them, and that before what may
come any time; but some places of each batch are kept for the less urgent, so that nothing waits
until there is nothing else. Among messages of one urgency each company has its turn: ten
thousand reminders of one hold nobody else up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from visavis.companies.models import Company
from visavis.notifications.leases import LEASE, PAUSES
from visavis.notifications.models import Channel, Message, Urgency

# Which part of a batch is kept for each, if there are any.
KEPT = {Urgency.NOW: 0.0, Urgency.SOON: 0.2, Urgency.LATER: 0.1}
# How many times a batch is read before companies are asked for one by one.
FEW = 4
_ROW = ("due_at", "pk", "company")
# Numbers of our own for PostgreSQL's advisory locks.
_LOCKS = {Channel.EMAIL: 0x76697301, Channel.SMS: 0x76697302}


def next_in_turn(channel: Channel, *, now: datetime, limit: int) -> list[int]:
    """Return the keys of up to `limit` messages to be sent next, in the caller's transaction.

    Until that ends no other worker is told of any, or all would be told of the same.
    """
    if connection.features.has_select_for_update_skip_locked:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCKS[Channel(channel)]])
    waiting = {one: _in_turn(_ready(channel, one, now=now), limit) for one in Urgency}
    return shared_out(waiting, limit)


def shared_out(waiting: Mapping[Urgency, Sequence[int]], limit: int) -> list[int]:
    """Share the places of a batch out: what is kept for one and not needed is for the others."""
    kept = {one: min(len(waiting[one]), int(limit * KEPT[one])) for one in Urgency}
    chosen: list[int] = []
    for urgency in Urgency:
        for_others = sum(kept[one] for one in Urgency if one > urgency)
        chosen += waiting[urgency][: limit - len(chosen) - for_others]
    return chosen


def _ready(channel: Channel, urgency: Urgency, *, now: datetime) -> QuerySet[Message]:
    """Return what may leave, in the order of the index that holds what is planned."""
    planned = Message.objects.filter(
        status=Message.Status.PLANNED, channel=channel, urgency=urgency
    ).filter(
        Q(claimed_until=None)
        | Q(claimed_until__lte=now)
        # Longer than any lease: the clock was set back since.
        | Q(claimed_until__gt=now + 2 * LEASE)
    )
    return planned.filter(_due(urgency, now)).order_by("due_at", "pk")


def _due(urgency: Urgency, now: datetime) -> Q:
    """Return the condition that a message is to leave.

    One that somebody waits for leaves even if it was written, or put off, by a clock that was
    ahead of this one.
    """
    if urgency != Urgency.NOW:
        return Q(due_at__lte=now)
    ahead = Q(due_at=F("created_at")) | Q(attempts__gt=0, due_at__gt=now + PAUSES[-1])
    return Q(due_at__lte=now) | ahead


def _in_turn(ready: QuerySet[Message], limit: int) -> Sequence[int]:
    """Return the keys of the first messages: each company's first before anybody's second.

    Where few are ready these are all that is read; else the first few of each company.
    """
    rows = list(ready.values_list(*_ROW)[: FEW * limit])
    if len(rows) == FEW * limit:
        rows = sorted(
            row
            for company in _companies(ready, limit)
            for row in ready.filter(company=company).values_list(*_ROW)[:limit]
        )
    turns = Counter[int | None]()
    in_turn = []
    for due_at, key, company in rows:
        turns[company] += 1
        in_turn.append((turns[company], due_at, key))
    return [key for _turn, _due_at, key in sorted(in_turn)[:limit]]


def _companies(ready: QuerySet[Message], limit: int) -> Iterable[int | None]:
    """Return the companies whose first messages wait longest, and what belongs to none."""
    first = ready.filter(company=OuterRef("pk")).values("due_at")[:1]
    since = Company.objects.annotate(since=Subquery(first)).values_list("since", "pk")
    longest = sorted((one, pk) for one, pk in since if one is not None)[:limit]
    return [None, *(pk for _since, pk in longest)]
