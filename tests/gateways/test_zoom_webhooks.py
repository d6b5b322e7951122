"""What Zoom tells us by itself: known vectors, oddities, and real deliveries."""

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.gateways.video.zoom.webhooks import (
    EventKind,
    UnreadableError,
    challenge_answer,
    parse,
    verify,
)

from .zoom_simulator import ACCOUNT, CLIENT_ID, LIAM, OWNER

SECRET = "test-secret-token"
STAMP = "1654503849"
NOW = datetime.fromtimestamp(int(STAMP) + 60, UTC)
CHALLENGE = (
    b'{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},'
    b'"event_ts":1654503849680}'
)
UPDATED = (
    '{"event":"meeting.updated","payload":{"object":{"topic":"Séance d’essai",'
    '"url":"https:\\/\\/zoom.us"}}}'
).encode()
VECTORS = [
    (CHALLENGE, "v0=b7ca7b4701973ed508c1b9416d6b48508805f163c751260ec72d9dca49e32a9c"),
    (UPDATED, "v0=3911b27ba3aaa83b09b1de72d967c0efdac5e6d35e7ed9ef906f9635b3b2c590"),
]


def signature(body, stamp=STAMP, secret=SECRET):
    message = f"v0:{stamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("body", "signed"), VECTORS)
def test_known_deliveries_are_zooms(body, signed):
    assert verify(SECRET, STAMP, body, signed, NOW)


@pytest.mark.parametrize(("body", "signed"), VECTORS)
def test_a_changed_delivery_is_not(body, signed):
    assert not verify(SECRET, STAMP, body + b" ", signed, NOW)
    assert not verify(SECRET, str(int(STAMP) + 1), body, signed, NOW)
    assert not verify("another-secret", STAMP, body, signed, NOW)
    assert not verify(SECRET, STAMP, body, signed[:-1], NOW)
    assert not verify(SECRET, STAMP, body, signed.upper(), NOW)


def test_no_secret_verifies_nothing():
    assert not verify("", STAMP, CHALLENGE, signature(CHALLENGE, secret=""), NOW)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(hours=2), True),
        (timedelta(hours=2, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_a_delivery_must_be_fresh(age, fresh):
    now = datetime.fromtimestamp(int(STAMP), UTC) + age

    assert verify(SECRET, STAMP, CHALLENGE, signature(CHALLENGE), now) is fresh


def test_a_stamp_in_milliseconds_is_understood():
    stamp = f"{STAMP}123"

    assert verify(SECRET, stamp, CHALLENGE, signature(CHALLENGE, stamp), NOW)


@settings(max_examples=50)
@given(st.text(max_size=20), st.text(max_size=20))
def test_nonsense_in_headers_is_refused_and_not_an_error(stamp, signed):
    assert not verify(SECRET, stamp, CHALLENGE, signed, NOW)


@pytest.mark.parametrize(
    "stamp", ["", "soon", "1654503849.5", "-1654503849", "１６５４５０３８４９", "9" * 13]
)
def test_a_stamp_that_is_none_is_refused_even_if_signed(stamp):
    assert not verify(SECRET, stamp, CHALLENGE, signature(CHALLENGE, stamp), NOW)


def test_the_challenge_is_answered():
    event = parse(CHALLENGE)

    assert event.kind is EventKind.CHALLENGE
    assert challenge_answer(SECRET, event.plain_token) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "9c8ad56737c19db2904b301c0781e86857e999f39f07727668cf62a5e7e298c8",
    }


def body_of(event, payload, **more):
    return json.dumps(
        {"event": event, "event_ts": 1749365726209, "payload": payload, **more}
    ).encode()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app_deauthorized", EventKind.DEAUTHORISED),
        ("meeting.started", EventKind.MEETING_STARTED),
        ("meeting.ended", EventKind.MEETING_ENDED),
        ("meeting.deleted", EventKind.MEETING_DELETED),
        ("meeting.participant_joined", EventKind.PARTICIPANT_JOINED),
        ("meeting.participant_left", EventKind.PARTICIPANT_LEFT),
        ("user.updated", EventKind.USER_CHANGED),
        ("user.activated", EventKind.USER_CHANGED),
        ("user.deleted", EventKind.USER_GONE),
        ("user.deactivated", EventKind.USER_GONE),
        ("user.disassociated", EventKind.USER_GONE),
        ("meeting.created", EventKind.OTHER),
        ("recording.completed", EventKind.OTHER),
    ],
)
def test_events_in_our_words(name, kind):
    event = parse(body_of(name, {"account_id": "A"}))

    assert event.kind is kind
    assert event.name == name
    assert event.account_id == "A"


@pytest.mark.parametrize(
    "retention", [{}, {"user_data_retention": None}, {"user_data_retention": "false"}]
)
def test_a_removal_names_app_account_and_user(retention):
    payload = {
        "account_id": "A",
        "user_id": "U",
        "client_id": "C",
        "signature": "827edc34",
        "deauthorization_time": "2025-06-08T06:55:26.209Z",
    }

    event = parse(body_of("app_deauthorized", payload | retention))

    assert (event.account_id, event.user_id, event.client_id) == ("A", "U", "C")
    assert event.at == datetime(2025, 6, 8, 6, 55, 26, 209000, UTC)


def test_a_removal_as_in_zooms_own_faulty_example():
    payload = {"user_id": "U", "client_id": "C", "event_ts": "2024-09-08 15:58:40"}

    event = parse(json.dumps({"event": "app_deauthorized", "payload": payload}).encode())

    assert event.kind is EventKind.DEAUTHORISED
    assert event.at == datetime(2024, 9, 8, 15, 58, 40, tzinfo=UTC)


@pytest.mark.parametrize("number", [81234567890, "81234567890"])
def test_a_meetings_number_is_text_either_way(number):
    event = parse(
        body_of("meeting.ended", {"object": {"id": number, "uuid": "/u//==", "host_id": "H"}})
    )

    assert (event.meeting_id, event.meeting_uuid, event.host_id) == ("81234567890", "/u//==", "H")


def test_a_user_event_is_about_a_user_and_no_meeting():
    event = parse(body_of("user.deactivated", {"object": {"id": "U", "type": 3}}))

    assert event.user_id == "U"
    assert event.meeting_id == ""


@pytest.mark.parametrize("moment", ["join_time", "date_time"])
def test_a_participant_has_a_name(moment):
    person = {
        "user_name": "Grace",
        "email": "",
        "participant_uuid": "P",
        moment: "2025-06-08T06:55:26Z",
    }

    event = parse(
        body_of("meeting.participant_joined", {"object": {"id": "8", "participant": person}})
    )

    assert (event.participant_name, event.participant_email, event.participant_id) == (
        "Grace",
        "",
        "P",
    )


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"7", b"null", b"{}", b'{"event":7}', b"event=x", b"[" * 100_000]
)
def test_what_is_no_event_is_said_so(body):
    with pytest.raises(UnreadableError):
        parse(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["id", "object", "participant", "user_id", "event_ts"]), inner
        )
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(JSON, JSON)
def test_any_payload_is_read_without_stumbling(payload, stamp):
    body = json.dumps({"event": "meeting.ended", "payload": payload, "event_ts": stamp}).encode()

    assert parse(body).kind is EventKind.MEETING_ENDED


def test_the_same_event_has_the_same_key_however_it_is_written():
    payload = {"object": {"id": 8, "uuid": "u"}, "account_id": "A"}
    other_way = {"account_id": "A", "object": {"uuid": "u", "id": 8}}
    again = json.dumps(
        {"payload": other_way, "event_ts": 1749365726209, "event": "meeting.ended"}, indent=1
    )

    assert parse(body_of("meeting.ended", payload)).dedupe_key == parse(again.encode()).dedupe_key


def test_different_events_have_different_keys():
    payload = {"object": {"id": 8, "uuid": "u"}}
    keys = {
        parse(body).dedupe_key
        for body in (
            body_of("meeting.ended", payload),
            body_of("meeting.started", payload),
            body_of("meeting.ended", {"object": {"id": 8, "uuid": "v"}}),
            body_of("meeting.ended", payload, event_ts=1749365726210),
        )
    }

    assert len(keys) == 4
    assert all(len(key) <= 100 for key in keys)


@pytest.fixture
def mailbox(zoom):
    """An endpoint of ours: answers the challenge and keeps what else comes."""
    received = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            stamp, signed = self.headers["x-zm-request-timestamp"], self.headers["x-zm-signature"]
            genuine = verify("visavis-demo-webhook-secret", stamp, body, signed, datetime.now(UTC))
            event = parse(body)
            received.append((genuine, event))
            answer = challenge_answer("visavis-demo-webhook-secret", event.plain_token)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/zoom"
    shown = zoom.steer(
        "PUT", f"/apps/{CLIENT_ID}", event_url=address, deauthorization_url=address, events=[]
    )
    assert shown["event_url_valid"] is True
    yield received
    zoom.steer("PUT", f"/apps/{CLIENT_ID}", event_url="", deauthorization_url="")
    server.shutdown()
    server.server_close()


def test_a_meetings_life_arrives_signed(zoom, mailbox, request_for):
    room = zoom.gateway().open(request_for(LIAM))
    zoom.steer("POST", f"/meetings/{room.external_id}/start")
    zoom.steer("POST", f"/meetings/{room.external_id}/end")
    zoom.steer("POST", "/webhooks/flush")

    assert all(genuine for genuine, _event in mailbox)
    events = {event.kind: event for _genuine, event in mailbox}
    for kind in (EventKind.MEETING_STARTED, EventKind.MEETING_ENDED):
        assert events[kind].meeting_id == room.external_id
        assert events[kind].meeting_uuid == room.external_uuid
        assert events[kind].host_id == LIAM
        assert events[kind].account_id == ACCOUNT


def test_a_removed_app_is_told(zoom, mailbox):
    zoom.steer("DELETE", f"/grants/{CLIENT_ID}/{OWNER}")
    zoom.steer("POST", "/webhooks/flush")

    genuine, event = mailbox[-1]
    assert genuine
    assert event.kind is EventKind.DEAUTHORISED
    assert (event.client_id, event.user_id, event.account_id) == (CLIENT_ID, OWNER, ACCOUNT)
