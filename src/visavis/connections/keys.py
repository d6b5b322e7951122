"""The keys that protect secrets in the database: which values need which, and rotating them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from visavis.connections import tokens
from visavis.connections.encryption import (
    EncryptedTextField,
    box,
    decrypted,
    is_current,
    is_unreadable,
)
from visavis.connections.models import Connection, PlatformApp
from visavis.gateways.video import Fault

BATCH = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A column of secrets."""

    model: type[models.Model]
    field: str

    def rows(self) -> models.QuerySet[Any]:
        """Return the rows that hold a secret, with what stands in the database as `raw`."""
        rows = self.model._default_manager.annotate(raw=Cast(self.field, TextField()))
        return rows.exclude(raw="")

    def outdated(self) -> Iterator[tuple[Any, str]]:
        """Yield key and encrypted text of what the first key does not decrypt, in batches."""
        last: Any = None
        while True:
            rows = self.rows().order_by("pk")
            batch = list(
                (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", "raw")[
                    :BATCH
                ]
            )
            yield from ((key, raw) for key, raw in batch if not is_current(raw))
            if len(batch) < BATCH:
                return
            last = batch[-1][0]

    def replace(self, key: Any, raw: str, anew: str) -> int:
        """Write an encrypted text in place of another, unless somebody has changed it."""
        value = Value(anew, output_field=TextField())
        return self.rows().filter(pk=key, raw=raw).update(**{self.field: value})


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: how many secrets it wrote anew, and how many nobody can read."""

    written: int
    unreadable: int


def rotate() -> Rotated:
    """Encrypt with the first key whatever another one encrypts.

    May be stopped and begun again at any time, and run while people work: a secret that
    changes meanwhile is left to whoever changed it.
    """
    written = unreadable = 0
    for place in places():
        for key, raw in place.outdated():
            secret = decrypted(raw)
            if is_unreadable(secret):
                unreadable += 1
            else:
                written += place.replace(key, raw, box().encrypt(secret.encode()).decode())
    return Rotated(written, unreadable)


def outdated() -> int:
    """Return how many secrets the first key does not decrypt."""
    return sum(1 for place in places() for _one in place.outdated())


def places() -> list[Place]:
    """Return every column of every table that holds secrets."""
    return [
        Place(model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    ]


def notice_unreadable(now: datetime) -> None:
    """Note which grants cannot be read, before anybody needs them, and which can be again."""
    lost = {app.company_id for app in PlatformApp.objects.all() if app.unreadable}
    for connection in Connection.objects.live():
        if connection.unreadable or connection.company_id in lost:
            tokens.needs_attention(connection, Fault.KEY, now=now)
        elif connection.attention == Fault.KEY:
            tokens.settled(connection)
