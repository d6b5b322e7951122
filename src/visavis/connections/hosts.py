"""The users of a connected account, as last fetched: who may be chosen as host."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from visavis.companies.models import Company
from visavis.connections import signals, tokens, zoom
from visavis.connections.models import Connection, ConnectionQuerySet, Mode, PlatformUser
from visavis.gateways.video import Fault, VideoError
from visavis.gateways.video.zoom import scopes
from visavis.gateways.video.zoom import users as zoom_users
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.users import SharedAccess, ZoomUser

logger = logging.getLogger(__name__)

# Where Zoom tells nothing by itself, its users are fetched this often.
DAILY = timedelta(days=1)
# After trouble, or while another worker is at it.
SOON = timedelta(minutes=10)
# What an answer of Zoom says about hosts, so that they must be looked at again.
ABOUT_HOSTS = frozenset({Fault.SHARED_ACCESS, Fault.HOST_GONE})


def refresh_due(*, clock: Callable[[], datetime]) -> Iterator[tuple[Connection, set[str]]]:
    """Fetch the users of connections whose time has come.

    Yields each connection with the ids of those who left, came back, or got or lost a licence.
    """
    due = Q(look_around_at=None) | Q(look_around_at__lte=clock())
    for connection in Connection.objects.live().filter(due, attention=""):
        claimed = Connection.objects.filter(due, pk=connection.pk).update(
            look_around_at=clock() + SOON
        )
        if claimed:
            before = _present(connection)
            look_around(connection, clock=clock)
            yield connection, {user for user, _licensed in before ^ _present(connection)}


def look_soon(connections: ConnectionQuerySet, *, now: datetime) -> None:
    """Have the users of connections fetched by the next worker that comes by."""
    connections.update(look_around_at=now)


def learn(company: Company, fault: str, *, now: datetime) -> None:
    """Take in what an answer about a host says of the list of hosts."""
    if fault not in ABOUT_HOSTS:
        return
    asked = Connection.objects.live().filter(company=company)
    if fault == Fault.SHARED_ACCESS:
        asked.update(shared_access=Connection.SharedAccess.NO)
    # Not again and again: a host who is gone is met with at each attempt.
    lately = Q(users_fetched_at__gte=now - SOON)
    look_soon(asked.exclude(lately), now=now)
    look_soon(asked.filter(lately, look_around_at__gt=now + SOON), now=now + SOON)


def someone_gone(connections: ConnectionQuerySet, user_id: str, *, now: datetime) -> None:
    """Note that Zoom says that one of its users was deactivated, deleted or moved away."""
    PlatformUser.objects.filter(
        external_id=user_id, connection__in=connections, gone_at=None
    ).update(gone_at=now, active=False)


def _present(connection: Connection) -> set[tuple[str, bool]]:
    usable = connection.users.filter(gone_at=None, active=True)
    return set(usable.values_list("external_id", "licensed"))


def look_around(connection: Connection, *, clock: Callable[[], datetime]) -> None:
    """Find out whether access is shared, and whom we may act for. Never fails the caller.

    Zoom has no field that tells it, so that a harmless look at another user must do.
    """
    client = zoom.client(connection, clock=clock)
    try:
        shared = probe(connection, client)
        people = _people(connection, client, shared)
    except VideoError as error:
        logger.warning("zoom users of %s: %s", connection, error.fault)
        tokens.note(connection, error, now=clock())
        _nothing_learnt(connection, now=clock())
        return
    facts = {
        "shared_access": Connection.SharedAccess(shared.value),
        "users_fetched_at": clock(),
        "look_around_at": clock() + DAILY,
    }
    if _keep(connection, people, now=clock(), **facts):
        connection.refresh_from_db(fields=list(facts))


def _nothing_learnt(connection: Connection, *, now: datetime) -> None:
    """Ask again soon. That Zoom is away says nothing about those whom we know."""
    connection.look_around_at = now + SOON
    if connection.users_fetched_at is None:
        # Who authorised can be chosen at once.
        _keep(connection, [], now=now, look_around_at=connection.look_around_at)
    else:
        Connection.objects.live().filter(pk=connection.pk).update(
            look_around_at=connection.look_around_at
        )


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


def _people(connection: Connection, client: ZoomClient, shared: SharedAccess) -> list[ZoomUser]:
    """Return whom Zoom tells us of. Who authorised is asked for alone where the rest is closed."""
    listable = scopes.Granted(connection.scopes).has(scopes.LIST_USERS)
    if listable and shared is not SharedAccess.NO:
        return zoom_users.everybody(client)
    return [zoom_users.me(client)] if connection.user_id else []


def _keep(
    connection: Connection, people: Iterable[ZoomUser], *, now: datetime, **facts: object
) -> bool:
    """Keep the list of possible hosts: everybody when shared, else only who authorised.

    `facts` are fields of the connection. Return False, with nothing written, if it was ended
    while Zoom was asked.
    """
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
        # The row first, as when a connection ends: either of the two sees what the other did.
        if not Connection.objects.live().filter(pk=connection.pk).update(**facts):
            return False
        PlatformUser.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["connection", "external_id"],
            update_fields=["name", "email", "licensed", "active"],
        )
        gone = connection.users.exclude(external_id__in=rows)
        gone.filter(gone_at=None).update(gone_at=now)
        connection.users.filter(external_id__in=rows).update(gone_at=None)
        signals.users_listed.send(Connection, connection=connection)
    return True
