"""What staff see of who came: a suggestion, and never a judgement."""

from datetime import UTC, datetime, timedelta

import pytest

from back_office.staff import sign_in
from gateways.zoom_simulator import LIAM
from meetings.at_the_hour import Clock, book
from visavis.bookings.models import Booking
from visavis.gateways.video import Attended
from visavis.meetings import presences
from visavis.meetings.models import Meeting, PersonalLink, Room

pytestmark = pytest.mark.django_db
SUGGESTION = "Did not come, as far as we can tell"


@pytest.fixture
def booking(online, provider):
    """A booking that is over, with a room nobody has told us anything of."""
    made = book(online, provider, Clock())
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    over = begun + timedelta(minutes=30)
    made.appointment.starts_at = made.appointment.blocked_from = begun
    made.appointment.ends_at = made.appointment.blocked_until = over
    made.appointment.save()
    Meeting.objects.update(starts_at=begun, ends_at=over, look_at=None)
    room = Room.objects.create(
        meeting_id=made.appointment.meeting_id, platform="zoom", host_id=LIAM, asked_at=begun,
        opened_at=begun, closed_at=over, closed_because="ended", external_id="81234567890",
    )  # fmt: skip
    link = room.meeting.links.get(side="client")
    PersonalLink.objects.create(link=link, room=room, name="Grace Demo", made_at=begun)
    return made


def was_there(name, *, late=0, user_id=""):
    room = Room.objects.get()
    joined = room.meeting.starts_at + timedelta(minutes=late)
    stay = Attended(name, "", joined, room.meeting.ends_at, user_id=user_id)
    presences.note(room, [stay], now=datetime.now(UTC))


def page(client, booking):
    return client.get(f"/office/willow/bookings/{booking.code}/").content.decode()


def test_who_was_not_seen_may_be_marked_with_one_click(client, company, booking):
    was_there("Liam Licensed", user_id=LIAM)
    sign_in(client, company, "receptionist")

    shown = page(client, booking)
    client.post(f"/office/willow/bookings/{booking.code}/no-show/")

    assert SUGGESTION in shown
    assert Booking.objects.get().status == "no_show"
    assert "Mark as" not in page(client, booking)


def test_nothing_is_imposed(client, company, booking):
    was_there("Liam Licensed", user_id=LIAM)
    sign_in(client, company, "owner")

    page(client, booking)

    assert Booking.objects.get().status == "confirmed"


def test_nothing_is_suggested_where_nothing_is_known(client, company, booking):
    sign_in(client, company, "owner")

    assert SUGGESTION not in page(client, booking)


def test_nothing_is_suggested_when_somebody_else_was_there(client, company, booking):
    was_there("Liam Licensed", user_id=LIAM)
    was_there("iPad")
    sign_in(client, company, "owner")

    shown = page(client, booking)

    assert SUGGESTION not in shown
    assert "somebody else was there" in shown


def test_who_came_is_told_with_times(client, company, booking):
    was_there("Grace Demo", late=4)
    sign_in(client, company, "viewer")

    shown = page(client, booking)

    assert "26 minutes" in shown
    assert "4 minutes late" in shown


def test_who_only_looks_on_is_not_asked_to_judge(client, company, booking):
    was_there("Liam Licensed", user_id=LIAM)
    sign_in(client, company, "viewer")

    shown = page(client, booking)

    assert SUGGESTION in shown
    assert "no-show/" not in shown
