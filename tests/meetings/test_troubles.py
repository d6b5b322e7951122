"""What becomes of a meeting when hosts, platforms or workers do what nobody planned."""

from datetime import timedelta

import pytest

from factories import make_provider
from gateways.zoom_simulator import LENA, LIAM
from meetings.at_the_hour import Clock, book, links_of, room_of, tend
from visavis.bookings.actors import By
from visavis.bookings.operations import moving
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.core.policies import Actor
from visavis.gateways.video import Fault, TryLater
from visavis.gateways.video.memory import MemoryVideo
from visavis.meetings import entering, rooms, tending
from visavis.meetings.entering import Stage
from visavis.meetings.models import Meeting, MeetingProvider, MeetingSettings, Room

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://meet.example/room"
STAFF = By(Actor.STAFF, "Olive Demo")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def booked(online, provider, clock):
    return book(online, provider, clock)


@pytest.fixture
def meeting(booked):
    return booked.appointment.meeting


@pytest.fixture
def fallback(company):
    MeetingSettings.objects.create(company=company, fallback="fixed", fallback_link=ELSEWHERE)


def providers_link(meeting):
    return entering.find(meeting.links.standing().get(side="provider").token)


def claimed(meeting, clock):
    found = Meeting.objects.select_related("provider__company", "company").get(pk=meeting.pk)
    assert tending.claim_one(found, now=clock())
    return found


# -- hosts ---------------------------------------------------------------------------------------


def test_a_room_that_its_host_deletes_beforehand_is_made_again(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    number = room_of(booked).external_id
    zoom.steer("DELETE", f"/meetings/{number}")

    tend(meeting, clock)
    tend(meeting, clock)

    assert room_of(booked).external_id != number
    assert Room.objects.get(external_id=number).closed_because == "vanished"
    assert Meeting.objects.get().ended_at is None


def test_word_of_a_deleted_room_has_another_one_made_at_once(booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)

    rooms.note_gone(room_of(booked), now=clock())

    assert [one.pk for one in tending.claim_due(now=clock(), limit=5)] == [meeting.pk]


def test_start_leads_to_the_host_that_was_chosen_a_moment_ago(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    MeetingProvider.objects.update(host_id=LENA)

    address = entering.start(providers_link(meeting), clock=clock)

    assert room_of(booked).host_id == LENA
    assert room_of(booked).external_id in address


def test_start_goes_on_when_the_former_room_cannot_be_closed(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    former = room_of(booked)
    MeetingProvider.objects.update(host_id=LENA)
    zoom.fault("server_error", times=10, path=f"/v2/meetings/{former.external_id}*")

    entering.start(providers_link(meeting), clock=clock)

    assert room_of(booked).host_id == LENA
    assert Room.objects.get(pk=former.pk).remove_at is not None


def test_another_host_does_not_break_a_talk_off(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at)
    entering.start(providers_link(meeting), clock=clock)
    number = room_of(booked).external_id
    zoom.steer("POST", f"/meetings/{number}/start")
    tend(meeting, clock)

    MeetingProvider.objects.update(host_id=LENA)
    tend(meeting, clock)
    entering.start(providers_link(meeting), clock=clock)

    assert (room_of(booked).external_id, room_of(booked).host_id) == (number, LIAM)


# -- appointments that change while their room is open ---------------------------------------------


def test_a_booking_moved_to_tomorrow_gives_its_room_back(zoom, booked, meeting, clock):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    link = links_of(booked)[0]

    tomorrow = meeting.starts_at + timedelta(days=1)
    moving.move(
        booked, starts_at=tomorrow, provider=None, by=By(Actor.STAFF), now=clock(),
        overriding=STAFF_OVERRIDES,
    )  # fmt: skip
    tend(meeting, clock)

    assert not Room.objects.current().exists()
    assert [one for one in zoom.meetings() if one["status"] == "waiting"] == []
    assert entering.view(entering.find(link.token), now=clock()).stage is Stage.EARLY


def test_another_provider_gets_a_room_of_their_own(zoom, company, online, booked, meeting, clock):
    other = make_provider(company, "Bo Demo")
    online.providers.add(other)
    MeetingProvider.objects.create(provider=other, platform="zoom", host_id=LENA)
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    former, link = providers_link(meeting), links_of(booked)[0]

    moving.move(
        booked, starts_at=meeting.starts_at, provider=other, by=By(Actor.STAFF), now=clock(),
        overriding=STAFF_OVERRIDES,
    )  # fmt: skip
    booked.refresh_from_db()
    tend(booked.appointment.meeting, clock)

    assert room_of(booked).host_id == LENA
    assert [one["host_id"] for one in zoom.meetings() if one["status"] == "waiting"] == [LENA]
    at_the_hour = booked.appointment.starts_at
    assert entering.view(entering.find(former.token), now=at_the_hour).stage is Stage.REVOKED
    assert entering.view(entering.find(link.token), now=at_the_hour).stage is Stage.OPEN


# -- platforms -------------------------------------------------------------------------------------


def test_when_the_hosts_day_is_used_up_everybody_meets_elsewhere_at_once(
    zoom, fallback, booked, meeting, clock
):
    zoom.fault("too_many_per_day", times=10)
    clock.set(meeting.starts_at)

    troubled = tend(meeting, clock)

    assert room_of(booked).join_url == ELSEWHERE
    assert troubled.fault == "day_limit"


def test_a_dead_grant_leads_everybody_elsewhere_at_once(
    connection, fallback, booked, meeting, clock
):
    connection.attention = "reconnect"
    connection.save()
    clock.set(meeting.starts_at)

    tend(meeting, clock)

    assert room_of(booked).join_url == ELSEWHERE


def test_the_providers_start_leads_elsewhere_when_the_grant_is_dead(
    connection, fallback, meeting, clock
):
    connection.attention = "reconnect"
    connection.save()
    clock.set(meeting.starts_at - timedelta(minutes=10))

    assert entering.start(providers_link(meeting), clock=clock) == ELSEWHERE


def test_a_room_whose_host_cannot_get_in_is_given_up(
    zoom, connection, fallback, booked, meeting, clock
):
    clock.set(meeting.starts_at - timedelta(minutes=1))
    tend(meeting, clock)
    former = room_of(booked)
    connection.attention = "reconnect"
    connection.save()

    clock.set(meeting.starts_at)
    address = entering.start(providers_link(meeting), clock=clock)

    assert address == ELSEWHERE
    former.refresh_from_db()
    assert (former.closed_because, former.remove_at is not None) == ("failed", True)


def test_a_room_in_which_people_talk_is_not_given_up(zoom, fallback, booked, meeting, clock):
    clock.set(meeting.starts_at)
    entering.start(providers_link(meeting), clock=clock)
    number = room_of(booked).external_id
    zoom.steer("POST", f"/meetings/{number}/start")
    zoom.fault("server_error", times=50)

    for _look in range(4):
        tend(meeting, clock)

    assert room_of(booked).external_id == number


def test_that_many_ask_at_once_is_no_reason_to_meet_elsewhere(
    zoom, fallback, booked, meeting, clock
):
    zoom.fault("too_many_per_second", times=20)
    clock.set(meeting.starts_at)

    tend(meeting, clock)
    tend(meeting, clock)

    assert not Room.objects.current().exists()


def test_nobody_waits_for_hours_because_a_platform_says_so(zoom, booked, meeting, clock):
    zoom.fault("too_many_per_day", times=1)
    clock.set(meeting.starts_at)

    troubled = tend(meeting, clock)

    assert troubled.look_at - clock() <= timedelta(minutes=1)


# -- workers ---------------------------------------------------------------------------------------


class Slow(MemoryVideo):
    """A platform that lets `act` happen before it answers to `call`."""

    def __init__(self, call, act):
        super().__init__()
        self.call, self.act = call, act

    def _called(self, what, *, acts=False):
        if what == self.call and (act := self.act):
            self.act = None
            act()
        return super()._called(what, acts=acts)


def test_a_late_time_out_closes_no_room_that_another_worker_opened(booked, meeting, clock):
    def overtake():
        clock.set(clock() + tending.LEASE + timedelta(seconds=1))
        tending.tend(claimed(meeting, clock), clock=clock, gateway_for=lambda *_, **__: video)
        video.fail(TryLater(Fault.UNREACHABLE, "late", answer_lost=True))

    video = Slow("open", overtake)
    clock.set(meeting.starts_at - timedelta(minutes=1))

    tending.tend(claimed(meeting, clock), clock=clock, gateway_for=lambda *_, **__: video)

    assert room_of(booked).usable
    assert len(video.rooms) == 1
    assert Meeting.objects.get().fault == ""


def test_a_room_that_comes_late_is_removed_again(booked, meeting, clock):
    def overtake():
        clock.set(clock() + tending.LEASE + timedelta(seconds=1))
        tending.tend(claimed(meeting, clock), clock=clock, gateway_for=lambda *_, **__: video)

    video = Slow("open", overtake)
    clock.set(meeting.starts_at - timedelta(minutes=1))

    tending.tend(claimed(meeting, clock), clock=clock, gateway_for=lambda *_, **__: video)

    late = Room.objects.exclude(remove_at=None).get()
    assert late.external_id != room_of(booked).external_id


def test_a_move_while_a_worker_asks_is_not_slept_through(booked, meeting, clock):
    def move():
        moving.move(
            booked, starts_at=clock() + timedelta(hours=3), provider=None,
            by=By(Actor.STAFF), now=clock() + timedelta(seconds=1), overriding=STAFF_OVERRIDES,
        )  # fmt: skip

    video = Slow("check", move)

    tending.tend(claimed(meeting, clock), clock=clock, gateway_for=lambda *_, **__: video)

    clock.set(clock() + timedelta(seconds=1))
    assert [one.pk for one in tending.claim_due(now=clock(), limit=5)] == [meeting.pk]


def test_those_who_wait_for_their_turn_keep_their_lease(booked, meeting, clock):
    (mine,) = tending.claim_due(now=meeting.starts_at, limit=5)
    clock.set(meeting.starts_at + tending.LEASE + timedelta(seconds=1))
    claimed(meeting, clock)

    tending.tend(mine, clock=clock)

    assert not Room.objects.exists()


def test_a_clock_set_back_keeps_no_meeting_locked(booked, meeting, clock):
    Meeting.objects.update(claimed_until=clock() + timedelta(days=1), look_at=clock())

    assert [one.pk for one in tending.claim_due(now=clock(), limit=5)] == [meeting.pk]
