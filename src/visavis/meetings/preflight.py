"""What a look at a meeting ahead shows of its host, beside faults that a platform names itself.

A *notice* tells that a meeting will go otherwise than people expect: staff see it where they
look at the meeting, and nobody is written to. What keeps a meeting from taking place is a
fault.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from visavis.gateways.video import HostCheck
from visavis.meetings.models import Meeting, MeetingSettings, Platform, Room
from visavis.meetings.platforms import Host
from visavis.meetings.queries import settings_for

# Zoom ends the meetings of users without a licence after this time.
FREE_MINUTES = 40
# Whether a host is in another meeting matters this long before the start.
SOON = timedelta(minutes=15)


class Notice(TextChoices):
    """What will go otherwise than expected, each with what to do. Kept as these words."""

    BASIC = (
        "basic",
        _(
            "The host has a Basic plan at Zoom, which ends meetings after 40 minutes, and this one "
            "takes longer. Give the host a licence in Zoom, or choose another host."
        ),
    )
    PERSONAL_ROOM = (
        "personal_room",
        _(
            "Zoom puts the host's instant meetings into their personal room. We make a scheduled "
            "meeting instead, which stands on Zoom's Meetings page while it lasts. To avoid that, "
            "switch off “Use Personal Meeting ID” for instant meetings in the host's Zoom settings."
        ),
    )
    HOST_BUSY = (
        "host_busy",
        _(
            "The host is still in another online meeting, whose time is over. It must end before "
            "this one can start."
        ),
    )


def notices(
    meeting: Meeting, host: Host, seen: HostCheck, settings: MeetingSettings, *, now: datetime
) -> list[Notice]:
    """Return what is to be noted of a meeting, after a look at its host."""
    found: list[Notice] = []
    if not seen.licensed and is_cut_off(meeting):
        found.append(Notice.BASIC)
    if seen.personal_room and settings.strategy == MeetingSettings.Strategy.INSTANT:
        found.append(Notice.PERSONAL_ROOM)
    if _busy(meeting, host, at_once=settings.meetings_at_once, now=now):
        found.append(Notice.HOST_BUSY)
    return found


def is_cut_off(meeting: Meeting) -> bool:
    """Tell whether a meeting takes longer than Zoom lets users without a licence meet."""
    return meeting.ends_at - meeting.starts_at > timedelta(minutes=FREE_MINUTES)


def is_taken(meeting: Meeting, host: Host, *, at_once: int) -> bool:
    """Tell whether the host leads as many meetings of ours then as it can, which come first.

    Whoever books is kept from that, but two providers may be given one host afterwards.
    """
    if host.platform != Platform.ZOOM:
        return False
    first = Q(starts_at__lt=meeting.starts_at) | Q(starts_at=meeting.starts_at, pk__lt=meeting.pk)
    others = Meeting.objects.wanted().filter(
        first,
        company=meeting.company_id,
        provider__meeting_provider__platform=Platform.ZOOM,
        provider__meeting_provider__host_id=host.host_id,
        starts_at__lt=meeting.ends_at,
        ends_at__gt=meeting.starts_at,
        ended_at=None,
    )
    # A provider's own appointments never overlap. All that began earlier and are not over yet
    # run when this one begins.
    return others.exclude(provider=meeting.provider_id).count() >= at_once


def keep(meeting: Meeting, found: Sequence[Notice]) -> None:
    """Write down what is to be noted of a meeting, in place of what was before."""
    Meeting.objects.filter(pk=meeting.pk).update(notices=" ".join(found))


def keep_busy(meeting: Meeting, host: Host, *, now: datetime) -> None:
    """Look anew whether the host of an open room is in another meeting."""
    before = noted(meeting)
    found: list[Notice] = [one for one in before if one is not Notice.HOST_BUSY]
    at_once = settings_for(meeting.company).meetings_at_once
    if _busy(meeting, host, at_once=at_once, now=now):
        found.append(Notice.HOST_BUSY)
    if found != before:
        keep(meeting, found)


def noted(meeting: Meeting) -> list[Notice]:
    """Return what was noted of a meeting, as far as it still matters."""
    known = set(Notice.values)
    words = meeting.notices.split() if meeting.wanted else ()
    return [Notice(word) for word in words if word in known]


def _busy(meeting: Meeting, host: Host, *, at_once: int, now: datetime) -> bool:
    """Tell whether so many rooms of the host are still in use whose time is over.

    Of meetings that we did not make, Zoom tells nothing that an app like ours may read.
    """
    if host.platform != Platform.ZOOM or meeting.starts_at - now > SOON:
        return False
    overrunning = Room.objects.current().filter(
        platform=Platform.ZOOM,
        host_id=host.host_id,
        live=True,
        meeting__company=meeting.company_id,
        meeting__ends_at__lte=now,
    )
    return overrunning.exclude(meeting=meeting).count() >= at_once
