"""What a fresh simulator contains, and how seeds are read.

A seed is a JSON object `{"accounts": [{…, "users": [{…}]}], "apps": [{…}]}` whose fields are
those of the classes in `models`. Identifiers may be left out.
"""

from dataclasses import fields
from datetime import timedelta
from typing import Any

from zoom_simulator.models import JSON, Account, App, Plan, User
from zoom_simulator.oauth.scopes import COMPANY, PERSONAL
from zoom_simulator.simulator import Simulator

DEMO: JSON = {
    "accounts": [
        {
            "id": "DemoPracticeAccount01",
            "name": "Demo practice",
            "number": 100_000_001,
            "plan": "business",
            "users": [
                {
                    "id": "DemoOwner000000000001A",
                    "email": "olivia.owner@example.com",
                    "first_name": "Olivia",
                    "last_name": "Owner",
                    "role": "owner",
                },
                {
                    "id": "DemoLicensed0000000002",
                    "email": "liam.licensed@example.com",
                    "first_name": "Liam",
                    "last_name": "Licensed",
                },
                {
                    "id": "DemoLicensed0000000003",
                    "email": "lena.licensed@example.com",
                    "first_name": "Lena",
                    "last_name": "Licensed",
                },
                {
                    "id": "DemoLicensed0000000004",
                    "email": "luca.licensed@example.com",
                    "first_name": "Luca",
                    "last_name": "Licensed",
                },
                {
                    "id": "DemoBasic0000000000005",
                    "email": "bea.basic@example.com",
                    "first_name": "Bea",
                    "last_name": "Basic",
                    "type": 1,
                },
            ],
        },
        {
            "id": "SecondDemoAccount0002",
            "name": "Second demo practice",
            "number": 100_000_002,
            "plan": "pro",
            "users": [
                {
                    "id": "SecondAdmin0000000006B",
                    "email": "ada.admin@second.example.com",
                    "first_name": "Ada",
                    "last_name": "Admin",
                    "role": "owner",
                }
            ],
        },
    ],
    "apps": [
        {
            "client_id": "visavis-demo",
            "client_secret": "visavis-demo-secret",
            "name": "Visavis",
            "level": "admin",
            "webhook_secret": "visavis-demo-webhook-secret",
        },
        {
            "client_id": "visavis-server",
            "client_secret": "visavis-server-secret",
            "name": "Visavis (Server-to-Server)",
            "kind": "s2s",
            "account_id": "DemoPracticeAccount01",
        },
        {
            "client_id": "visavis-personal",
            "client_secret": "visavis-personal-secret",
            "name": "Visavis (user-managed)",
            "level": "user",
        },
    ],
}


class BadSeedError(ValueError):
    """A seed says something that is not understood."""


def plant(sim: Simulator, seed: JSON) -> None:
    """Add what a seed describes. Raises BadSeedError."""
    unknown = seed.keys() - {"accounts", "apps"}
    if unknown:
        raise BadSeedError(f"unknown part of a seed: {', '.join(sorted(unknown))}")
    for account in seed.get("accounts", []):
        add_account(sim, account)
    for app in seed.get("apps", []):
        put_app(sim, app)


def add_account(sim: Simulator, given: JSON) -> Account:
    """Add an account with its users."""
    values = dict(given)
    users = values.pop("users", [])
    values.setdefault("id", sim.state.ids.text(22))
    values.setdefault("number", 100_000_000 + len(sim.state.accounts) + 1)
    _know(Account, values)
    try:
        values["plan"] = Plan(values.get("plan", "business"))
        account = Account(**values)
    except (TypeError, ValueError) as error:
        raise BadSeedError(f"account: {error}") from error
    sim.state.accounts[account.id] = account
    for user in users:
        add_user(sim, account, user)
    return account


def add_user(sim: Simulator, account: Account, given: JSON) -> User:
    """Add a user to an account."""
    values: JSON = {
        "id": sim.state.ids.text(22),
        "first_name": "",
        "last_name": "",
        "pmi": sim.state.ids.personal_number(),
        "created_at": sim.clock.now() - timedelta(days=200),
        **given,
        "account_id": account.id,
    }
    _know(User, values)
    if "email" not in values:
        raise BadSeedError("user: email is missing")
    values["email"] = values["email"].lower()
    values["assistants"] = set(values.get("assistants", []))
    user = User(**values)
    sim.state.users[user.id] = user
    return user


def put_app(sim: Simulator, given: JSON) -> App:
    """Add an app, or change the given fields of one which exists."""
    _know(App, given)
    client_id = given.get("client_id", "")
    known = sim.state.apps.get(client_id)
    if known:
        for name, value in given.items():
            setattr(known, name, value)
        return known
    if not client_id or not given.get("client_secret"):
        raise BadSeedError("app: client_id and client_secret are needed")
    app = App(**{"name": client_id, **given})
    if not app.scopes:
        company_wide = app.level == "admin" or app.kind == "s2s"
        app.scopes = list(COMPANY if company_wide else PERSONAL)
    sim.state.apps[client_id] = app
    return app


def _know(kind: type[Any], values: JSON) -> None:
    unknown = values.keys() - {field.name for field in fields(kind)}
    if unknown:
        raise BadSeedError(f"{kind.__name__.lower()}: unknown field {', '.join(sorted(unknown))}")
