"""Single calls: renewed tokens, repetitions, limits, time-outs, and what is logged."""

import logging
import time
from datetime import timedelta

import pytest

from visavis.gateways.video import Fault, NeedsReconnect, NotThere, TryLater
from visavis.gateways.video.zoom import Patience, users
from visavis.gateways.video.zoom.client import segment

from .zoom_simulator import CLIENT_ID, LIAM, OWNER

IMPATIENT = Patience(connect=0.5, total=0.8)


def test_an_expired_token_is_renewed_once_and_the_call_repeated(zoom):
    zoom.steer("POST", "/clock", advance=3700)

    assert users.me(zoom.client()).id == OWNER

    assert zoom.asked == [False, True]
    assert [call["status"] for call in zoom.calls(path="/v2/")] == [401, 200]


def test_even_a_call_that_is_not_harmless_is_repeated_with_a_new_token(zoom, request_for):
    zoom.steer("POST", "/clock", advance=3700)

    zoom.gateway().open(request_for(LIAM))

    assert len(zoom.meetings()) == 1


def test_a_token_refused_just_after_it_was_renewed_is_tried_later(zoom):
    zoom.fault("unauthorized")

    with pytest.raises(TryLater) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.UNREACHABLE
    assert refusal.value.tracking_id
    assert zoom.asked == [False, True]


def test_a_removed_app_needs_somebody(zoom):
    zoom.steer("DELETE", f"/grants/{CLIENT_ID}/{OWNER}")

    with pytest.raises(NeedsReconnect) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.RECONNECT


def test_a_missing_scope_is_not_taken_for_a_dead_token(zoom):
    zoom.fault("missing_scope")

    with pytest.raises(NeedsReconnect) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.SCOPES
    assert zoom.asked == [False]


@pytest.mark.parametrize("kind", ["server_error", "html_page", "connection_dropped"])
def test_reading_is_repeated_after_a_hiccup(zoom, kind):
    zoom.fault(kind, times=2)

    assert users.me(zoom.client()).id == OWNER
    assert len(zoom.pauses) == 2


@pytest.mark.parametrize("kind", ["server_error", "html_page", "connection_dropped"])
def test_reading_is_given_up_after_three_tries(zoom, kind):
    zoom.fault(kind)

    with pytest.raises(TryLater) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.UNREACHABLE
    assert len(zoom.calls(path="/v2/")) == 3


@pytest.mark.parametrize("kind", ["server_error", "html_page", "connection_dropped"])
def test_making_a_meeting_is_never_repeated_blindly(zoom, request_for, kind):
    zoom.fault(kind, method="POST")

    with pytest.raises(TryLater) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.answer_lost
    assert len(zoom.calls("POST", "/v2/")) == 1


def test_a_deletion_whose_answer_was_lost_is_repeated(zoom, request_for):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM))
    zoom.fault("lost_response", method="DELETE", times=1)

    gateway.close(room.external_id, live=False)

    assert len(zoom.calls("DELETE", "/v2/")) == 2


def test_the_limit_per_second_is_waited_for_whatever_the_call(zoom, request_for):
    zoom.fault("too_many_per_second", times=1)

    zoom.gateway().open(request_for(LIAM))

    assert len(zoom.meetings()) == 1
    assert len(zoom.pauses) == 1
    assert 1.0 <= zoom.pauses[0] <= 2.0


def test_a_limit_per_second_that_does_not_give_way_is_the_callers(zoom):
    zoom.fault("too_many_per_second")

    with pytest.raises(TryLater) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.RATE_LIMITED
    assert not refusal.value.answer_lost
    assert len(zoom.pauses) == 2


def test_the_limit_per_day_is_not_tried_again(zoom):
    zoom.fault("too_many_per_day")

    with pytest.raises(TryLater) as refusal:
        users.me(zoom.client())

    assert refusal.value.fault is Fault.DAY_LIMIT
    assert timedelta(0) < refusal.value.wait <= timedelta(days=1)
    assert zoom.pauses == []


def test_a_hundred_meetings_a_day_are_a_hosts_limit(zoom, request_for):
    zoom.steer("PUT", "/limits", enforced=True, changes_per_day=1)
    gateway = zoom.gateway()
    gateway.open(request_for(LIAM))

    with pytest.raises(TryLater) as refusal:
        gateway.open(request_for(LIAM))

    assert refusal.value.fault is Fault.DAY_LIMIT


@pytest.mark.parametrize("kind", ["timeout", "slow"])
def test_silence_is_borne_only_so_long(zoom, kind):
    zoom.fault(kind, seconds=20, ms=20_000)
    began = time.monotonic()

    with pytest.raises(TryLater) as refusal:
        users.me(zoom.client(patience=IMPATIENT))

    assert refusal.value.fault is Fault.UNREACHABLE
    assert time.monotonic() - began < 2.0


def test_an_unknown_address_is_nobodys_fault_and_nothing_was_done(zoom, request_for):
    zoom.url = "http://127.0.0.1:1"

    with pytest.raises(TryLater) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.fault is Fault.UNREACHABLE
    assert not refusal.value.answer_lost


def test_a_refusal_with_status_200_is_one(zoom):
    zoom.fault("error_200", code=3001, message="Meeting does not exist: 81234567890.")

    with pytest.raises(NotThere):
        zoom.gateway().state("81234567890")


def test_the_log_names_the_call_and_no_secret(zoom, request_for, caplog):
    caplog.set_level(logging.DEBUG)
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM))
    start_url = gateway.start_url(room.external_id)
    with pytest.raises(NotThere):
        gateway.state("81234567890")
    zoom.steer("POST", "/clock", advance=3700)
    users.me(zoom.client())

    ours = [r.getMessage() for r in caplog.records if r.name.startswith("visavis")]
    assert any("POST /users/{user}/meetings: 201" in line for line in ours)
    assert any("GET /meetings/{meeting}: 404 code=3001 tracking=" in line for line in ours)
    secrets = [room.join_url, room.passcode, start_url, start_url.rpartition("=")[2]]
    secrets += [zoom.tokens["access_token"], zoom.tokens["refresh_token"]]
    for secret in secrets:
        assert secret not in "\n".join(ours)
    # The HTTP library may name addresses, but never what is in a header or a body.
    for secret in secrets[2:]:
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("81234567890", "81234567890"),
        ("me", "me"),
        ("a+b/c==", "a%2Bb%2Fc%3D%3D"),
        ("/abc==", "%252Fabc%253D%253D"),
        ("ab//cd==", "ab%252F%252Fcd%253D%253D"),
    ],
)
def test_ids_are_written_into_paths_as_zoom_wants_them(value, written):
    assert segment(value) == written


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_what_leads_elsewhere_is_no_id(value):
    with pytest.raises(ValueError, match="not an id"):
        segment(value)
