"""The calendar's promise is the database's own: after all migrations, whatever code asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction

from factories import make_provider
from visavis.bookings.models import Appointment

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def appointment(service, provider, *, start=0, length=30, **fields):
    starts_at = TEN + timedelta(minutes=start)
    ends_at = starts_at + timedelta(minutes=length)
    values = {
        "company": service.company, "offering": service, "provider": provider,
        "starts_at": starts_at, "ends_at": ends_at, "blocked_from": starts_at,
        "blocked_until": ends_at, "seats": 1, "seats_taken": 1, "created_at": TEN,
    }  # fmt: skip
    return Appointment(**(values | fields))


def refused(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=row.pk is None)
    return True


@pytest.mark.parametrize("start", [-29, -15, 0, 15, 29])
def test_an_overlap_is_refused(service, provider, start):
    appointment(service, provider).save()

    assert refused(appointment(service, provider, start=start))


@pytest.mark.parametrize("start", [-30, 30])
def test_back_to_back_is_fine(service, provider, start):
    appointment(service, provider).save()

    appointment(service, provider, start=start).save()


def test_another_provider_is_fine(company, service, provider):
    appointment(service, provider).save()

    appointment(service, make_provider(company, "Bea Demo")).save()


def test_an_inactive_appointment_takes_no_time(service, provider):
    appointment(service, provider, active=False).save()

    appointment(service, provider).save()


def test_bringing_an_appointment_back_over_another_is_refused(service, provider):
    row = appointment(service, provider, active=False)
    row.save()
    appointment(service, provider).save()
    row.active = True

    assert refused(row)


def test_moving_onto_another_is_refused(service, provider):
    appointment(service, provider).save()
    row = appointment(service, provider, start=60)
    row.save()
    row.blocked_from = TEN
    row.starts_at = TEN

    assert refused(row)


def test_buffers_count(service, provider):
    appointment(service, provider, blocked_until=TEN + timedelta(minutes=45)).save()

    assert refused(appointment(service, provider, start=30))


def test_a_raw_insert_is_refused_too(service, provider):
    appointment(service, provider).save()
    table = Appointment._meta.db_table
    columns = ", ".join(
        f'"{field.column}"'
        for field in Appointment._meta.local_concrete_fields
        if not field.primary_key and field.column != "meeting_id"
    )

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")


@pytest.mark.parametrize(
    "fields",
    [
        {"seats_taken": 2},
        {"seats": 0, "seats_taken": 0},
        {"ends_at": TEN},
        {"blocked_from": TEN + timedelta(minutes=5)},
    ],
)
def test_nonsense_is_refused(service, provider, fields):
    assert refused(appointment(service, provider, **fields))


@pytest.mark.django_db(transaction=True)
def test_the_promise_survives_a_later_migration_that_rebuilds_the_table(service, provider):
    field = models.CharField(max_length=5, default="")
    field.set_attributes_from_name("later")
    with connection.schema_editor() as editor:
        editor.add_field(Appointment, field)
    with connection.schema_editor() as editor:
        changed = models.CharField(max_length=9, default="")
        changed.set_attributes_from_name("later")
        editor.alter_field(Appointment, field, changed)
    with connection.schema_editor() as editor:
        editor.remove_field(Appointment, changed)

    appointment(service, provider).save()

    assert refused(appointment(service, provider, start=15))
