"""A company's connection to a meeting platform: looked after, and ended from either side."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from visavis.companies.models import Company
from visavis.connections import hosts, signals, zoom
from visavis.connections.models import Connection, ConnectionQuerySet, Mode
from visavis.gateways.video import NeedsReconnect, VideoError
from visavis.gateways.video.zoom.oauth import ZoomApp

logger = logging.getLogger(__name__)

# Why a connection ended: somebody removed the app on the platform's side.
REMOVED_AT_PLATFORM = "removed_at_platform"
# What of a connection is gone with its end.
_FORGOTTEN: dict[str, Any] = {
    "access_token": "",
    "refresh_token": "",
    "expires_at": None,
    "refreshing_until": None,
    "scopes": "",
    "api_url": "",
    "account_id": "",
    "user_id": "",
    "user_name": "",
    "user_email": "",
    "attention": "",
    "attention_since": None,
    "attention_told_at": None,
}


def live_connection(company: Company, platform: str = zoom.PLATFORM) -> Connection | None:
    """Return the company's connection to a platform, or None."""
    return Connection.objects.live().filter(company=company, platform=platform).first()


def last_connection(company: Company, platform: str = zoom.PLATFORM) -> Connection | None:
    """Return the connection that the company has, or had last."""
    found = Connection.objects.filter(company=company, platform=platform)
    return found.order_by("connected_at", "pk").last()


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
        return app.revoke(token)
    except VideoError as error:
        logger.warning("revoking the grant of %s: %s", connection, error.fault)
        return False


def deauthorised(
    connections: ConnectionQuerySet,
    *,
    client_id: str,
    user_id: str,
    at: datetime | None,
    now: datetime,
) -> list[Connection]:
    """End those connections that Zoom says were removed on its side at a time; return them."""
    theirs = connections.live().filter(client_id=client_id, user_id=user_id)
    if at is not None:
        # Giving a grant back makes Zoom tell us so, perhaps only after the same person has come
        # back with another one. Whether that one lives, a look will tell.
        hosts.look_soon(theirs.filter(connected_at__gt=at), now=now)
        theirs = theirs.filter(connected_at__lte=at)
    return [one for one in theirs if end(one, because=REMOVED_AT_PLATFORM, now=now)]


def end(connection: Connection, *, because: str, now: datetime) -> bool:
    """Forget a connection's tokens and all that came from the platform about people.

    What meetings know of who was where goes minutes later: `meetings.presences.forget_ended`.
    Return whether it was live until now.
    """
    with transaction.atomic():
        # The row first: who is about to write tokens or users waits for it, and finds it ended.
        ended = (
            Connection.objects.live()
            .filter(pk=connection.pk)
            .update(disconnected_at=now, disconnected_because=because, **_FORGOTTEN)
        )
        if ended:
            connection.users.all().delete()
            signals.ended.send(Connection, connection=connection)
    connection.refresh_from_db()
    return ended == 1


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
