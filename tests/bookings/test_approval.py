"""What waits for somebody's approval, and what is noted of a booking that took place."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_service
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, BookingChange
from visavis.bookings.operations import ending, making, statuses
from visavis.bookings.operations.making import Wish
from visavis.bookings.operations.statuses import NotPossible
from visavis.companies import features
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def pending(company, provider, now):
    features.switch(company, features.APPROVAL, on=True)
    advice = make_service(company, "Advice", [provider], approval_wanted=True)
    return making.book(
        Wish(offering=advice, starts_at=TEN),
        ClientDetails(name="Grace", email="grace@example.com", language="fr"),
        by=by_client("Grace"),
        now=now,
    )


def test_what_nobody_approved_before_its_start_is_let_go_of(pending):
    assert ending.drop_all_unapproved(TEN) == 1

    pending.refresh_from_db()
    assert pending.status == "cancelled"
    assert not Appointment.objects.active().exists()
    last = BookingChange.objects.order_by("pk").last()
    assert (last.what, last.by_name, last.by_user) == ("declined", "", None)


def test_the_client_is_told_in_their_language(pending):
    ending.drop_all_unapproved(TEN)

    told = Message.objects.get(event="declined", audience="client")
    assert told.details["reason"] == "Elle n’a pas été confirmée à temps."


def test_until_the_start_it_can_be_approved(pending, owner):
    assert ending.drop_all_unapproved(TEN - timedelta(seconds=1)) == 0
    statuses.approve(pending, by=by_staff(owner), now=TEN)

    assert ending.drop_all_unapproved(TEN) == 0
    with pytest.raises(NotPossible):
        ending.drop_unapproved(pending, now=TEN)


def test_the_history_keeps_why_somebody_approved(pending, owner, now):
    statuses.approve(pending, by=by_staff(owner), now=now, why="Rang us")
    statuses.complete(pending, by=by_staff(owner), now=TEN, why="Came late")

    assert list(pending.changes.order_by("pk").values_list("why", flat=True)) == [
        "", "Rang us", "Came late",
    ]  # fmt: skip


@pytest.mark.parametrize("note", [statuses.complete, statuses.mark_no_show])
def test_nobody_came_or_stayed_away_before_the_start(pending, owner, now, note):
    statuses.approve(pending, by=by_staff(owner), now=now)

    with pytest.raises(NotPossible):
        note(pending, by=by_staff(owner), now=TEN - timedelta(seconds=1))

    assert note(pending, by=by_staff(owner), now=TEN).status in {"completed", "no_show"}
