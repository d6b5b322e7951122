"""Writing down who was in a room, from what the platform tells and what it answers afterwards.

Both may tell of the same stay, in any order, twice or not at all; each is written down once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from visavis.connections.models import Connection
from visavis.connections.operations import REMOVED_AT_PLATFORM
from visavis.gateways.video import Attended
from visavis.meetings.models import JoinLink, PersonalLink, Presence, Room
from visavis.meetings.personal import same

# Two reports of one joining, where the platform does not say that it is the same stay.
CLOSE = timedelta(minutes=1)
# How long after our door somebody may appear in the room: Zoom's program must start, and its
# own waiting page may hold them up.
FROM_THE_DOOR = timedelta(minutes=30)
# Connections that ended for one of these took their right to such data with them; whoever only
# reconnects goes on.
FINAL = (REMOVED_AT_PLATFORM, "disconnected")


def note(room: Room, people: Iterable[Attended], *, now: datetime) -> None:
    """Write down stays in a room. May be repeated, and with less or more than before."""
    with transaction.atomic():
        # One at a time, so that two workers do not both believe a stay to be new.
        room = Room.objects.select_for_update().get(pk=room.pk)
        known = list(room.presences.order_by("pk"))
        for one in people:
            presence = _known(known, one)
            if presence is None:
                presence = Presence(room=room, noted_at=now)
                known.append(presence)
            _fill(presence, one)
            presence.save()
        _recognise(room, known)


def forget_ended(now: datetime) -> None:
    """Forget what came from a platform that took back our right to it, or that was left.

    A connection's own data goes in `connections.operations.end`, at once.
    """
    ended = Connection.objects.filter(
        disconnected_because__in=FINAL, disconnected_at__gt=now - timedelta(days=30)
    )
    for company, platform, until in ended.values_list("company", "platform", "disconnected_at"):
        Presence.objects.filter(
            room__meeting__company=company, room__platform=platform, noted_at__lte=until
        ).delete()


def _known(known: Sequence[Presence], one: Attended) -> Presence | None:
    """Return the stay that is meant, if it was written down before."""
    if one.number:
        numbered = next((presence for presence in known if presence.number == one.number), None)
        if numbered is not None:
            return numbered
    return next((presence for presence in known if _is_same_stay(presence, one)), None)


def _is_same_stay(presence: Presence, one: Attended) -> bool:
    if presence.number and one.number:
        return False
    if same(presence.name) != same(one.name):
        return False
    if presence.joined_at is None or one.joined_at is None:
        # Of one that was only seen leaving, whoever comes next under that name is the same.
        return presence.left_at is None or one.left_at is None
    return abs(presence.joined_at - one.joined_at) <= CLOSE


def _fill(presence: Presence, one: Attended) -> None:
    presence.number = presence.number or one.number[:60]
    presence.name = presence.name or one.name[:200]
    joined = [moment for moment in (presence.joined_at, one.joined_at) if moment]
    left = [moment for moment in (presence.left_at, one.left_at) if moment]
    presence.joined_at = min(joined, default=None)
    presence.left_at = max(left, default=None)
    if one.user_id and one.user_id == presence.room.host_id:
        presence.link = _providers_link(presence)


def _providers_link(presence: Presence) -> JoinLink | None:
    """Return the way in of whoever led the meeting then: hosts enter as nobody else can."""
    links = JoinLink.objects.filter(
        meeting=presence.room.meeting_id, side=JoinLink.Side.PROVIDER
    ).order_by("pk")
    then = presence.joined_at or presence.left_at or presence.noted_at
    return links.filter(Q(revoked_at=None) | Q(revoked_at__gt=then)).first() or links.last()


def _recognise(room: Room, presences: Sequence[Presence]) -> None:
    """Find out whose the stays are: by our links, never by an address of mail."""
    by_name = {
        same(name): link
        for name, link in PersonalLink.objects.filter(room=room).values_list("name", "link")
    }
    clients = list(
        JoinLink.objects.filter(
            meeting=room.meeting_id, side=JoinLink.Side.CLIENT, forwarded_at__isnull=False
        )
    )
    for presence in presences:
        if presence.link_id is None:
            presence.link_id = by_name.get(same(presence.name)) or _from_the_door(
                presence, clients, presences
            )
    for presence in presences:
        if presence.link_id is None:
            presence.link_id = _came_before(presence, presences)
        presence.save(update_fields=["link"])


def _from_the_door(
    presence: Presence, clients: Sequence[JoinLink], presences: Sequence[Presence]
) -> int | None:
    """Return the link of the same name by which somebody was let in shortly before."""
    came = presence.joined_at
    if came is None:
        return None
    taken = {one.link_id for one in presences}
    near = [
        (link.pk in taken, came - link.forwarded_at, link.pk)
        for link in clients
        if link.forwarded_at is not None
        and same(link.name) == same(presence.name)
        and -CLOSE <= came - link.forwarded_at <= FROM_THE_DOOR
    ]
    return min(near)[2] if near else None


def _came_before(presence: Presence, presences: Sequence[Presence]) -> int | None:
    """Return whose it is if one known person has that name: Zoom lets people back in itself."""
    namesakes = {
        one.link_id for one in presences if one.link_id and same(one.name) == same(presence.name)
    }
    return namesakes.pop() if len(namesakes) == 1 else None
