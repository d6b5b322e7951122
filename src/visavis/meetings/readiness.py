"""What is still missing before an offering's online meetings can take place."""

from dataclasses import dataclass

from visavis.catalog.models import Offering, Provider
from visavis.companies import features
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
    if not features.enabled(offering.company, features.ONLINE_MEETINGS):
        return [Gap(FEATURE_OFF)]
    providers = list(offering.providers.active().in_order())
    mappings = {
        mapping.provider_id: mapping
        for mapping in MeetingProvider.objects.filter(provider__in=providers)
    }
    connection = live_connection(offering.company)
    hosts = _hosts(connection)
    gaps = [
        Gap(kind, provider)
        for provider in providers
        if (kind := _missing(mappings.get(provider.pk), connection, hosts))
    ]
    zoom_wanted = any(one.platform == Platform.ZOOM for one in mappings.values())
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
    return [Gap(ATTENTION)] if connection.attention and zoom_wanted else []


def _hosts(connection: Connection | None) -> set[str]:
    if connection is None:
        return set()
    return set(
        connection.users.filter(gone_at=None, active=True).values_list("external_id", flat=True)
    )
