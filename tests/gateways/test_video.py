"""What holds for every platform that can tell what goes on: in memory, and Zoom."""

from datetime import UTC, datetime

import pytest

from visavis.gateways.video import (
    Fault,
    HostCheck,
    MappingBroken,
    NotThere,
    RoomState,
    TryLater,
    VideoGateway,
)
from visavis.gateways.video.memory import MemoryVideo

from . import zoom_simulator

UNKNOWN = "81999999999"


class InMemory:
    host = "ada"

    def __init__(self):
        self.gateway: VideoGateway = MemoryVideo(hosts={self.host})

    def begin(self, room):
        self.gateway.begin(room.external_id)

    def visit(self, room, name):
        now = datetime(2030, 3, 1, 9, 30, tzinfo=UTC)
        self.gateway.visit(room.external_id, name, email="", joined_at=now, left_at=now)

    def finish(self, room):
        self.gateway.finish(room.external_id)

    def vanish(self, room):
        self.gateway.vanish(room.external_id)


class OnZoom:
    host = zoom_simulator.LIAM

    def __init__(self, zoom):
        self.zoom = zoom
        self.gateway: VideoGateway = zoom.gateway()

    def begin(self, room):
        self.zoom.steer("POST", f"/meetings/{room.external_id}/start")

    def visit(self, room, name):
        self.zoom.steer("POST", f"/meetings/{room.external_id}/join", name=name)

    def finish(self, room):
        self.zoom.steer("POST", f"/meetings/{room.external_id}/end")

    def vanish(self, room):
        self.zoom.steer("DELETE", f"/meetings/{room.external_id}")


@pytest.fixture(params=["memory", "zoom"])
def platform(request):
    if request.param == "memory":
        return InMemory()
    return OnZoom(request.getfixturevalue("zoom"))


@pytest.fixture
def wanted(platform, request_for):
    return request_for(platform.host)


def test_every_room_is_a_new_one(platform, wanted):
    first, second = platform.gateway.open(wanted), platform.gateway.open(wanted)

    assert first.external_id != second.external_id
    assert first.external_uuid != second.external_uuid
    assert first.join_url != second.join_url


def test_a_room_waits_until_its_host_comes(platform, wanted):
    room = platform.gateway.open(wanted)
    before = platform.gateway.state(room.external_id)

    platform.begin(room)

    assert before is RoomState.WAITING
    assert platform.gateway.state(room.external_id) is RoomState.LIVE


def test_an_instant_room_is_gone_when_everybody_has_left(platform, wanted):
    room = platform.gateway.open(wanted)
    platform.begin(room)

    platform.finish(room)

    with pytest.raises(NotThere):
        platform.gateway.state(room.external_id)


def test_a_scheduled_room_waits_again_when_everybody_has_left(platform, request_for):
    room = platform.gateway.open(request_for(platform.host, scheduled=True))
    platform.begin(room)

    platform.finish(room)

    assert platform.gateway.state(room.external_id) is RoomState.WAITING


def test_the_hosts_address_is_fresh_each_time(platform, wanted):
    room = platform.gateway.open(wanted)

    addresses = {platform.gateway.start_url(room.external_id) for _ in range(3)}

    assert len(addresses) == 3
    assert room.join_url not in addresses


@pytest.mark.parametrize("live", [True, False])
def test_closing_may_be_repeated(platform, wanted, live):
    room = platform.gateway.open(wanted)

    platform.gateway.close(room.external_id, live=live)
    platform.gateway.close(room.external_id, live=live)

    with pytest.raises(NotThere):
        platform.gateway.state(room.external_id)


@pytest.mark.parametrize("scheduled", [True, False])
def test_closing_ends_what_goes_on(platform, request_for, scheduled):
    room = platform.gateway.open(request_for(platform.host, scheduled=scheduled))
    platform.begin(room)

    platform.gateway.close(room.external_id)

    with pytest.raises(NotThere):
        platform.gateway.state(room.external_id)


def test_closing_what_should_not_be_live_leaves_people_alone(platform, wanted):
    room = platform.gateway.open(wanted)
    platform.begin(room)

    with pytest.raises(TryLater) as refusal:
        platform.gateway.close(room.external_id, live=False)

    assert refusal.value.fault is Fault.HOST_BUSY
    assert platform.gateway.state(room.external_id) is RoomState.LIVE


def test_closing_an_unknown_room_is_success(platform):
    platform.gateway.close(UNKNOWN)


def test_a_room_its_host_deleted_is_not_there(platform, wanted):
    room = platform.gateway.open(wanted)

    platform.vanish(room)

    for ask in (platform.gateway.state, platform.gateway.start_url):
        with pytest.raises(NotThere):
            ask(room.external_id)
    with pytest.raises(NotThere):
        platform.gateway.personal_links(room.external_id, ["Grace"])


def test_who_was_there_is_known_afterwards(platform, wanted):
    room = platform.gateway.open(wanted)
    platform.begin(room)
    platform.visit(room, "Grace")
    platform.visit(room, "Alan")
    platform.finish(room)

    present = platform.gateway.attendance(room.external_uuid)

    assert {"Grace", "Alan"} <= {person.name for person in present}
    assert all(person.joined_at <= person.left_at for person in present)
    assert len({person.number for person in present}) == len(present)
    assert platform.gateway.attendance(room.external_id) == present


def test_nobody_was_in_a_room_that_never_was(platform):
    with pytest.raises(NotThere):
        platform.gateway.attendance("abcdefABCDEF0123456789==")


def test_personal_links_differ_from_person_to_person(platform, wanted):
    room = platform.gateway.open(wanted)

    links = platform.gateway.personal_links(room.external_id, ["Grace", "Alan"])

    assert set(links) == {"Grace", "Alan"}
    assert len({*links.values(), room.join_url}) == 3


def test_somebody_unknown_cannot_be_host(platform, request_for):
    for ask in (platform.gateway.open, lambda wanted: platform.gateway.check(wanted.host_id)):
        with pytest.raises(MappingBroken) as refusal:
            ask(request_for("nobody"))
        assert refusal.value.fault is Fault.HOST_GONE


def test_a_good_host_passes_the_check(platform):
    assert platform.gateway.check(platform.host) == HostCheck(licensed=True, personal_room=False)


def test_a_room_does_not_show_what_lets_people_in(platform, wanted):
    room = platform.gateway.open(wanted)

    assert room.join_url not in repr(room)
    assert room.passcode
    assert room.passcode not in repr(room).replace(room.external_id, "")
