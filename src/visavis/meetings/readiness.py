"""What is still missing before an offering's online meetings can take place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.companies.models import Company
from visavis.connections.models import Connection
from visavis.connections.operations import live_connection
from visavis.meetings.models import MeetingProvider, Platform

FEATURE_OFF = "feature_off"
NOT_CONNECTED = "not_connected"
ATTENTION = "attention"
NOT_MAPPED = "not_mapped"
HOST_GONE = "host_gone"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: for a provider, or (None) for the whole company."""

    kind: str
    provider: Provider | None = None


def readiness(offering: Offering) -> list[Gap]:
    """Return what must be done so that every provider of the offering can meet online.

    What concerns the company stands first and once. An empty list means: ready.
    """
    return readiness_of_all(offering.company, [offering])[offering.pk]


def readiness_of_all(company: Company, offerings: Sequence[Offering]) -> dict[int, list[Gap]]:
    """Return the same for many offerings of one company, by their keys, with few queries."""
    if not features.enabled(company, features.ONLINE_MEETINGS):
        return {offering.pk: [Gap(FEATURE_OFF)] for offering in offerings}
    able: dict[int, list[Provider]] = {offering.pk: [] for offering in offerings}
    for pair in (
        Offering.providers.through.objects.filter(offering__in=offerings, provider__active=True)
        .select_related("provider")
        .order_by("provider__position", "provider__name", "provider")
    ):
        able[pair.offering_id].append(pair.provider)
    mappings = {
        mapping.provider_id: mapping
        for mapping in MeetingProvider.objects.filter(provider__company=company)
    }
    connection = live_connection(company)
    hosts = _hosts(connection)
    return {
        offering_id: _gaps(providers, mappings, connection, hosts)
        for offering_id, providers in able.items()
    }


def _gaps(
    providers: Sequence[Provider],
    mappings: Mapping[int, MeetingProvider],
    connection: Connection | None,
    hosts: set[str],
) -> list[Gap]:
    gaps = [
        Gap(kind, provider)
        for provider in providers
        if (kind := _missing(mappings.get(provider.pk), connection, hosts))
    ]
    zoom_wanted = any(
        provider.pk in mappings and mappings[provider.pk].platform == Platform.ZOOM
        for provider in providers
    )
    return [*_company_gaps(connection, zoom_wanted=zoom_wanted, open_ends=bool(gaps)), *gaps]


def _missing(
    mapping: MeetingProvider | None, connection: Connection | None, hosts: set[str]
) -> str:
    if mapping is None or mapping.platform == Platform.NONE:
        return NOT_MAPPED
    if mapping.platform == Platform.FIXED:
        return "" if mapping.fixed_link else NOT_MAPPED
    if mapping.platform != Platform.ZOOM or connection is None:
        # Without a connection nobody can be chosen: the company's own gap says so.
        return ""
    if not mapping.host_id:
        return NOT_MAPPED
    return "" if mapping.host_id in hosts else HOST_GONE


def _company_gaps(
    connection: Connection | None, *, zoom_wanted: bool, open_ends: bool
) -> list[Gap]:
    """A company that meets elsewhere needs no connection; one with nobody mapped may want one."""
    if connection is None:
        return [Gap(NOT_CONNECTED)] if zoom_wanted or open_ends else []
    return [Gap(ATTENTION)] if connection.problem and zoom_wanted else []


def _hosts(connection: Connection | None) -> set[str]:
    if connection is None:
        return set()
    return set(
        connection.users.filter(gone_at=None, active=True).values_list("external_id", flat=True)
    )
