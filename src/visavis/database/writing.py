"""Rows that are written by statements composed once, as `prepared` queries are.

Django composes each INSERT and UPDATE anew, and several rows for PostgreSQL as arrays: for the
handful of rows of one booking that takes longer than the database needs to write them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
# A statement is kept for each number of rows up to this one. More are left to Django.
FEW = 8


def insert(row: Row) -> Row:
    """Insert a row, like `create`, and return it with its key. No signals are sent.

    Its values are values: nothing that the database would have to work out.
    """
    insert_all([row])
    return row


def insert_all(rows: Sequence[Row], *, unless_there: bool = False) -> None:
    """Insert rows of one model, like `bulk_create`, and give them their keys.

    With `unless_there` a row that a constraint keeps out is left out, and no row gets its key.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) > FEW:
        model._default_manager.bulk_create(rows, ignore_conflicts=unless_there)
        return
    parameters = [_stored(field, row, add=True) for row in rows for field in _fields(model)]
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, len(rows), unless_there, connection.vendor), parameters)
        keys = [] if unless_there else cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=False):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: tuple[str, ...]) -> bool:
    """Write some fields of a row, and return whether the row is there at all."""
    values = [_stored(field, row, add=False) for field in _named(type(row), names)]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row), names, connection.vendor), [*values, row.pk])
        return bool(cursor.rowcount)


def _stored(field: Field[Any, Any], row: Model, *, add: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=add), connection)


@cache
def _update(model: type[Model], names: tuple[str, ...], vendor: str) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    assert meta.pk is not None
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in _named(model, names))
    key = quote(str(meta.pk.column))
    return f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608 names of ours


@cache
def _named(model: type[Model], names: tuple[str, ...]) -> Sequence[Field[Any, Any]]:
    known = {field.name: field for field in _fields(model)}
    return [known[name] for name in names]


@cache
def _fields(model: type[Model]) -> Sequence[Field[Any, Any]]:
    return [one for one in model._meta.concrete_fields if not one.primary_key]


@cache
def _insert(model: type[Model], count: int, unless_there: bool, vendor: str) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    assert meta.pk is not None
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    key = quote(str(meta.pk.column))
    row = f"({', '.join(['%s'] * len(_fields(model)))})"
    end = "ON CONFLICT DO NOTHING" if unless_there else f"RETURNING {key}"
    into = f"INSERT INTO {quote(meta.db_table)} ({columns})"
    return f"{into} VALUES {', '.join([row] * count)} {end}"
