"""Jitsi, a fixed link, and the trouble the platform in memory can make."""

import re

import pytest

from visavis.gateways.video import (
    Fault,
    NotAvailable,
    RoomState,
    TryLater,
    VideoGateway,
)
from visavis.gateways.video.fixed import FixedLinkGateway
from visavis.gateways.video.jitsi import JitsiGateway
from visavis.gateways.video.memory import MemoryVideo

LINK = "https://meet.example/ada"


@pytest.fixture(params=["jitsi", "fixed"])
def gateway(request) -> VideoGateway:
    return (
        FixedLinkGateway(LINK)
        if request.param == "fixed"
        else JitsiGateway("https://jitsi.example/")
    )


def test_both_sides_use_the_same_address(gateway, request_for):
    room = gateway.open(request_for(""))

    assert gateway.start_url(room.external_id) == room.join_url


def test_there_is_nothing_to_see_or_to_close(gateway, request_for):
    room = gateway.open(request_for(""))

    gateway.close(room.external_id)
    gateway.close(room.external_id, live=False)

    assert gateway.state(room.external_id) is RoomState.WAITING


def test_what_they_cannot_do_is_said_so(gateway, request_for):
    room = gateway.open(request_for(""))

    with pytest.raises(NotAvailable):
        gateway.attendance(room.external_id)
    with pytest.raises(NotAvailable):
        gateway.personal_links(room.external_id, ["Grace"])


def test_a_jitsi_room_cannot_be_guessed_and_is_readable(request_for):
    gateway = JitsiGateway("https://jitsi.example/")

    rooms = {gateway.open(request_for("", topic="Séance d’essai / 1")).join_url for _ in range(50)}

    assert len(rooms) == 50
    for room in rooms:
        assert re.fullmatch(r"https://jitsi\.example/Seance-dessai-1-[0-9a-f]{32}", room)


@pytest.mark.parametrize("topic", ["", "…", "日本語", "../../evil?x#y"])
def test_a_jitsi_room_is_one_segment_whatever_the_topic(request_for, topic):
    room = JitsiGateway("https://jitsi.example").open(request_for("", topic=topic))

    assert re.fullmatch(r"[A-Za-z0-9-]{32,}", room.external_id)
    assert room.join_url == f"https://jitsi.example/{room.external_id}"


def test_a_fixed_link_is_always_the_same(request_for):
    gateway = FixedLinkGateway(LINK)

    assert {gateway.open(request_for("")).join_url for _ in range(3)} == {LINK}


def test_trouble_comes_as_often_as_it_was_asked_for(request_for):
    video = MemoryVideo()
    video.fail(TryLater(Fault.UNREACHABLE), times=2)

    for _ in range(2):
        with pytest.raises(TryLater):
            video.open(request_for("ada"))
    video.open(request_for("ada"))

    assert len(video.rooms) == 1
    assert video.calls == ["open", "open", "open"]


def test_trouble_after_the_act_leaves_the_room(request_for):
    video = MemoryVideo()
    video.fail(TryLater(Fault.UNREACHABLE, answer_lost=True), after_acting=True)

    with pytest.raises(TryLater):
        video.open(request_for("ada"))

    assert len(video.rooms) == 1
