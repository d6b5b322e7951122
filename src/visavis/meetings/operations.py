"""What booking operations want of online meetings: meetings, hosts and join links.

Everything here is rows of our own and runs inside the caller's transaction; nothing asks a
platform. `meetings.rooms` does that later, when the rows say it is time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from visavis.catalog.models import Provider
from visavis.companies.models import Company
from visavis.database.prepared import prepared_rules
from visavis.database.writing import insert, insert_all
from visavis.meetings.models import (
    JoinLink,
    JoinLinkQuerySet,
    Meeting,
    MeetingProvider,
    MeetingQuerySet,
    MeetingSettings,
)
from visavis.meetings.platforms import HOST_TAKEN, Host

# A room is made this long before the start, so that nobody waits for the platform at the hour.
OPEN_AHEAD = timedelta(minutes=2)
# When a meeting is looked at before its start, to find faults while there is time to mend them.
PREFLIGHTS = (timedelta(hours=24), timedelta(minutes=60), timedelta(minutes=10))


def want(
    *,
    company: Company,
    provider: Provider,
    topic: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Meeting:
    """Plan an online meeting, to which nobody is invited yet."""
    return insert(
        Meeting(
            company=company,
            provider=provider,
            topic=topic[:200],
            starts_at=starts_at,
            ends_at=ends_at,
            look_at=_first_look(company, starts_at, now=now),
        )
    )


def _first_look(company: Company, starts_at: datetime, *, now: datetime) -> datetime:
    ahead = MeetingSettings.Strategy.AHEAD
    return now if (ahead,) in _strategy(company=company.pk) else next_look(starts_at, now=now)


@prepared_rules
def _strategy(company: int) -> QuerySet[MeetingSettings, tuple[str]]:
    return MeetingSettings.objects.filter(company=company).values_list("strategy")


def next_look(starts_at: datetime, *, now: datetime) -> datetime:
    """Return when a planned meeting must be looked at next: a pre-flight, or its opening."""
    moments = [starts_at - ahead for ahead in (*PREFLIGHTS, OPEN_AHEAD)]
    return min((moment for moment in moments if moment > now), default=now)


def reschedule(
    meeting: Meeting,
    *,
    provider: Provider,
    topic: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Let a meeting follow its appointment. Links stay; a new provider gets one of their own."""
    handed_over = meeting.provider_id != provider.pk
    meeting.provider = provider
    meeting.topic = topic[:200]
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.wanted = True
    meeting.started_at = meeting.ended_at = None
    meeting.fault = meeting.fault_detail = ""
    meeting.fault_since = meeting.fault_told_at = None
    meeting.notices = ""
    # At once, because a room may be open that must be given up.
    meeting.look_at = now
    meeting.attempts = 0
    # What a worker notes of it at this moment stays: its lease, for one.
    meeting.save(update_fields=_RESCHEDULED)
    _look_again_at_taken(meeting.company, now=now)
    if handed_over:
        _revoke(
            meeting.links.filter(side=JoinLink.Side.PROVIDER),
            because=JoinLink.Revoked.PROVIDER_CHANGED,
            now=now,
        )
        invite_provider(meeting)


_RESCHEDULED = (
    "provider", "topic", "starts_at", "ends_at", "wanted", "started_at", "ended_at",
    "fault", "fault_detail", "fault_since", "fault_told_at", "notices", "look_at", "attempts",
)  # fmt: skip


def wake(meeting: Meeting, *, now: datetime) -> None:
    """Let a worker look at a meeting at once, as if it had not failed before."""
    meeting.look_at = now
    meeting.attempts = 0
    meeting.save(update_fields=["look_at", "attempts"])


def give_up(meeting: Meeting, *, because: JoinLink.Revoked, now: datetime) -> None:
    """Want a meeting no longer: all its links say why, and its room will be closed."""
    meeting.wanted = False
    meeting.look_at = now
    meeting.attempts = 0
    meeting.save(update_fields=["wanted", "look_at", "attempts"])
    _revoke(meeting.links.all(), because=because, now=now)
    _look_again_at_taken(meeting.company, now=now)


def invite_provider(meeting: Meeting) -> JoinLink:
    """Make the provider's way in."""
    link = _provider_link(meeting)
    link.save()
    return link


def _provider_link(meeting: Meeting) -> JoinLink:
    return JoinLink(
        meeting=meeting,
        side=JoinLink.Side.PROVIDER,
        holder_id=meeting.provider_id,
        name=meeting.provider.name,
    )


def invite(
    meeting: Meeting, *, holder_id: int, name: str, places: int, provider_too: bool = False
) -> Sequence[JoinLink]:
    """Make a booking's ways in, one for each place, after the provider's if there is none yet."""
    links = [_provider_link(meeting)] if provider_too else []
    links += [
        JoinLink(
            meeting=meeting,
            side=JoinLink.Side.CLIENT,
            holder_id=holder_id,
            place=place,
            name=name,
        )
        for place in range(1, places + 1)
    ]
    insert_all(links)
    return links


def follow(*, holder_id: int, meeting: Meeting) -> None:
    """Let a booking's links lead to another meeting; the links themselves do not change."""
    client_links(holder_id).filter(revoked_at=None).update(meeting=meeting)


def revoke_client(*, holder_id: int, because: JoinLink.Revoked, now: datetime) -> None:
    """Close a booking's ways in, saying why."""
    _revoke(client_links(holder_id), because=because, now=now)


def client_links(holder_id: int) -> JoinLinkQuerySet:
    """Return the links of one booking."""
    return JoinLink.objects.filter(side=JoinLink.Side.CLIENT, holder_id=holder_id)


def _revoke(links: JoinLinkQuerySet, *, because: JoinLink.Revoked, now: datetime) -> None:
    links.filter(revoked_at=None).update(revoked_at=now, revoked_because=because)


def choose_host(provider: Provider, host: Host, *, host_name: str, now: datetime) -> None:
    """Let a provider meet on a platform, as one of its users or behind a link of their own.

    Meetings ahead are looked at again, so that a room of the former host is given up.
    """
    chosen = {
        "platform": host.platform,
        "host_id": host.host_id,
        "host_name": host_name,
        "fixed_link": host.fixed_link,
    }
    mapping = MeetingProvider.objects.filter(provider=provider).first()
    if mapping is None:
        MeetingProvider.objects.create(provider=provider, **chosen)
    elif any(getattr(mapping, name) != value for name, value in chosen.items()):
        MeetingProvider.objects.filter(pk=mapping.pk).update(**chosen)
    else:
        return
    look_again(Meeting.objects.filter(provider=provider), now=now)
    _look_again_at_taken(provider.company, now=now)


def change_settings(company: Company, changed: MeetingSettings, *, now: datetime) -> None:
    """Change how a company meets, for the meetings ahead too."""
    changed.company = company
    changed.save()
    look_again(Meeting.objects.filter(company=company), now=now)


def look_again(meetings: MeetingQuerySet, *, now: datetime) -> None:
    """Have those meetings looked at that are still wanted and not over, now."""
    ahead = meetings.wanted().filter(ends_at__gt=now)
    ahead.update(look_at=now, attempts=0, notices="")


def look_again_at_hosts(company: Company, host_ids: Collection[str], *, now: datetime) -> None:
    """Have the meetings ahead of those looked at who meet as one of these hosts."""
    theirs = Meeting.objects.filter(
        company=company, provider__meeting_provider__host_id__in=host_ids
    )
    look_again(theirs, now=now)


def _look_again_at_taken(company: Company, *, now: datetime) -> None:
    """Have the meetings looked at whose host had another one: it may just have gone away."""
    look_again(Meeting.objects.filter(company=company, fault=HOST_TAKEN), now=now)
