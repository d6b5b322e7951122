"""Connecting a company to Zoom: by a person's authorisation, or by a Server-to-Server app."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from visavis.companies.models import Company, User
from visavis.connections import hosts, tokens, zoom
from visavis.connections.models import Connection, Mode
from visavis.connections.operations import live_connection
from visavis.connections.registrations import Registration, registration_of
from visavis.gateways.video import Fault, TellAdministrator, VideoError
from visavis.gateways.video.zoom import users as zoom_users
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.oauth import Grant, ZoomApp
from visavis.gateways.video.zoom.users import ZoomUser

logger = logging.getLogger(__name__)


class AlreadyConnected(Exception):
    """The company has a live connection to another account of the platform."""


class ConnectedElsewhere(Exception):
    """Another company here is connected as the same Zoom user, or to the same account's app.

    A second grant would kill the tokens of the first one (Zoom's error 4741).
    """


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
    registration = required(company)
    app = zoom.app(registration)
    grant = app.exchange(code, verifier, redirect_uri=redirect_uri)
    person = _owner_of(grant, app)
    connection = _connection_for(company, person, grant, registration, now=clock())
    connection.account_id = person.account_id
    connection.user_id, connection.user_name = person.id, person.name
    connection.user_email = person.email
    _keep(connection, grant, by=by, now=clock())
    hosts.look_around(connection, clock=clock)
    return connection


def connect_account(company: Company, *, by: User, clock: Callable[[], datetime]) -> Connection:
    """Connect the account of a Server-to-Server app, or connect it anew.

    Raises VideoError, AlreadyConnected or ConnectedElsewhere; then the company is connected
    as before.
    """
    registration = required(company)
    standing = live_connection(company)
    if standing is not None and not registration.made(standing):
        raise AlreadyConnected
    elsewhere = Connection.objects.live().filter(
        mode=Mode.SERVER, client_id=registration.client_id, account_id=registration.account_id
    )
    # Asked before Zoom is: another grant would end the token that they use.
    if elsewhere.exclude(company=company).exists():
        raise ConnectedElsewhere
    grant = zoom.app(registration).server_grant(registration.account_id)
    connection = standing or _new(company, registration)
    connection.account_id = registration.account_id
    _keep(connection, grant, by=by, now=clock())
    hosts.look_around(connection, clock=clock)
    return connection


def required(company: Company) -> Registration:
    """Return the company's app. Raises TellAdministrator if there is none that can be used."""
    registration = registration_of(company)
    if registration is None or registration.unreadable:
        raise TellAdministrator(Fault.APP, "there is no app, or its secret cannot be read")
    return registration


def _keep(connection: Connection, grant: Grant, *, by: User, now: datetime) -> None:
    tokens.store(connection, grant, now=now)
    connection.attention, connection.attention_since = "", None
    connection.attention_told_at = None
    connection.connected_at, connection.connected_by = now, by
    try:
        with transaction.atomic():
            mine = Connection.objects.live().filter(pk=connection.pk)
            if connection.pk is not None and not mine.update(connected_at=now):
                # Ended while Zoom was asked: what ended stays ended, and this is another grant.
                connection.pk, connection._state.adding = None, True
            connection.save()
    except IntegrityError:
        raise ConnectedElsewhere from None


def _owner_of(grant: Grant, app: ZoomApp) -> ZoomUser:
    """Return whose grant it is. One that cannot even tell that is given back."""
    client = ZoomClient(grant.api_url, lambda force: grant.access_token, zoom.http())
    try:
        return zoom_users.me(client)
    except VideoError:
        _give_back(grant, app)
        raise


def _connection_for(
    company: Company,
    person: ZoomUser,
    grant: Grant,
    registration: Registration,
    *,
    now: datetime,
) -> Connection:
    standing = live_connection(company)
    if standing is not None and standing.user_id == person.id and registration.made(standing):
        return standing
    elsewhere = (
        Connection.objects.live()
        .filter(client_id=registration.client_id, user_id=person.id)
        .exclude(company=company)
        .first()
    )
    if elsewhere is not None:
        # This grant has killed theirs. It is the same person's: let it take the place.
        tokens.store(elsewhere, grant, now=now)
        tokens.save(elsewhere)
        raise ConnectedElsewhere
    if standing is not None:
        _give_back(grant, zoom.app(registration))
        raise AlreadyConnected
    return _new(company, registration)


def _new(company: Company, registration: Registration) -> Connection:
    return Connection(
        company=company,
        platform=zoom.PLATFORM,
        mode=registration.mode,
        client_id=registration.client_id,
    )


def _give_back(grant: Grant, app: ZoomApp) -> None:
    try:
        app.revoke(grant.access_token)
    except VideoError as error:
        logger.warning("giving back a grant that is not wanted: %s", error.fault)
