"""Ways to reach Zoom: with an app's credentials, or in the name of a connection."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import httpx2
from django.conf import settings
from django.utils import timezone

from visavis.connections import pace, tokens
from visavis.connections.models import Connection
from visavis.connections.registrations import PLATFORM, Registration, registration_of
from visavis.gateways.video import Fault, NeedsReconnect
from visavis.gateways.video.zoom import scopes
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.gateway import ZoomGateway
from visavis.gateways.video.zoom.limits import RateClass
from visavis.gateways.video.zoom.oauth import ZoomApp
from visavis.gateways.video.zoom.transport import ORDINARY, Patience, http_client

__all__ = ["PLATFORM", "access_token", "app", "app_of", "client", "gateway", "http"]


@cache
def http() -> httpx2.Client:
    """Return this process's connections to Zoom, kept open between calls."""
    return http_client()


@dataclass(frozen=True, slots=True)
class _Pacer:
    """The pace of one account, kept in the database. It waits by the real clock."""

    account: str

    def take(self, kind: RateClass) -> float:
        return pace.take(self.account, kind, now=timezone.now())

    def slow_down(self, kind: RateClass, limit: int | None) -> None:
        pace.slow_down(self.account, kind, limit=limit, now=timezone.now())


def app(registration: Registration) -> ZoomApp:
    """Return a registered app, ready to be used."""
    return ZoomApp(
        client_id=registration.client_id,
        client_secret=registration.client_secret,
        http=http(),
        oauth_url=settings.ZOOM_OAUTH_URL,
        api_url=settings.ZOOM_API_URL,
    )


def app_of(connection: Connection) -> ZoomApp:
    """Return the app that a connection's tokens belong to.

    Raises NeedsReconnect if the company uses another one by now, or if its secret cannot be
    decrypted.
    """
    registration = registration_of(connection.company)
    if registration is None or not registration.made(connection):
        raise NeedsReconnect(Fault.RECONNECT, "the grant belongs to another app")
    if registration.unreadable:
        raise NeedsReconnect(Fault.KEY, "no key decrypts the app's secret")
    return app(registration)


def access_token(connection: Connection, *, force: bool, clock: Callable[[], datetime]) -> str:
    """Return a token of a connection that should work; see `tokens.access_token`."""
    return tokens.access_token(connection, app=lambda: app_of(connection), force=force, clock=clock)


def client(
    connection: Connection, *, clock: Callable[[], datetime], patience: Patience = ORDINARY
) -> ZoomClient:
    """Return a client that acts for a connection and keeps its grant alive."""

    def token(force: bool) -> str:
        return access_token(connection, force=force, clock=clock)

    url = connection.api_url or settings.ZOOM_API_URL
    pacer = _Pacer(connection.account_id or connection.client_id)
    return ZoomClient(url, token, http(), patience=patience, pacer=pacer)


def gateway(
    connection: Connection, *, clock: Callable[[], datetime], patience: Patience = ORDINARY
) -> ZoomGateway:
    """Return the meeting platform behind a connection."""
    granted = scopes.Granted(connection.scopes)
    reached = client(connection, clock=clock, patience=patience)
    return ZoomGateway(reached, granted, own_id=connection.user_id)
