"""Proving a set-up at Zoom, one thing after the other. Each look takes five seconds at most."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from visavis.companies.models import Company
from visavis.connections import hosts, probes, tokens, zoom
from visavis.connections.models import Connection, Webhook
from visavis.connections.operations import live_connection
from visavis.connections.registrations import Registration, registration_of
from visavis.gateways.video import Fault, VideoError
from visavis.gateways.video.zoom import scopes
from visavis.gateways.video.zoom import users as zoom_users
from visavis.gateways.video.zoom.transport import Patience

# Where a look takes two calls.
HALF = Patience(connect=2.0, total=2.5)
Clock = Callable[[], datetime]


class What(StrEnum):
    """What was looked at."""

    APP = "app"
    REDIRECT = "redirect"
    WEBHOOK = "webhook"
    EVENTS = "events"
    ACCOUNT = "account"
    SCOPES = "scopes"
    USERS = "users"
    HOST = "host"


class State(StrEnum):
    """How it is. What needs something else first is skipped."""

    FINE = "fine"
    NOTICE = "notice"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer. `fault` says why, as a word; `facts` are for its sentence."""

    what: What
    state: State
    fault: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Zoom sends people and events, as it must be registered there."""

    redirect: str
    webhook: str


def examine(company: Company, addresses: Addresses, *, clock: Clock) -> list[Finding]:
    """Look at everything that a company's connection to Zoom needs, in the order of set-up."""
    registration = registration_of(company)
    if registration is None:
        return [Finding(What.APP, State.WRONG, "missing")]
    connection = live_connection(company)
    findings = [_app(registration, connection, clock=clock)]
    if not registration.server:
        findings.append(_redirect(addresses.redirect))
    findings.append(_webhook(registration, addresses.webhook, now=clock()))
    if registration.webhook_secret:
        findings.append(_events(registration))
    if connection is None:
        return [*findings, Finding(What.ACCOUNT, State.SKIPPED, "not_connected")]
    if is_wrong(findings, What.APP):
        return [*findings, Finding(What.ACCOUNT, State.SKIPPED, "app")]
    return [*findings, *_grant(connection, clock=clock)]


def is_wrong(findings: list[Finding], what: What) -> bool:
    """Tell whether something was found wrong."""
    return any(one.what is what and one.state is State.WRONG for one in findings)


def _app(registration: Registration, connection: Connection | None, *, clock: Clock) -> Finding:
    if registration.unreadable:
        return Finding(What.APP, State.WRONG, Fault.KEY)
    app = zoom.app(registration)
    try:
        if not registration.server:
            accepted = app.accepted()
        elif connection is None:
            app.server_grant(registration.account_id)
            accepted = True
        else:
            zoom.access_token(connection, force=True, clock=clock)
            accepted = True
    except VideoError as error:
        return Finding(What.APP, State.WRONG, error.fault)
    return Finding(What.APP, State.FINE if accepted else State.WRONG, "" if accepted else Fault.APP)


def _redirect(address: str) -> Finding:
    found = probes.is_our_callback(zoom.http(), address)
    return Finding(What.REDIRECT, State.FINE if found else State.WRONG, facts={"address": address})


def _webhook(registration: Registration, address: str, *, now: datetime) -> Finding:
    facts = {"address": address}
    if not registration.webhook_secret:
        return Finding(What.WEBHOOK, State.NOTICE, "no_secret", facts)
    found = probes.answers_challenge(
        zoom.http(), address, registration.webhook_secret, token=secrets.token_hex(8), now=now
    )
    return Finding(What.WEBHOOK, State.FINE if found else State.WRONG, facts=facts)


def _events(registration: Registration) -> Finding:
    heard = Webhook.objects.filter(address=registration.address).first()
    if heard is None or heard.verified_at is None:
        fault = "refused" if heard is not None and heard.refused_at else "none_yet"
        refused_at = heard.refused_at if heard else None
        return Finding(What.EVENTS, State.NOTICE, fault, {"at": refused_at})
    facts = {"at": heard.verified_at, "event": heard.verified_event}
    return Finding(What.EVENTS, State.FINE, facts=facts)


def _grant(connection: Connection, *, clock: Clock) -> Iterator[Finding]:
    granted = scopes.Granted(connection.scopes)
    try:
        who = _account(connection, clock=clock)
    except VideoError as error:
        tokens.note(connection, error, now=clock())
        yield Finding(What.ACCOUNT, State.WRONG, error.fault)
        return
    tokens.settled(connection)
    yield Finding(What.ACCOUNT, State.FINE, facts={"name": who})
    yield _scopes(granted)
    yield _users(connection, clock=clock)


def _scopes(granted: scopes.Granted) -> Finding:
    """Whatever must be there goes before what may be."""
    facts = {"whole_account": granted.whole_account}
    if missing := granted.missing():
        return Finding(What.SCOPES, State.WRONG, facts=facts | {"missing": missing})
    if missing := granted.missing(optional=True):
        return Finding(What.SCOPES, State.NOTICE, "optional", facts | {"missing": missing})
    return Finding(What.SCOPES, State.FINE, facts=facts | {"missing": []})


def _account(connection: Connection, *, clock: Clock) -> str:
    """Return who answers for the account. Raises VideoError if nobody can be asked."""
    client = zoom.client(connection, clock=clock)
    if connection.user_id:
        return zoom_users.me(client).name
    zoom_users.somebody(client)
    return connection.account_id


def _users(connection: Connection, *, clock: Clock) -> Finding:
    try:
        shared = hosts.probe(connection, zoom.client(connection, clock=clock, patience=HALF))
    except VideoError as error:
        return Finding(What.USERS, State.WRONG, error.fault)
    if shared.value != connection.shared_access:
        hosts.look_around(connection, clock=clock)
    state = State.FINE if shared.value == Connection.SharedAccess.YES else State.NOTICE
    facts = {"count": connection.users.filter(gone_at=None).count(), "name": connection.user_name}
    own = not scopes.Granted(connection.scopes).whole_account
    return Finding(What.USERS, state, "own_only" if own else str(shared.value), facts)
