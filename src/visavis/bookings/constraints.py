"""The promise that a calendar cannot be double-booked, kept by the database itself."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model
from django.db.models.query_utils import Q

_REFUSAL = "appointment overlaps another one"


class NoOverlap(BaseConstraint):
    """Refuse two active rows of one owner whose `[starts, ends)` overlap.

    PostgreSQL: an exclusion constraint (needs the extension btree_gist). SQLite: triggers,
    handed to the schema editor as deferred statements about the table, which is how Django
    carries indexes: when a later migration rebuilds the table, they are made again.
    """

    def __init__(self, *, name: str, owner: str, starts: str, ends: str, active: str) -> None:
        super().__init__(name=name)
        self.owner, self.starts, self.ends, self.active = owner, starts, ends, active

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs.update(owner=self.owner, starts=self.starts, ends=self.ends, active=self.active)
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__

    def constraint_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the clause for CREATE TABLE, or defer what cannot stand there."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion(model)}"
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return ""

    def create_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statement that adds the constraint to an existing table."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            name = schema_editor.quote_name(self.name)
            return f"ALTER TABLE {table} ADD CONSTRAINT {name} {self._exclusion(model)}"
        for trigger in self._triggers(model, schema_editor):
            schema_editor.execute(trigger, params=None)
        return ""

    def remove_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statement that takes the constraint away."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"
        for when in self.WHEN:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self._trigger_name(when)}")
        return ""

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = "default",
        condition: Q | None = None,
    ) -> None:
        """Do nothing: forms ask the availability rules, which say more than yes or no."""

    WHEN: ClassVar = {"insert": "INSERT", "update": "UPDATE"}

    def _columns(self, model: type[Model]) -> tuple[str, str, str, str]:
        def column(name: str) -> str:
            return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a column

        return column(self.owner), column(self.starts), column(self.ends), column(self.active)

    def _exclusion(self, model: type[Model]) -> str:
        owner, starts, ends, active = self._columns(model)
        return (
            f'EXCLUDE USING gist ("{owner}" WITH =, tstzrange("{starts}", "{ends}") WITH &&) '
            f'WHERE ("{active}")'
        )

    def _trigger_name(self, when: str) -> str:
        return f"{self.name}_{when}"

    def _triggers(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        owner, starts, ends, active = self._columns(model)
        table = Table(model._meta.db_table, schema_editor.quote_name)
        body = (
            'CREATE TRIGGER {name} BEFORE {event} ON %(table)s WHEN NEW."{active}" BEGIN '
            "SELECT RAISE(ABORT, '{refusal}') WHERE EXISTS (SELECT 1 FROM %(table)s AS other "
            'WHERE other."{owner}" = NEW."{owner}" AND other."{active}" AND other."id" IS NOT '
            'NEW."id" AND other."{starts}" < NEW."{ends}" AND other."{ends}" > NEW."{starts}"); END'
        )
        return [
            Statement(
                body.format(
                    name=self._trigger_name(when),
                    event=event,
                    refusal=_REFUSAL,
                    owner=owner,
                    starts=starts,
                    ends=ends,
                    active=active,
                ),
                table=table,
            )
            for when, event in self.WHEN.items()
        ]
