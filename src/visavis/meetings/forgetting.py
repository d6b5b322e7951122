"""Forgetting the hosts of a connection that ended, and recognising those of one that is back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.query import QuerySet

from visavis.companies.models import Company
from visavis.connections.models import Connection
from visavis.meetings.aliases import PREFIX, alias_of
from visavis.meetings.models import Meeting, MeetingProvider, Room

Rows = QuerySet[Any]


def forget(connection: Connection, **_signal: object) -> None:
    """Keep aliases in place of the hosts that a connection told of, and no names."""
    company, platform = connection.company, connection.platform
    for rows in _hosts_of(company, platform):
        _replace(rows.exclude(host_id="").exclude(host_id__startswith=PREFIX), alias_of)
    MeetingProvider.objects.filter(provider__company=company, platform=platform).update(
        host_name=""
    )
    # The platform's own words may name its users.
    Meeting.objects.filter(company=company).exclude(fault_detail="").update(fault_detail="")


def recognise(connection: Connection, **_signal: object) -> None:
    """Put the hosts back that are users of a connection, where aliases stand for them."""
    former = [
        rows.filter(host_id__startswith=PREFIX)
        for rows in _hosts_of(connection.company, connection.platform)
    ]
    if not any(rows.exists() for rows in former):
        return
    users = {alias_of(user.external_id): user for user in connection.users.all()}
    for rows in former:
        _replace(rows, lambda alias: users[alias].external_id if alias in users else alias)
    unnamed = MeetingProvider.objects.filter(
        provider__company=connection.company, platform=connection.platform, host_name=""
    )
    for user in users.values():
        unnamed.filter(host_id=user.external_id).update(host_name=str(user))


def forget_left_over(now: datetime) -> None:
    """Forget what was written just while a connection ended: a room was being asked for."""
    live = Connection.objects.live().filter(
        company=OuterRef("company"), platform=OuterRef("platform")
    )
    ended = Connection.objects.filter(disconnected_at__lte=now).exclude(Exists(live))
    # One of each company will do.
    for connection in {(one.company_id, one.platform): one for one in ended}.values():
        forget(connection)


def _hosts_of(company: Company, platform: str) -> tuple[Rows, Rows]:
    return (
        MeetingProvider.objects.filter(provider__company=company, platform=platform),
        Room.objects.filter(meeting__company=company, platform=platform),
    )


def _replace(rows: Rows, other: Callable[[str], str]) -> None:
    for host_id in rows.order_by("host_id").values_list("host_id", flat=True).distinct():
        if other(host_id) != host_id:
            rows.filter(host_id=host_id).update(host_id=other(host_id))
