"""The database notices when a company's rules change.

Whatever decides what can be booked, appointments aside, and who is told of it, is watched by
triggers: each change, by
whomever and however it is made, gives the company another `rules_version`, in the same
transaction. What was read under one version can thus be remembered (`database.rules`) and is
never out of date. Versions are random: a number could come back after a rollback.

The triggers are made anew after each `migrate`. On SQLite they are taken away before, since a
trigger that names another table keeps that one from being rebuilt.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_COMPANY = "companies_company"
# How a row of each watched table names its company.
WATCHED = {
    "companies_feature": "{row}.company_id",
    "catalog_offering": "{row}.company_id",
    "catalog_offering_providers": (
        "(SELECT company_id FROM catalog_offering WHERE id = {row}.offering_id)"
    ),
    "catalog_provider": "{row}.company_id",
    "catalog_weeklyhours": "{row}.company_id",
    "catalog_specialhours": "{row}.company_id",
    "catalog_timeoff": "{row}.company_id",
    "catalog_holidaycalendar": "{row}.company_id",
    "meetings_meetingsettings": "{row}.company_id",
    "meetings_meetingprovider": (
        "(SELECT company_id FROM catalog_provider WHERE id = {row}.provider_id)"
    ),
    "notifications_muted": "(SELECT company_id FROM catalog_provider WHERE id = {row}.provider_id)",
    "notifications_remindertime": "{row}.company_id",
    "notifications_smsaccount": "{row}.company_id",
    "notifications_switch": "{row}.company_id",
    "notifications_timing": "{row}.company_id",
}
_ROWS = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}
_RANDOM = {
    "postgresql": "gen_random_uuid()::text",
    "sqlite": "lower(hex(randomblob(16)))",
}


def watch(using: str, **kwargs: Any) -> None:
    """Make the triggers, and a new version for every company: nothing older counts any more."""
    database = connections[using]
    tables = set(database.introspection.table_names())
    if _COMPANY not in tables or not _has_version(database):
        return
    statements = _own_trigger(database.vendor)
    for table in sorted(tables & WATCHED.keys()):
        for event, rows in _ROWS.items():
            statements += _trigger(database.vendor, table, event, rows)
    statements.append(_renewal(database.vendor))
    _run(database, statements)


def stop_watching(using: str, **kwargs: Any) -> None:
    """Take the triggers away where they would be in the way of a migration."""
    database = connections[using]
    if database.vendor == "sqlite":
        names = [_name(_COMPANY, "update")]
        names += [_name(table, event) for table in WATCHED for event in _ROWS]
        _run(database, [f"DROP TRIGGER IF EXISTS {name}" for name in names])


def _own_trigger(vendor: str) -> list[str]:
    """A company's own settings are rules too. An old version never comes back by saving it."""
    name = _name(_COMPANY, "update")
    if vendor == "postgresql":
        body = f"NEW.rules_version := {_RANDOM[vendor]}; RETURN NEW;"
        return _postgresql(name, f"BEFORE UPDATE ON {_COMPANY}", body)
    body = f"{_renewal(vendor)} WHERE id = NEW.id;"
    return _sqlite(name, f"AFTER UPDATE ON {_COMPANY}", body)


def _trigger(vendor: str, table: str, event: str, rows: list[str]) -> list[str]:
    companies = ", ".join(WATCHED[table].format(row=row) for row in rows)
    body = f"{_renewal(vendor)} WHERE id IN ({companies});"
    name, when = _name(table, event), f"AFTER {event} ON {table}"
    if vendor == "postgresql":
        return _postgresql(name, when, f"{body} RETURN NULL;")
    return _sqlite(name, when, body)


def _renewal(vendor: str) -> str:
    return f"UPDATE {_COMPANY} SET rules_version = {_RANDOM[vendor]}"  # noqa: S608 our own words


def _name(table: str, event: str) -> str:
    return f"rules_version_{table}_{event.lower()}"


def _postgresql(name: str, when: str, body: str) -> list[str]:
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
    return [
        f"{head} $$ BEGIN {body} END $$",
        f"CREATE OR REPLACE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _sqlite(name: str, when: str, body: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} BEGIN {body} END"]


def _has_version(database: BaseDatabaseWrapper) -> bool:
    with database.cursor() as cursor:
        columns = database.introspection.get_table_description(cursor, _COMPANY)
    return any(column.name == "rules_version" for column in columns)


def _run(database: BaseDatabaseWrapper, statements: list[str]) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
