"""The yardstick: a bare view with one indexed query, and a bare INSERT.

No middleware, no templates, no rules but office hours: about as little as a Django program can
do for such an answer. Knows the tables of the product, and nothing else of it.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

PARIS, DURATION = ZoneInfo("Europe/Paris"), 30
OPENS, CLOSES = 9 * 60, 17 * 60
MINUTES = {
    "postgresql": "extract(epoch from {0})::int8 / 60",
    "sqlite": "cast(strftime('%%s', {0}) as int) / 60",
}
BUSY = """
    SELECT {starts}, {ends} FROM bookings_appointment
    WHERE provider_id = %s AND active AND blocked_until > %s AND blocked_from < %s
    ORDER BY blocked_from"""
TABLES = {
    "postgresql": """
        CREATE TABLE floor_booking (id bigserial PRIMARY KEY, provider int NOT NULL,
        starts int NOT NULL, ends int NOT NULL,
        EXCLUDE USING gist (provider WITH =, int4range(starts, ends) WITH &&))""",
    "sqlite": """
        CREATE TABLE floor_booking (id integer PRIMARY KEY, provider int NOT NULL,
        starts int NOT NULL, ends int NOT NULL, UNIQUE (provider, ends))""",
}
TAKEN = "SELECT 1 FROM floor_booking WHERE provider = %s AND ends > %s AND starts < %s"
INSERT = "INSERT INTO floor_booking (provider, starts, ends) VALUES (%s, %s, %s)"


def month(request: HttpRequest, provider: int, first: str) -> HttpResponse:
    """Answer with 31 days of free starts, as ISO strings by local day."""
    opens = datetime.fromisoformat(first).replace(tzinfo=PARIS)
    minutes = MINUTES[connection.vendor]
    query = BUSY.format(starts=minutes.format("blocked_from"), ends=minutes.format("blocked_until"))
    with connection.cursor() as cursor:
        until = opens + timedelta(days=31)
        cursor.execute(query, [provider, *map(_as_stored, (opens, until))])
        busy = cursor.fetchall()
    days, at, until = {}, 0, 0
    for number in range(31):
        midnight = opens + timedelta(days=number)
        if midnight.weekday() >= 5:
            continue
        day, offset = midnight.date().isoformat(), midnight.replace(hour=9).isoformat()[-6:]
        # Clocks do not change between midnight and closing time of a working day in Paris.
        begins, free = int(midnight.timestamp()) // 60, []
        for step in range(OPENS, CLOSES, DURATION):
            start = begins + step
            while at < len(busy) and busy[at][0] < start + DURATION:
                until = max(until, busy[at][1])
                at += 1
            if until <= start:
                free.append(f"{day}T{step // 60:02}:{step % 60:02}:00{offset}")
        days[day] = free
    return HttpResponse(json.dumps(days), content_type="application/json")


def _as_stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def book(request: HttpRequest, provider: int, start: str) -> HttpResponse:
    """Insert one row, if its time is free."""
    instant = datetime.strptime(start, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    begins = int(instant.timestamp()) // 60
    row = [provider, begins, begins + DURATION]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(INSERT, row)
            else:
                _check_and_insert(row)
    except IntegrityError:
        return HttpResponse(status=409)
    return HttpResponse(status=302, headers={"Location": "/"})


def _check_and_insert(row: list[int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKEN, row)
        if cursor.fetchone():
            raise IntegrityError
        cursor.execute(INSERT, row)


def make_table() -> None:
    """Create what the yardstick writes to."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES[connection.vendor])


urlpatterns = [
    path("month/<int:provider>/<str:first>", month),
    path("book/<int:provider>/<str:start>", book),
]
