"""A company's own app at Zoom: entered, given new secrets, and removed."""

from dataclasses import dataclass, field
from datetime import datetime

from visavis.companies.models import Company, User
from visavis.connections import operations
from visavis.connections.models import Mode, PlatformApp
from visavis.connections.registrations import PLATFORM, own_app

# How much of a secret is shown, so that people can tell which one was entered.
SHOWN = 4
APP_CHANGED = "app_changed"


@dataclass(frozen=True, slots=True)
class AppDetails:
    """What an administrator typed. An empty secret means: the one that is kept already."""

    mode: Mode
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    account_id: str = ""


def enter(company: Company, details: AppDetails, *, by: User, now: datetime) -> PlatformApp:
    """Let a company use an app of its own, or change what is kept of it.

    A connection made by another app is ended. Raises ValueError if a secret is missing.
    """
    app = own_app(company) or PlatformApp(company=company, platform=PLATFORM)
    same = is_same(app, details)
    if not (details.client_secret or (same and app.client_secret)):
        raise ValueError("a new app needs its secret")
    if not same:
        _disconnect(company, now=now)
        app.webhook_secret = app.webhook_secret_end = ""
    app.mode, app.client_id, app.account_id = details.mode, details.client_id, details.account_id
    if details.client_secret:
        app.client_secret, app.client_secret_end = (
            details.client_secret,
            _end(details.client_secret),
        )
    if details.webhook_secret:
        app.webhook_secret = details.webhook_secret
        app.webhook_secret_end = _end(details.webhook_secret)
    app.entered_at, app.entered_by = now, by
    app.save()
    return app


def is_same(app: PlatformApp, details: AppDetails) -> bool:
    """Tell whether details are about the app that is kept already, rather than about another."""
    kept = (app.mode, app.client_id, app.account_id)
    return kept == (details.mode, details.client_id, details.account_id)


def remove(company: Company, *, now: datetime) -> None:
    """Forget a company's own app, and end the connection made by it."""
    app = own_app(company)
    if app is not None:
        _disconnect(company, now=now)
        app.delete()


def _disconnect(company: Company, *, now: datetime) -> None:
    connection = operations.live_connection(company)
    if connection is not None:
        operations.disconnect(connection, because=APP_CHANGED, now=now)


def _end(secret: str) -> str:
    # Of a short one even the end would tell too much.
    return secret[-SHOWN:] if len(secret) >= 4 * SHOWN else ""
