"""Zoom as this installation is set up to reach it: the app, and a client for a connection."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

import httpx2
from django.conf import settings

from visavis.connections import tokens
from visavis.connections.models import Connection
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.gateway import ZoomGateway
from visavis.gateways.video.zoom.oauth import ZoomApp
from visavis.gateways.video.zoom.transport import http_client

PLATFORM = "zoom"


@cache
def http() -> httpx2.Client:
    """Return this process's connections to Zoom, kept open between calls."""
    return http_client()


def is_configured() -> bool:
    """Return whether the operator gave this installation a Zoom app."""
    return bool(settings.ZOOM_CLIENT_ID and settings.ZOOM_CLIENT_SECRET)


def app() -> ZoomApp:
    """Return the Zoom app of this installation."""
    return ZoomApp(
        client_id=settings.ZOOM_CLIENT_ID,
        client_secret=settings.ZOOM_CLIENT_SECRET,
        http=http(),
        oauth_url=settings.ZOOM_OAUTH_URL,
        api_url=settings.ZOOM_API_URL,
    )


def client(connection: Connection, *, clock: Callable[[], datetime]) -> ZoomClient:
    """Return a client that acts for a connection and keeps its grant alive."""

    def token(force: bool) -> str:
        return tokens.access_token(connection, app=app(), force=force, clock=clock)

    return ZoomClient(connection.api_url or settings.ZOOM_API_URL, token, http())


def gateway(connection: Connection, *, clock: Callable[[], datetime]) -> ZoomGateway:
    """Return the meeting platform behind a connection."""
    return ZoomGateway(client(connection, clock=clock))
