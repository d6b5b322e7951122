from datetime import timedelta

import pytest

from gateways.zoom_simulator import LIAM
from meetings.at_the_hour import Clock, book, links_of, tend
from visavis.connections.models import Connection
from visavis.connections.operations import REMOVED_AT_PLATFORM, end
from visavis.gateways.video import Attended
from visavis.meetings import attendance, presences
from visavis.meetings.attendance import Came
from visavis.meetings.models import JoinLink, PersonalLink, Presence, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def group(online):
    online.seats = 10
    online.places_max = 3
    online.save()
    return online


@pytest.fixture
def start(group, provider, clock):
    """The hour of a meeting that Grace and Alan have booked, its room open."""
    bookings = [book(group, provider, clock, name) for name in ("Grace Demo", "Alan Demo")]
    clock.set(bookings[0].appointment.starts_at)
    tend(bookings[0].appointment.meeting, clock)
    return clock()


@pytest.fixture
def room(start):
    return Room.objects.current().get()


def stay(start, name, joined=0, left=None, **more):
    """Return a stay from so many minutes after the start."""
    return Attended(
        name=name,
        email=more.pop("email", ""),
        joined_at=None if joined is None else start + timedelta(minutes=joined),
        left_at=None if left is None else start + timedelta(minutes=left),
        **more,
    )


def told(room, *, minutes=60):
    """Return the attendance so many minutes after the start, clients by name."""
    now = room.meeting.starts_at + timedelta(minutes=minutes)
    found = attendance.of_meeting(room.meeting, now=now)
    return found, {one.name: one for one in found.clients}


def test_who_came_by_their_own_address_is_known_by_its_name(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", 7, 27, number="1")], now=clock())

    _found, clients = told(room)

    grace = clients["Grace Demo"]
    assert (grace.came, grace.minutes, grace.late) == (Came.YES, 20, 7)
    assert (grace.joined_at, grace.left_at) == (
        start + timedelta(minutes=7),
        start + timedelta(minutes=27),
    )


def test_the_host_is_the_provider_whatever_their_name(start, room, clock):
    presences.note(room, [stay(start, "Liam Licensed", 0, 30, user_id=LIAM)], now=clock())

    found, _clients = told(room)

    assert (found.provider.came, found.provider.name) == (Came.YES, "Ada Demo")


def test_a_stay_that_both_events_and_the_list_tell_of_is_one(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", 1, number="16")], now=clock())
    presences.note(room, [stay(start, "Grace Demo", None, 31, number="16")], now=clock())
    presences.note(room, [stay(start, "Grace Demo", 1, 31, number="16")], now=clock())

    kept = Presence.objects.get()
    assert (kept.joined_at, kept.left_at) == (
        start + timedelta(minutes=1),
        start + timedelta(minutes=31),
    )


def test_events_in_the_wrong_order_make_one_stay(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", None, 31, number="16")], now=clock())
    presences.note(room, [stay(start, "Grace Demo", 1, number="16")], now=clock())

    assert Presence.objects.count() == 1
    assert told(room)[1]["Grace Demo"].minutes == 30


def test_a_stay_without_a_number_is_known_by_name_and_time(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", 1, number="16")], now=clock())
    presences.note(room, [stay(start, "Grace Demo", 1.5, 31)], now=clock())
    presences.note(room, [stay(start, "Grace Demo", 40, 45)], now=clock())

    assert Presence.objects.count() == 2


def test_who_came_back_is_the_same_person(start, room, clock):
    stays = [
        stay(start, "Grace Demo", 0, 10, number="1"),
        stay(start, "Grace Demo", 12, 30, number="2"),
    ]
    presences.note(room, stays, now=clock())

    grace = told(room)[1]["Grace Demo"]
    assert (grace.minutes, grace.left_at) == (28, start + timedelta(minutes=30))


def test_without_an_address_of_their_own_the_same_name_soon_after_our_door_does(start, room, clock):
    PersonalLink.objects.all().delete()
    JoinLink.objects.filter(name="Grace Demo").update(forwarded_at=start)
    stays = [
        stay(start, "grace demo", 1, 10, number="1"),
        stay(start, "Grace Demo", 45, 50, number="2"),
        stay(start, "Alan Demo", 1, 10, number="3"),
    ]

    presences.note(room, stays, now=clock())

    found, clients = told(room)
    assert clients["Grace Demo"].minutes == 14
    assert clients["Alan Demo"].came is Came.UNCLEAR
    assert [one.name for one in found.others] == ["Alan Demo"]


def test_the_same_name_long_after_our_door_is_somebody_else(start, room, clock):
    PersonalLink.objects.all().delete()
    JoinLink.objects.update(forwarded_at=start - timedelta(hours=2))

    presences.note(room, [stay(start, "Grace Demo", 1, 10)], now=clock())

    assert told(room)[1]["Grace Demo"].came is Came.UNCLEAR


def test_an_address_of_mail_alone_proves_nothing(start, room, clock):
    presences.note(room, [stay(start, "iPad", 1, 10, email="grace@example.com")], now=clock())

    found, clients = told(room)

    assert [one.name for one in found.others] == ["iPad"]
    assert clients["Grace Demo"].came is Came.UNCLEAR


def test_several_places_are_several_people(group, provider, clock):
    booking = book(group, provider, clock, "Grace Demo", places=2)
    clock.set(booking.appointment.starts_at)
    tend(booking.appointment.meeting, clock)
    room = Room.objects.current().get()

    presences.note(room, [stay(clock(), "Grace Demo (2)", 0, 20)], now=clock())

    first, second = links_of(booking)
    found = {one.link.pk: one.came for one in told(room)[0].clients}
    assert found == {first.pk: Came.NO, second.pk: Came.YES}


def test_who_was_not_seen_did_not_come_as_far_as_we_can_tell(start, room, clock):
    presences.note(room, [stay(start, "Liam Licensed", 0, 30, user_id=LIAM)], now=clock())

    assert told(room)[1]["Grace Demo"].missed


def test_nobody_is_missing_before_the_end(start, room, clock):
    presences.note(room, [stay(start, "Liam Licensed", 0, user_id=LIAM)], now=clock())

    assert told(room, minutes=10)[1]["Grace Demo"].came is Came.UNKNOWN


def test_nobody_is_missing_where_we_know_nothing(room):
    found, clients = told(room)

    assert not found.known
    assert {one.came for one in clients.values()} == {Came.UNKNOWN}


def test_who_was_let_into_a_room_that_tells_nothing_is_not_missing(start, room, clock):
    presences.note(room, [stay(start, "Liam Licensed", 0, 5, user_id=LIAM)], now=clock())
    Room.objects.update(closed_at=clock(), closed_because="ended")
    Room.objects.create(
        meeting=room.meeting, platform="jitsi", asked_at=clock(), opened_at=clock(), fallback=True
    )
    JoinLink.objects.filter(name="Grace Demo").update(forwarded_at=clock())

    clients = told(room)[1]

    assert clients["Grace Demo"].came is Came.UNKNOWN
    assert clients["Alan Demo"].came is Came.NO


def test_whose_leaving_nobody_told_was_there_until_the_room_closed(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", 0)], now=clock())
    before = told(room, minutes=10)[1]["Grace Demo"]
    Room.objects.update(closed_at=start + timedelta(minutes=25))

    after = told(room)[1]["Grace Demo"]

    assert (before.left_at, before.minutes) == (None, 10)
    assert (after.left_at, after.minutes) == (start + timedelta(minutes=25), 25)


@pytest.mark.parametrize("because", [REMOVED_AT_PLATFORM, "disconnected"])
def test_what_zoom_told_of_people_goes_with_the_right_to_it(
    start, room, connection, clock, because
):
    presences.note(room, [stay(start, "Grace Demo", 0)], now=clock())
    end(connection, because=because, now=clock())

    presences.forget_ended(clock())

    assert not Presence.objects.exists()


def test_who_only_reconnects_keeps_it(start, room, connection, clock):
    presences.note(room, [stay(start, "Grace Demo", 0)], now=clock())
    end(connection, because="reconnected", now=clock())

    presences.forget_ended(clock())

    assert Presence.objects.exists()


def test_other_companies_keep_theirs(start, room, clock):
    from visavis.companies.models import Company

    presences.note(room, [stay(start, "Grace Demo", 0)], now=clock())
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    Connection.objects.create(
        company=oak, platform="zoom", client_id="x", connected_at=clock(),
        disconnected_at=clock(), disconnected_because=REMOVED_AT_PLATFORM,
    )  # fmt: skip

    presences.forget_ended(clock())

    assert Presence.objects.exists()


def test_what_is_known_of_somebody_goes_with_their_link(start, room, clock):
    presences.note(room, [stay(start, "Grace Demo", 0)], now=clock())

    JoinLink.objects.filter(name="Grace Demo").delete()

    assert not Presence.objects.exists()


def test_many_meetings_cost_the_same_queries(
    start, room, group, provider, clock, django_assert_num_queries
):
    from visavis.meetings.models import Meeting

    book(group, provider, clock, "Hedy Demo", minutes=90)
    meetings = list(Meeting.objects.all())
    assert len(meetings) == 2

    with django_assert_num_queries(3):
        attendance.of_meetings(meetings, now=clock())
