"""Whose turn it is when more messages are due than one batch takes.

What somebody waits for at this moment goes before what reminds them, and that before what may
come any time; but some places of each batch are kept for the less urgent, so that nothing waits
until there is nothing else. Among messages of one urgency each company has its turn: ten
thousand reminders of one hold nobody else up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from visavis.notifications.leases import LEASE, PAUSES
from visavis.notifications.models import Channel, Message, Urgency

# Which part of a batch is kept for each, if there are any.
KEPT = {Urgency.NOW: 0.0, Urgency.SOON: 0.2, Urgency.LATER: 0.1}
# Numbers of our own for PostgreSQL's advisory locks.
_LOCKS = {Channel.EMAIL: 0x76697301, Channel.SMS: 0x76697302}


def next_in_turn(channel: Channel, *, now: datetime, limit: int) -> list[int]:
    """Return the keys of up to `limit` messages to be sent next, in the caller's transaction.

    Until that ends no other worker is told of any, or all would be told of the same.
    """
    if connection.features.has_select_for_update_skip_locked:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCKS[Channel(channel)]])
    ready = _ready(channel, now=now)
    return shared_out(
        {one: list(_in_turn(ready.filter(urgency=one))[:limit]) for one in Urgency}, limit
    )


def shared_out(waiting: Mapping[Urgency, Sequence[int]], limit: int) -> list[int]:
    """Share the places of a batch out: what is kept for one and not needed is for the others."""
    kept = {one: min(len(waiting[one]), int(limit * KEPT[one])) for one in Urgency}
    chosen: list[int] = []
    for urgency in Urgency:
        for_others = sum(kept[one] for one in Urgency if one > urgency)
        chosen += waiting[urgency][: limit - len(chosen) - for_others]
    return chosen


def _ready(channel: Channel, *, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(_due(now), status=Message.Status.PLANNED, channel=channel).filter(
        Q(claimed_until=None)
        | Q(claimed_until__lte=now)
        # Longer than any lease: the clock was set back since.
        | Q(claimed_until__gt=now + 2 * LEASE)
    )


def _due(now: datetime) -> Q:
    """Return the condition that a message is to leave.

    One that somebody waits for leaves even if it was written, or put off, by a clock that was
    ahead of this one.
    """
    ahead = Q(due_at=F("created_at")) | Q(attempts__gt=0, due_at__gt=now + PAUSES[-1])
    return Q(due_at__lte=now) | Q(urgency=Urgency.NOW) & ahead


def _in_turn(ready: QuerySet[Message]) -> QuerySet[Message, int]:
    """Order messages so that each company's first come before anybody's second."""
    turn = Window(RowNumber(), partition_by=F("company"), order_by=("due_at", "pk"))
    return ready.annotate(turn=turn).order_by("turn", "due_at", "pk").values_list("pk", flat=True)
