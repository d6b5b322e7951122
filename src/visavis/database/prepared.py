"""Queries that are composed once and asked many times.

Django composes the SQL of a query anew each time it runs, which takes several times longer than
the database needs to answer a small one. Here a query is composed with stand-ins for its
values; afterwards only the values change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from visavis.database import rules

Args = ParamSpec("Args")
Row = TypeVar("Row")
# Some rows each, in every web worker.
REMEMBERED = 4096
# Stand-ins count up from values that no query holds of itself. Numbers fit columns of 32 bits:
# of greater ones Django knows that nothing is found.
_NUMBER, _MOMENT, _DAY = 2**31 - 2**20, datetime(9000, 1, 1, tzinfo=UTC), date(9500, 1, 1)


def prepared_rules(compose: Callable[Args, QuerySet[Any, Row]]) -> Callable[Args, list[Row]]:
    """Like `prepared`, for a query that reads nothing but one company's rules.

    Below `rules.as_of` it is asked once for each version of them. Every table it reads must be
    watched; see `bookings.rules_version`.
    """
    return _asked(compose, rules_only=True)


def prepared(compose: Callable[Args, QuerySet[Any, Row]]) -> Callable[Args, list[Row]]:
    """Run the query that a function returns; the function itself is asked once per shape.

    The function is called with stand-ins, so it may do nothing with its arguments but put them
    into the query. They are given by name: numbers, texts, days, instants, or lists of one of
    these. The query returns rows (`values_list`) or whole objects, with what it selects beside
    them (`select_related`).
    """
    return _asked(compose, rules_only=False)


def _asked(
    compose: Callable[Args, QuerySet[Any, Row]], *, rules_only: bool
) -> Callable[Args, list[Row]]:
    composed: dict[Any, _Composed[Row] | None] = {}

    @wraps(compose)
    def run(*args: Args.args, **values: Args.kwargs) -> list[Row]:
        shape = connection.vendor, *((name, _shape(value)) for name, value in values.items())
        if shape not in composed:
            composed[shape] = _compose(compose, values)
        query = composed[shape]
        if query is None:
            return []
        return query.run(values, rules.version() if rules_only else "")

    return run


class _Place(NamedTuple):
    """Where a value goes: an argument, or one entry of it."""

    name: str
    entry: int | None


class _Composed(Generic[Row]):
    def __init__(self, query: QuerySet[Any, Row], stand_ins: Mapping[Any, _Place]) -> None:
        self._compiler = query.query.get_compiler(connection=connection)
        self._sql, parameters = self._compiler.as_sql()
        self._parameters = [(stand_ins.get(_key(one)), one) for one in parameters]
        select = [entry[0] for entry in self._compiler.select]
        self._converters = self._compiler.get_converters(select)
        self._object = _Object(self._compiler) if query._iterable_class is ModelIterable else None
        if missing := set(stand_ins.values()) - {place for place, _ in self._parameters}:
            raise ValueError(f"the query {self._sql} makes no use of {missing}")

    def run(self, values: Mapping[str, Any], version: str) -> list[Any]:
        parameters = tuple(
            one if place is None else _at(values, place) for place, one in self._parameters
        )
        rows = _remembered(self, version, parameters) if version else self.rows(parameters)
        return list(rows) if self._object is None else list(map(self._object.made_of, rows))

    def rows(self, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            rows: Iterable[Sequence[Any]] = cursor.fetchall()
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return list(map(tuple, rows))


class _Object:
    """How a row becomes an object, with the related ones that it holds as well."""

    def __init__(self, compiler: SQLCompiler) -> None:
        info, select = compiler.klass_info, compiler.select
        assert info is not None
        columns = info["select_fields"]
        self._model, self._own = info["model"], slice(columns[0], columns[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._own]]
        self._related = get_related_populators(  # type: ignore[call-arg] # the stubs are of 6.1
            info, select, connection.alias
        )

    def made_of(self, row: tuple[Any, ...]) -> Any:
        found = self._model.from_db(connection.alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, found)
        return found


@lru_cache(maxsize=REMEMBERED)
def _remembered(
    query: _Composed[Any], version: str, parameters: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    return query.rows(parameters)


def _compose(
    compose: Callable[..., QuerySet[Any, Row]], values: Mapping[str, Any]
) -> _Composed[Row] | None:
    """Compose a query for values of this shape; None if it can find nothing whatever they are."""
    stand_ins: dict[Any, _Place] = {}

    def stand_in(value: Any, place: _Place) -> Any:
        number = len(stand_ins)
        chosen: Any = f"\x1a{number}" if isinstance(value, str) else _NUMBER + number
        if isinstance(value, datetime):
            chosen = _MOMENT + timedelta(days=number)
        elif isinstance(value, date):
            chosen = _DAY + timedelta(days=number)
        stand_ins[_key(_adapted(chosen))] = place
        return chosen

    given = {
        name: [stand_in(one, _Place(name, entry)) for entry, one in enumerate(value)]
        if isinstance(value, list)
        else stand_in(value, _Place(name, None))
        for name, value in values.items()
    }
    try:
        return _Composed(compose(**given), stand_ins)
    except EmptyResultSet:
        return None


def _shape(value: Any) -> Any:
    return len(value) if isinstance(value, list) else None


def _at(values: Mapping[str, Any], place: _Place) -> Any:
    value = values[place.name]
    return _adapted(value if place.entry is None else value[place.entry])


def _adapted(value: Any) -> Any:
    """Return a value as the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _key(parameter: Any) -> Any:
    """Return what tells parameters apart, of which some cannot be hashed."""
    return parameter if isinstance(parameter, int | str | date) else id(parameter)
