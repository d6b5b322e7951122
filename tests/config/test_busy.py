"""Somebody keeps the calendars: whoever wants to change something is asked to try again."""

import sqlite3
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from booking_site.visits import typed
from factories import make_provider, make_service
from races.practice import book, cancel, hold, make_company, public, session_of_owner, starts
from visavis.bookings.models import Booking
from visavis.catalog.models import ClassSchedule
from visavis.companies import features

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talk():
    company = make_company("rush")
    for feature in (features.APPROVAL, features.CLASSES, features.ONLINE_MEETINGS):
        features.switch(company, feature, on=True)
    return make_service(company, "Talk", [make_provider(company, "Ada Demo")])


@pytest.fixture
def kept(database_url):
    """Let another connection keep what is booked, and this one lose patience soon."""
    if connection.vendor == "postgresql":
        other = psycopg.connect(database_url)
        tables = "catalog_provider, bookings_booking"
        take, patience = f"LOCK TABLE {tables} IN EXCLUSIVE MODE", "SET lock_timeout = '50ms'"
    else:
        other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        take, patience = "BEGIN IMMEDIATE", "PRAGMA busy_timeout = 50"

    def keep():
        connection.cursor().execute(patience)
        other.execute(take)

    yield keep
    other.rollback()
    other.close()
    # The next test gets a connection as patient as ever.
    connection.close()


def office(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def changes(booking, schedule):
    """What staff can press, and what they type with it."""
    company, code = booking.company, booking.code
    moved = {"provider": booking.appointment.provider_id, "start": "other"}
    return {
        "cancel": (office("cancel_booking", company, code), {"why": "Ill", "tell_client": "on"}),
        "approve": (office("approve_booking", company, code), {}),
        "decline": (office("decline_booking", company, code), {"why": "Full"}),
        "complete": (office("complete_booking", company, code), {}),
        "no-show": (office("no_show_booking", company, code), {}),
        "note": (office("edit_booking_note", company, code), {"staff_note": "Rang twice"}),
        "online": (office("offering_online", company, booking.appointment.offering_id),
                   {"on": "yes", "sure": "yes"}),
        "end class": (office("end_class_schedule", company, schedule.offering_id, schedule.pk), {}),
        "move": (office("move_booking", company, code),
                 moved | {"other_day": "2099-03-02", "other_time": "10:00", "why": "Ill"}),
    }  # fmt: skip


@pytest.mark.parametrize(
    "what",
    ["cancel", "approve", "decline", "complete", "no-show", "note", "online", "end class", "move"],
)
def test_staff_are_asked_to_try_again_with_what_they_typed(client, talk, kept, what):
    booking = book(talk, starts(1)[0])
    yoga = make_service(talk.company, "Yoga", talk.providers.all(), kind="class", seats=3)
    schedule = ClassSchedule.objects.create(
        offering=yoga, provider=talk.providers.get(), first_day=datetime.now(UTC).date(), starts=60
    )
    client.cookies["sessionid"] = session_of_owner(talk.company)
    address, fields = changes(booking, schedule)[what]
    kept()

    response = client.post(address, fields)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Please try again" in page
    assert f'action="{address}"' in page
    for name, value in fields.items():
        assert f'name="{name}" value="{value}"' in page


def test_a_client_who_books_is_asked_to_try_again_with_what_they_typed(client, talk, kept):
    order = public(talk, starts(1)[0])
    fields = order.fields | {"note": "Two <steps>"}
    kept()

    response = client.post(order.path, typed(**fields), headers={"Accept-Language": "fr"})

    page = response.content.decode()
    assert response.status_code == 409
    assert f'value="{fields["name"]}"' in page
    assert 'name="note" value="Two &lt;steps&gt;"' in page
    assert "no-store" in response["Cache-Control"]


def test_a_client_who_cancels_is_asked_to_try_again(client, talk, kept):
    order = cancel(book(talk, starts(1)[0]))
    kept()

    assert client.post(order.path, order.fields).status_code == 409
    assert Booking.objects.get().status == "confirmed"


def test_in_a_dialog_the_answer_stays_in_the_dialog(client, talk, kept):
    booking = book(talk, starts(1)[0])
    client.cookies["sessionid"] = session_of_owner(talk.company)
    address = office("cancel_booking", talk.company, booking.code)
    kept()

    page = client.post(address, {"why": "Ill"}, headers={"HX-Request": "true"}).content.decode()

    assert f'hx-post="{address}"' in page
    assert "<html" not in page


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite not even the session can be written then"
)
def test_a_form_works_without_a_hold_while_the_calendars_are_kept(client, talk, kept):
    order = hold(talk, starts(1)[0])
    kept()

    assert client.post(order.path, order.fields).status_code == 200
