"""A company's connection to a meeting platform: looked after, and ended from either side."""

import logging
from datetime import datetime

from django.db import transaction

from visavis.companies.models import Company
from visavis.connections import zoom
from visavis.connections.models import Connection, ConnectionQuerySet, Mode
from visavis.gateways.video import NeedsReconnect, VideoError
from visavis.gateways.video.zoom.oauth import ZoomApp

logger = logging.getLogger(__name__)

# Why a connection ended: somebody removed the app on the platform's side.
REMOVED_AT_PLATFORM = "removed_at_platform"


def live_connection(company: Company, platform: str = zoom.PLATFORM) -> Connection | None:
    """Return the company's connection to a platform, or None."""
    return Connection.objects.live().filter(company=company, platform=platform).first()


def disconnect(connection: Connection, *, because: str, now: datetime) -> bool:
    """End a connection from our side; return whether Zoom confirmed that the grant is gone.

    The grant is given back, so that Zoom asks for consent again next time, and with it
    whether access is shared. A Server-to-Server app has no consent to give back: its token
    dies with its hour.
    """
    revoking = None if connection.mode == Mode.SERVER else _revocation(connection, now=now)
    end(connection, because=because, now=now)
    if revoking is None:
        return connection.mode == Mode.SERVER
    app, token = revoking
    try:
        app.revoke(token)
    except VideoError as error:
        logger.warning("revoking the grant of %s: %s", connection, error.fault)
        return False
    return True


def deauthorised(
    connections: ConnectionQuerySet, *, client_id: str, user_id: str, now: datetime
) -> list[Connection]:
    """End those connections that Zoom says were removed on its side; return them."""
    ended = list(connections.live().filter(client_id=client_id, user_id=user_id))
    for connection in ended:
        end(connection, because=REMOVED_AT_PLATFORM, now=now)
    return ended


def end(connection: Connection, *, because: str, now: datetime) -> None:
    """Forget a connection's tokens and all that came from the platform about people."""
    with transaction.atomic():
        connection.users.all().delete()
        connection.access_token = connection.refresh_token = ""
        connection.user_name = connection.user_email = ""
        connection.user_id = connection.account_id = ""
        connection.expires_at = connection.refreshing_until = None
        connection.attention, connection.attention_since = "", None
        connection.attention_told_at = None
        connection.disconnected_at, connection.disconnected_because = now, because
        connection.save()


def _revocation(connection: Connection, *, now: datetime) -> tuple[ZoomApp, str] | None:
    """Return the app and a token that Zoom still knows: an expired one would revoke nothing."""
    try:
        app = zoom.app_of(connection)
    except NeedsReconnect as error:
        logger.warning("nothing to revoke %s with: %s", connection, error.detail)
        return None
    try:
        return app, zoom.access_token(connection, force=False, clock=lambda: now)
    except VideoError as error:
        logger.warning("renewing the grant of %s to revoke it: %s", connection, error.fault)
        return (app, connection.access_token) if connection.access_token else None
