"""Rows that are written by statements composed once."""

import pytest
from django.db import IntegrityError, transaction

from factories import NOW
from visavis.bookings.models import Client
from visavis.connections.models import Connection
from visavis.database.writing import FEW, insert, insert_all, update
from visavis.notifications.models import Message


def client(company, name, **more):
    email = f"{name.lower()}@example.com"
    return Client(company=company, name=name, email=email, created_at=NOW, **more)


def message(company, key, **more):
    return Message(company=company, key=key, due_at=NOW, created_at=NOW, **more)


def as_stored(model):
    """Return what the tables hold, but for what differs by itself."""
    return list(model.objects.order_by("pk").values())


def test_a_row_goes_in_as_django_would_put_it_in(company):
    details = {"client": "Grace", "places": [1, 2], "note": None}
    ours = insert(message(company, "ours", details=details, text="é % %s"))
    theirs = message(company, "theirs", details=details, text="é % %s")
    theirs.save()

    first, second = as_stored(Message)

    assert (first.pop("id"), first.pop("key")) == (ours.pk, "ours")
    assert (second.pop("id"), second.pop("key")) == (theirs.pk, "theirs")
    assert first == second


def test_a_secret_goes_in_encrypted(company):
    made = insert(
        Connection(
            company=company, platform="zoom", access_token="secret", expires_at=NOW,
            refreshed_at=NOW, connected_at=NOW,
        )
    )  # fmt: skip

    assert Connection.objects.get().access_token == "secret"
    assert Connection.objects.extra(select={"raw": "access_token"}).get(pk=made.pk).raw != "secret"


@pytest.mark.parametrize("number", [1, 2, FEW, FEW + 1])
def test_each_of_several_rows_gets_its_key(company, number):
    rows = [client(company, f"C{number}") for number in range(number)]

    insert_all(rows)

    assert Client.objects.in_bulk() == {row.pk: row for row in rows}
    assert [Client.objects.get(name=row.name).pk for row in rows] == [row.pk for row in rows]


def test_a_row_that_is_in_can_be_changed(company):
    made = insert(client(company, "Grace"))

    made.name = "Ada"
    made.save()

    assert list(Client.objects.values_list("pk", "name")) == [(made.pk, "Ada")]


@pytest.mark.parametrize("number", [1, FEW])
def test_what_is_there_already_is_left_out_if_asked_for(company, number):
    insert_all([message(company, "0")], unless_there=True)

    insert_all([message(company, str(key)) for key in range(number + 1)], unless_there=True)

    keys = Message.objects.order_by("key").values_list("key", flat=True)
    assert list(keys) == [str(key) for key in range(number + 1)]


def test_what_a_constraint_keeps_out_is_refused(company):
    insert(message(company, "once"))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(message(company, "once"))


def test_nothing_is_put_in_without_a_question(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_all([])


def test_only_the_fields_that_are_named_are_written(company):
    made = insert(message(company, "one", details={"a": 1}, text="before"))
    made.details, made.text, made.sent_at = {"b": [None]}, "after", NOW

    assert update(made, ("details", "sent_at"))

    stored = Message.objects.get()
    assert (stored.details, stored.sent_at, stored.text) == ({"b": [None]}, NOW, "before")


def test_no_other_row_is_written(company):
    first, second = insert(client(company, "Ada")), insert(client(company, "Grace"))
    first.name = "Zoe"

    update(first, ("name",))

    assert Client.objects.get(pk=second.pk).name == "Grace"


def test_of_a_row_that_is_gone_nothing_is_written(company):
    made = insert(client(company, "Grace"))
    Client.objects.all().delete()

    assert not update(made, ("name",))
    assert not Client.objects.exists()
