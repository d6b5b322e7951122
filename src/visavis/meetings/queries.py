"""What pages ask about online meetings: ways in, how a company meets, what lies ahead."""

from collections.abc import Collection
from datetime import datetime

from visavis.companies.models import Company
from visavis.connections.models import Connection, PlatformUser
from visavis.meetings.models import (
    JoinLink,
    Meeting,
    MeetingProvider,
    MeetingQuerySet,
    MeetingSettings,
    Platform,
)


def first_client_links(holder_ids: Collection[int]) -> dict[int, JoinLink]:
    """Return each booking's way in (of several places the first), by the booking's key."""
    links = JoinLink.objects.standing().filter(side=JoinLink.Side.CLIENT, holder_id__in=holder_ids)
    return {link.holder_id: link for link in links.order_by("-place")}


def provider_links(meeting_ids: Collection[int]) -> dict[int, JoinLink]:
    """Return the provider's way into each meeting, by the meeting's key."""
    links = JoinLink.objects.standing().filter(side=JoinLink.Side.PROVIDER, meeting__in=meeting_ids)
    return {link.meeting_id: link for link in links}


def host_names(company: Company) -> dict[str, str]:
    """Return the platform's users whom the company may have as hosts, or had, by their ids."""
    chosen = MeetingProvider.objects.filter(provider__company=company).exclude(host_name="")
    users = PlatformUser.objects.filter(
        connection__in=Connection.objects.live().filter(company=company)
    )
    return {
        **{one.host_id: one.host_name for one in chosen if one.host_id},
        **dict(users.values_list("external_id", "name")),
    }


def settings_for(company: Company) -> MeetingSettings:
    """Return how a company meets, its defaults included."""
    found = MeetingSettings.objects.filter(company=company).first()
    return found or MeetingSettings(company=company)


def upcoming(company: Company, *, now: datetime) -> MeetingQuerySet:
    """Return the company's meetings that are wanted and not over."""
    return Meeting.objects.wanted().filter(company=company, ends_at__gt=now)


def upcoming_on(company: Company, platform: Platform, *, now: datetime) -> MeetingQuerySet:
    """Return those whose provider meets on a platform."""
    return upcoming(company, now=now).filter(provider__meeting_provider__platform=platform)
