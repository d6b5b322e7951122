"""Connecting a company to a meeting platform, and ending it: from our side or from theirs."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from visavis.companies.models import Company, User
from visavis.connections import tokens, zoom
from visavis.connections.models import Connection, PlatformUser
from visavis.gateways.video import Fault, VideoError
from visavis.gateways.video.zoom import users as zoom_users
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.oauth import Grant
from visavis.gateways.video.zoom.users import SharedAccess, ZoomUser

logger = logging.getLogger(__name__)

# Why a connection ended: somebody removed the app on the platform's side.
REMOVED_AT_PLATFORM = "removed_at_platform"


class AlreadyConnected(Exception):
    """The company has a live connection to another account of the platform."""


class ConnectedElsewhere(Exception):
    """Another company here is connected as the same Zoom user.

    A second grant would kill the tokens of the first one (Zoom's error 4741).
    """


def live_connection(company: Company, platform: str = zoom.PLATFORM) -> Connection | None:
    """Return the company's connection to a platform, or None."""
    return Connection.objects.live().filter(company=company, platform=platform).first()


def complete_authorisation(
    company: Company,
    *,
    code: str,
    verifier: str,
    redirect_uri: str,
    by: User,
    clock: Callable[[], datetime],
) -> Connection:
    """Turn the code that Zoom sent back into a connection.

    The same Zoom user may be authorised again, which renews the grant. Raises VideoError,
    AlreadyConnected or ConnectedElsewhere; then the company is connected as before.
    """
    grant = zoom.app().exchange(code, verifier, redirect_uri=redirect_uri)
    person = _owner_of(grant)
    now = clock()
    connection = _connection_for(company, person, grant, now=now)
    tokens.store(connection, grant, now=now)
    connection.account_id = person.account_id
    connection.user_id, connection.user_name = person.id, person.name
    connection.user_email = person.email
    connection.attention, connection.attention_since = "", None
    connection.connected_at, connection.connected_by = now, by
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError:
        raise ConnectedElsewhere from None
    look_around(connection, clock=clock)
    return connection


def look_around(connection: Connection, *, clock: Callable[[], datetime]) -> None:
    """Find out whether access is shared, and whom we may act for. Never fails the caller.

    Zoom has no field that tells it, so that a harmless look at another user must do.
    """
    client = zoom.client(connection, clock=clock)
    try:
        shared = zoom_users.probe_shared_access(client, connection.user_id)
        people = zoom_users.everybody(client) if shared is not SharedAccess.NO else []
    except VideoError as error:
        logger.warning("zoom users of %s: %s", connection, error.fault)
        if error.fault == Fault.RECONNECT:
            tokens.needs_attention(connection, error.fault, now=clock())
        shared, people = SharedAccess.UNKNOWN, []
    connection.shared_access = Connection.SharedAccess(shared.value)
    connection.users_fetched_at = clock()
    connection.save(update_fields=["shared_access", "users_fetched_at"])
    _keep_users(connection, people, now=clock())


def check(connection: Connection, *, clock: Callable[[], datetime]) -> None:
    """Ask Zoom whether the connection works, and whom it reaches. Raises VideoError if not."""
    try:
        zoom_users.me(zoom.client(connection, clock=clock))
    except VideoError as error:
        if error.fault == Fault.RECONNECT:
            tokens.needs_attention(connection, error.fault, now=clock())
        raise
    Connection.objects.live().filter(pk=connection.pk).update(
        attention="", attention_since=None, attention_told_at=None
    )
    look_around(connection, clock=clock)


def disconnect(connection: Connection, *, because: str, now: datetime) -> bool:
    """End a connection from our side; return whether Zoom confirmed that the grant is gone.

    The grant is given back, so that Zoom asks for consent again next time, and with it
    whether access is shared.
    """
    token = _token_to_revoke(connection, now=now)
    end(connection, because=because, now=now)
    try:
        zoom.app().revoke(token)
    except VideoError as error:
        logger.warning("revoking the grant of %s: %s", connection, error.fault)
        return False
    return True


def deauthorised(*, client_id: str, user_id: str, now: datetime) -> list[Connection]:
    """End what Zoom says was removed on its side; return what that ended."""
    ended = list(
        Connection.objects.live().filter(
            platform=zoom.PLATFORM, client_id=client_id, user_id=user_id
        )
    )
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


def _owner_of(grant: Grant) -> ZoomUser:
    """Return whose grant it is. One that cannot even tell that is given back."""
    client = ZoomClient(grant.api_url, lambda force: grant.access_token, zoom.http())
    try:
        return zoom_users.me(client)
    except VideoError:
        _give_back(grant)
        raise


def _connection_for(
    company: Company, person: ZoomUser, grant: Grant, *, now: datetime
) -> Connection:
    client_id = zoom.app().client_id
    standing = live_connection(company)
    if standing is not None and standing.user_id == person.id:
        return standing
    elsewhere = Connection.objects.live().filter(client_id=client_id, user_id=person.id).first()
    if elsewhere is not None:
        # This grant has killed theirs. It is the same person's: let it take the place.
        tokens.store(elsewhere, grant, now=now)
        elsewhere.save()
        raise ConnectedElsewhere
    if standing is not None:
        _give_back(grant)
        raise AlreadyConnected
    return Connection(company=company, platform=zoom.PLATFORM, client_id=client_id)


def _token_to_revoke(connection: Connection, *, now: datetime) -> str:
    """Return a token that Zoom still knows: an expired one would revoke nothing."""
    try:
        return tokens.access_token(connection, app=zoom.app(), force=False, clock=lambda: now)
    except VideoError as error:
        logger.warning("renewing the grant of %s to revoke it: %s", connection, error.fault)
        return connection.access_token


def _give_back(grant: Grant) -> None:
    try:
        zoom.app().revoke(grant.access_token)
    except VideoError as error:
        logger.warning("giving back a grant that is not wanted: %s", error.fault)


def _keep_users(connection: Connection, people: Iterable[ZoomUser], *, now: datetime) -> None:
    """Keep the list of possible hosts: everybody when shared, else only who authorised."""
    rows = {
        person.id: PlatformUser(
            connection=connection,
            external_id=person.id,
            name=person.name,
            email=person.email,
            licensed=person.licensed,
            active=person.active and person.may_host,
        )
        for person in people
    }
    rows.setdefault(
        connection.user_id,
        PlatformUser(
            connection=connection,
            external_id=connection.user_id,
            name=connection.user_name,
            email=connection.user_email,
        ),
    )
    with transaction.atomic():
        PlatformUser.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["connection", "external_id"],
            update_fields=["name", "email", "licensed", "active"],
        )
        gone = connection.users.exclude(external_id__in=rows)
        gone.filter(gone_at=None).update(gone_at=now)
        connection.users.filter(external_id__in=rows).update(gone_at=None)
