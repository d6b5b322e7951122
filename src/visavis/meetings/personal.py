"""Ways in that carry a person's name, so that the platform shows it and can tell us who came.

Nobody's meeting depends on them: whoever has none enters by the room's own address.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from visavis.gateways.video import LONGEST_NAME, NotAvailable, NotThere, VideoError
from visavis.meetings import platforms
from visavis.meetings.models import JoinLink, JoinLinkQuerySet, Meeting, PersonalLink, Room
from visavis.meetings.platforms import Clock, GatewayFor, NotSetUp
from visavis.meetings.work import gateway_of

logger = logging.getLogger(__name__)

# A room may be made days ahead; addresses are made when people are about to come.
AHEAD = timedelta(minutes=5)
# The platform's addresses work for a day; an older one is made anew.
FRESH = timedelta(hours=20)
# A worker makes them in less time, once a provider has opened the room.
SOON = timedelta(seconds=3)


def prepare(
    meeting: Meeting, *, clock: Clock, gateway_for: GatewayFor = platforms.gateway_for
) -> None:
    """Make the addresses that are wanting in the meeting's room, all in one call.

    What fails is left out and tried when a worker looks again.
    """
    now = clock()
    room = meeting.rooms.current().first()
    if room is None or not room.usable or room.nameless or not _is_near(meeting, now):
        return
    names = _names(room, _wanting(meeting, room, now=now))
    if not names:
        return
    try:
        gateway = gateway_of(room, meeting, clock=clock, gateway_for=gateway_for)
        urls = gateway.personal_links(room.external_id, list(names))
    except NotAvailable:
        Room.objects.filter(pk=room.pk).update(nameless=True)
    except (NotThere, NotSetUp, VideoError) as error:
        # Without the error's text: it comes from outside.
        logger.info("no names for room %s: %s", room.pk, type(error).__name__)
    else:
        made = {name: (link, urls[name]) for name, link in names.items() if name in urls}
        _keep(room, made, now=clock())


def address(link: JoinLink, room: Room, *, now: datetime) -> str:
    """Return where a client enters a room: an address of their own, or everybody's."""
    own = PersonalLink.objects.filter(link=link, room=room, made_at__gt=now - FRESH).first()
    return (own.url if own is not None else "") or room.join_url


def is_coming(link: JoinLink, room: Room, *, now: datetime) -> bool:
    """Tell whether the room is so new that a worker may just be making this client's address."""
    if room.nameless or room.opened_at is None or now >= room.opened_at + SOON:
        return False
    return not PersonalLink.objects.filter(link=link, room=room).exists()


def forget_closed(now: datetime) -> None:
    """Forget the addresses that lead into rooms which are closed."""
    PersonalLink.objects.exclude(url="").filter(room__closed_at__isnull=False).update(url="")


def _is_near(meeting: Meeting, now: datetime) -> bool:
    return meeting.started_at is not None or now >= meeting.starts_at - AHEAD


def _wanting(meeting: Meeting, room: Room, *, now: datetime) -> JoinLinkQuerySet:
    fresh = PersonalLink.objects.filter(room=room, made_at__gt=now - FRESH).exclude(url="")
    links = meeting.links.standing().filter(side=JoinLink.Side.CLIENT)
    return links.exclude(pk__in=fresh.values("link")).order_by("holder_id", "place")


def _names(room: Room, links: Iterable[JoinLink]) -> dict[str, JoinLink]:
    """Return a name for each link; who had one in this room keeps it.

    Two people of the same name, and the places of one booking, get numbers behind theirs.
    """
    kept = dict(PersonalLink.objects.filter(room=room).values_list("link", "name"))
    taken = {same(name) for name in kept.values()}
    names: dict[str, JoinLink] = {}
    for link in links:
        name = kept.get(link.pk) or _free_name(link.name, taken)
        if name:
            taken.add(same(name))
            names[name] = link
    return names


def _free_name(name: str, taken: set[str]) -> str:
    plain = " ".join(name.split())[:LONGEST_NAME].strip()
    free, number = plain, 1
    while free and same(free) in taken:
        number += 1
        ending = f" ({number})"
        free = plain[: LONGEST_NAME - len(ending)].rstrip() + ending
    return free


def same(name: str) -> str:
    """Return what is equal for names that people take for the same."""
    return " ".join(name.casefold().split())


def _keep(room: Room, made: dict[str, tuple[JoinLink, str]], *, now: datetime) -> None:
    if not Room.objects.current().filter(pk=room.pk).exists():
        return
    PersonalLink.objects.bulk_create(
        [
            PersonalLink(link=link, room=room, name=name, url=url, made_at=now)
            for name, (link, url) in made.items()
        ],
        update_conflicts=True,
        unique_fields=["link", "room"],
        update_fields=["url", "made_at"],
    )
