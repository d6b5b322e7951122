"""Planning anew: what is planned about a thing becomes what is wanted of it, and nothing else.

A message that is wanted still stays the row it is, with its key and its tries. What a worker has
claimed may be at the server at this moment: its row is never deleted, or the same effect would be
planned, and sent, a second time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from visavis.notifications.models import Event, Message

Status = Message.Status
_FOLLOWED = ("recipient_name", "language", "time_zone", "details")


def plan_anew(
    wanted: Sequence[Message],
    things: Collection[tuple[Message.About, int]],
    *,
    events: Collection[Event],
    now: datetime,
) -> None:
    """Let exactly these messages be planned about some things, in the caller's transaction.

    Of those that are not planned yet, what should have left before `now` is left out.
    """
    about = reduce(or_, (Q(about=word, about_id=pk) for word, pk in things))
    known = Message.objects.filter(about, event__in=events).filter(
        Q(status=Status.PLANNED) | _taken_back()
    )
    standing = {one.key: one for one in known}
    for message in wanted:
        if message.key in standing:
            _follow(standing.pop(message.key), message)
    _give_up([one.pk for one in standing.values() if one.status == Status.PLANNED])
    plan_first(wanted, now=now)


def plan_first(wanted: Sequence[Message], *, now: datetime) -> None:
    """Plan what should not have left before `now`. What is planned already stays as it is."""
    due = [one for one in wanted if one.due_at > now]
    if due:
        Message.objects.bulk_create(due, ignore_conflicts=True)


def _follow(known: Message, message: Message) -> None:
    """Bring a message that stands up to date. When it leaves changes only if the plan did."""
    if known.status == Status.CANCELLED:
        # Taken back while a worker had it, and wanted again: it may be out already.
        Message.objects.filter(_taken_back(), pk=known.pk).update(status=Status.PLANNED)
    changed = {
        name: getattr(message, name)
        for name in _FOLLOWED
        if getattr(message, name) != getattr(known, name)
    }
    if "details" in changed:
        changed["due_at"] = message.due_at
    if changed:
        Message.objects.filter(pk=known.pk, status=Status.PLANNED).update(**changed)


def _give_up(keys: Sequence[int]) -> None:
    """Forget what is not wanted any more, but only take back what a worker has claimed."""
    if not keys:
        return
    unwanted = Message.objects.filter(pk__in=keys, status=Status.PLANNED)
    unwanted.filter(claimed_until=None).delete()
    unwanted.update(status=Status.CANCELLED)


def _taken_back() -> Q:
    # Whatever else cancels a message lets go of it, or is about something that has ended.
    return Q(status=Status.CANCELLED, claimed_until__isnull=False)
