"""Keeping a grant alive. A refresh token works once, so that only one process may use it.

Whoever wants to refresh takes a lease by a conditional UPDATE, asks Zoom *outside* any
transaction (no lock is held while the network is slow), and commits the new pair before
anybody uses it. The others wait for the lease to end and take what the winner wrote.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from visavis.connections.models import Connection, Mode
from visavis.gateways.video import Fault, NeedsReconnect, TellAdministrator, TryLater, VideoError
from visavis.gateways.video.zoom.oauth import Grant, ZoomApp

# Tokens are renewed this long before they end, so that clocks need not agree to the second.
SKEW = timedelta(minutes=3)
LEASE = timedelta(seconds=15)
# How long the losers of the race wait for the winner, and how often they look.
PATIENCE_SECONDS, STEP_SECONDS = 6.0, 0.05


# What is over as soon as a token has been had again.
PASSING = frozenset({Fault.KEY, Fault.APP})


def access_token(
    connection: Connection,
    *,
    app: Callable[[], ZoomApp],
    force: bool,
    clock: Callable[[], datetime],
) -> str:
    """Return a token that should work.

    With `force` the last one was refused although it had not expired. `app` returns the app
    the grant belongs to, or raises VideoError. Raises NeedsReconnect when the grant is dead
    or cannot be read, TryLater when Zoom cannot be asked now, TellAdministrator when Zoom
    does not accept the app.
    """
    refused = connection.access_token if force else None
    waited = 0.0
    while True:
        connection.refresh_from_db()
        _check_alive(connection, now=clock())
        if _usable(connection, refused, now=clock()):
            return connection.access_token
        if _take_lease(connection, now=clock()):
            return _refresh(connection, app, now=clock())
        if waited >= PATIENCE_SECONDS:
            raise TryLater(Fault.UNREACHABLE, "another process is renewing the grant")
        time.sleep(STEP_SECONDS)
        waited += STEP_SECONDS


def store(connection: Connection, grant: Grant, *, now: datetime) -> None:
    """Put a grant into a connection, which is not saved by this."""
    connection.access_token = grant.access_token
    # Server-to-server grants have none; keep an old one only if Zoom sends no new one.
    connection.refresh_token = grant.refresh_token or connection.refresh_token
    connection.expires_at = now + timedelta(seconds=grant.expires_in)
    connection.refreshed_at = now
    connection.refreshing_until = None
    connection.scopes = " ".join(sorted(grant.scopes)) or connection.scopes
    connection.api_url = grant.api_url


def save(connection: Connection) -> bool:
    """Save a stored grant by itself, so that a rotated token is never rolled back.

    Return False, with nothing written, if the connection was ended meanwhile.
    """
    grant = {name: getattr(connection, name) for name in _STORED}
    return Connection.objects.live().filter(pk=connection.pk).update(**grant) == 1


_STORED = [
    "access_token",
    "refresh_token",
    "expires_at",
    "refreshed_at",
    "refreshing_until",
    "scopes",
    "api_url",
]


def needs_attention(connection: Connection, fault: Fault, *, now: datetime) -> None:
    """Note, once, that somebody has to look after a connection."""
    changed = (
        Connection.objects.live()
        .filter(pk=connection.pk)
        .exclude(attention=fault)
        .update(attention=fault, attention_since=now, attention_told_at=None)
    )
    if changed:
        connection.attention, connection.attention_since = fault, now


def note(connection: Connection, error: VideoError, *, now: datetime) -> None:
    """Note what an answer of the platform says about the grant itself, if anything."""
    if error.fault in {Fault.RECONNECT, Fault.KEY}:
        needs_attention(connection, error.fault, now=now)


def settled(connection: Connection) -> None:
    """Note that a connection works, whatever was wrong with it."""
    Connection.objects.live().filter(pk=connection.pk).update(
        attention="", attention_since=None, attention_told_at=None
    )
    connection.attention, connection.attention_since = "", None


def _check_alive(connection: Connection, *, now: datetime) -> None:
    if not connection.live:
        raise NeedsReconnect(Fault.RECONNECT, "the connection was ended")
    if connection.unreadable:
        needs_attention(connection, Fault.KEY, now=now)
        raise NeedsReconnect(Fault.KEY, "no key decrypts the tokens")
    if connection.attention == Fault.RECONNECT:
        raise NeedsReconnect(Fault.RECONNECT, "the grant no longer works")


def _usable(connection: Connection, refused: str | None, *, now: datetime) -> bool:
    if not connection.access_token or connection.access_token == refused:
        return False
    return connection.expires_at is not None and now < connection.expires_at - SKEW


def _take_lease(connection: Connection, *, now: datetime) -> bool:
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=now)
    taken = Connection.objects.filter(
        free, pk=connection.pk, refreshed_at=connection.refreshed_at
    ).update(refreshing_until=now + LEASE)
    return taken == 1


def _refresh(connection: Connection, app: Callable[[], ZoomApp], *, now: datetime) -> str:
    try:
        if connection.mode == Mode.SERVER:
            grant = app().server_grant(connection.account_id)
        else:
            grant = app().refresh(connection.refresh_token)
    except (NeedsReconnect, TellAdministrator) as error:
        Connection.objects.filter(pk=connection.pk).update(refreshing_until=None)
        passing = error.fault in PASSING
        needs_attention(connection, error.fault if passing else Fault.RECONNECT, now=now)
        raise
    except Exception:
        Connection.objects.filter(pk=connection.pk).update(refreshing_until=None)
        raise
    store(connection, grant, now=now)
    if not save(connection):
        raise NeedsReconnect(Fault.RECONNECT, "the connection was ended while it was renewed")
    if connection.attention in PASSING:
        settled(connection)
    return connection.access_token
