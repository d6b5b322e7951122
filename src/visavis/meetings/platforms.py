"""Which gateway a provider's meetings go through: one line per platform."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from visavis.catalog.models import Provider
from visavis.connections import zoom
from visavis.connections.operations import live_connection
from visavis.gateways.video import Fault, MappingBroken, NeedsReconnect, VideoGateway
from visavis.gateways.video.fixed import FixedLinkGateway
from visavis.gateways.video.jitsi import JitsiGateway
from visavis.meetings.aliases import alias_of
from visavis.meetings.models import MeetingProvider, Platform

# Faults that are ours to name: the set-up is not complete.
NOT_MAPPED = "not_mapped"
NOT_CONNECTED = "not_connected"
HOST_TAKEN = "host_taken"

Clock = Callable[[], datetime]


class NotSetUp(Exception):
    """Something on our side is missing before a platform can be asked. `fault` is the word."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Host:
    """On which platform, and as which of its users, a provider meets."""

    platform: str
    host_id: str
    fixed_link: str = ""

    @property
    def key(self) -> str:
        """Return what must be the same for a room to be still the right one.

        It does not change as aliases come and go with the connection.
        """
        host = alias_of(self.host_id) if self.platform == Platform.ZOOM else self.host_id
        return f"{self.platform}:{host or self.fixed_link}"


class GatewayFor(Protocol):
    """Whoever knows the way to a host's platform: `gateway_for`, or a test's own."""

    def __call__(self, provider: Provider, host: Host, *, clock: Clock) -> VideoGateway: ...


def host_of(provider: Provider) -> Host:
    """Return a provider's mapping; the platform is *none* when nobody chose one."""
    mapping = MeetingProvider.objects.filter(provider=provider).first()
    if mapping is None:
        return Host(Platform.NONE, "")
    return Host(mapping.platform, mapping.host_id, mapping.fixed_link)


def gateway_for(provider: Provider, host: Host, *, clock: Clock) -> VideoGateway:
    """Return the gateway to a host's platform.

    Raises NotSetUp while provider or company are not ready, NeedsReconnect or MappingBroken
    when what was set up no longer works.
    """
    match host.platform:
        case Platform.ZOOM:
            return _zoom(provider, host, clock=clock)
        case Platform.JITSI:
            return JitsiGateway(settings.JITSI_URL)
        case Platform.FIXED if host.fixed_link:
            return FixedLinkGateway(host.fixed_link)
        case _:
            raise NotSetUp(NOT_MAPPED)


def _zoom(provider: Provider, host: Host, *, clock: Clock) -> VideoGateway:
    connection = live_connection(provider.company)
    if connection is None:
        raise NotSetUp(NOT_CONNECTED)
    if not host.host_id:
        raise NotSetUp(NOT_MAPPED)
    if connection.problem in {Fault.RECONNECT, Fault.KEY}:
        raise NeedsReconnect(Fault(connection.problem), "the grant no longer works")
    if not connection.users.filter(external_id=host.host_id, gone_at=None).exists():
        raise MappingBroken(Fault.HOST_GONE, "the chosen host is not on the connected account")
    return zoom.gateway(connection, clock=clock)
