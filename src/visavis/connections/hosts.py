"""The users of a connected account, as last fetched: who may be chosen as host."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from visavis.connections import tokens, zoom
from visavis.connections.models import Connection, Mode, PlatformUser
from visavis.gateways.video import VideoError
from visavis.gateways.video.zoom import scopes
from visavis.gateways.video.zoom import users as zoom_users
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.users import SharedAccess, ZoomUser

logger = logging.getLogger(__name__)


def look_around(connection: Connection, *, clock: Callable[[], datetime]) -> None:
    """Find out whether access is shared, and whom we may act for. Never fails the caller.

    Zoom has no field that tells it, so that a harmless look at another user must do.
    """
    client = zoom.client(connection, clock=clock)
    try:
        shared = probe(connection, client)
        people = _everybody(connection, client) if shared is not SharedAccess.NO else []
    except VideoError as error:
        logger.warning("zoom users of %s: %s", connection, error.fault)
        tokens.note(connection, error, now=clock())
        if connection.users_fetched_at is not None:
            # That Zoom is away says nothing about those we know.
            return
        shared, people = SharedAccess.UNKNOWN, []
    connection.shared_access = Connection.SharedAccess(shared.value)
    connection.users_fetched_at = clock()
    connection.save(update_fields=["shared_access", "users_fetched_at"])
    _keep(connection, people, now=clock())


def probe(connection: Connection, client: ZoomClient) -> SharedAccess:
    """Return whether we may act for others of the account. Raises VideoError."""
    if connection.mode == Mode.SERVER:
        return SharedAccess.YES
    granted = scopes.Granted(connection.scopes)
    if not granted.whole_account:
        return SharedAccess.NO
    if not granted.has(scopes.LIST_USERS):
        return SharedAccess.UNKNOWN
    return zoom_users.probe_shared_access(client, connection.user_id)


def _everybody(connection: Connection, client: ZoomClient) -> list[ZoomUser]:
    listable = scopes.Granted(connection.scopes).has(scopes.LIST_USERS)
    return zoom_users.everybody(client) if listable else []


def _keep(connection: Connection, people: Iterable[ZoomUser], *, now: datetime) -> None:
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
    if connection.user_id:
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
