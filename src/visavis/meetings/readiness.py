"""What is still missing before an offering's online meetings can take place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.companies.models import Company
from visavis.connections.models import Connection
from visavis.connections.operations import live_connection
from visavis.gateways.video.zoom.scopes import Granted
from visavis.meetings.models import MeetingProvider, Platform
from visavis.meetings.preflight import FREE_MINUTES

FEATURE_OFF = "feature_off"
NOT_CONNECTED = "not_connected"
ATTENTION = "attention"
SCOPES = "scopes"
NO_PROVIDERS = "no_providers"
NOT_MAPPED = "not_mapped"
NOT_SHARED = "not_shared"
HOST_GONE = "host_gone"
HOST_NOT_ALLOWED = "host_not_allowed"
BASIC_HOST = "basic_host"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: for a provider, or (None) for the company or the offering.

    With a mere `notice` meetings take place, but not as people expect. `detail` names scopes.
    """

    kind: str
    provider: Provider | None = None
    notice: bool = False
    detail: str = ""

    @property
    def of_company(self) -> bool:
        """Tell whether it is the same for all offerings of the company."""
        return self.kind in (FEATURE_OFF, NOT_CONNECTED, ATTENTION, SCOPES)


@dataclass(frozen=True, slots=True)
class _Zoom:
    """What is known of a company's connection: its hosts, and whether they have a licence.

    Who is on the account and may not even host short meetings is among the `barred`.
    """

    connection: Connection | None
    hosts: Mapping[str, bool]
    barred: Collection[str] = ()

    def why_not(self, host_id: str) -> str:
        """Return why a host who was chosen may not be one, or nothing if they may."""
        if host_id in self.hosts:
            return ""
        if host_id in self.barred:
            return HOST_NOT_ALLOWED
        connection = self.connection
        not_shared = connection and connection.shared_access == Connection.SharedAccess.NO
        return NOT_SHARED if not_shared else HOST_GONE


def readiness(offering: Offering) -> list[Gap]:
    """Return what must be done so that every provider of the offering can meet online.

    What concerns the company stands first and once. Nothing but notices means: ready.
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
    zoom = _zoom(company)
    return {
        offering.pk: _gaps(offering, able[offering.pk], mappings, zoom) for offering in offerings
    }


def _gaps(
    offering: Offering,
    providers: Sequence[Provider],
    mappings: Mapping[int, MeetingProvider],
    zoom: _Zoom,
) -> list[Gap]:
    if not providers:
        return [Gap(NO_PROVIDERS)]
    found = (_gap(offering, one, mappings.get(one.pk), zoom) for one in providers)
    gaps = [gap for gap in found if gap is not None]
    zoom_wanted = any(
        one.pk in mappings and mappings[one.pk].platform == Platform.ZOOM for one in providers
    )
    open_ends = any(not gap.notice for gap in gaps)
    company = _company_gaps(zoom.connection, zoom_wanted=zoom_wanted, open_ends=open_ends)
    return [*company, *gaps]


def _gap(
    offering: Offering, provider: Provider, mapping: MeetingProvider | None, zoom: _Zoom
) -> Gap | None:
    kind = _missing(mapping, zoom)
    if kind:
        return Gap(kind, provider)
    licensed = zoom.hosts.get(mapping.host_id, True) if mapping else True
    if not licensed and offering.duration_minutes > FREE_MINUTES:
        return Gap(BASIC_HOST, provider, notice=True)
    return None


def _missing(mapping: MeetingProvider | None, zoom: _Zoom) -> str:
    if mapping is None or mapping.platform == Platform.NONE:
        return NOT_MAPPED
    if mapping.platform == Platform.FIXED:
        return "" if mapping.fixed_link else NOT_MAPPED
    if mapping.platform != Platform.ZOOM or zoom.connection is None:
        # Without a connection nobody can be chosen: the company's own gap says so.
        return ""
    if not mapping.host_id:
        return NOT_MAPPED
    return zoom.why_not(mapping.host_id)


def _company_gaps(
    connection: Connection | None, *, zoom_wanted: bool, open_ends: bool
) -> list[Gap]:
    """A company that meets elsewhere needs no connection; one with nobody mapped may want one."""
    if connection is None:
        return [Gap(NOT_CONNECTED)] if zoom_wanted or open_ends else []
    if not zoom_wanted:
        return []
    if connection.problem:
        return [Gap(ATTENTION)]
    granted = Granted(connection.scopes)
    if missing := granted.missing():
        return [Gap(SCOPES, notice=granted.suffices, detail=", ".join(missing))]
    return []


def _zoom(company: Company) -> _Zoom:
    connection = live_connection(company)
    if connection is None:
        return _Zoom(None, {})
    users = connection.users.filter(gone_at=None)
    known = list(users.values_list("external_id", "licensed", "active"))
    able = {user: licensed for user, licensed, active in known if active}
    return _Zoom(connection, able, {user for user, _licensed, active in known if not active})
