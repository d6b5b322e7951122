"""Answers and events measured against Zoom's own descriptions.

The driver checks every exchange of every test; here each operation and event is met once.
"""

import pytest
from zoom_driver import APP, LIAM, Receiver

from zoom_schema import AVAILABLE, check_event, check_exchange, operation_ids, operation_of

pytestmark = pytest.mark.skipif(
    not AVAILABLE, reason="Zoom's descriptions are not at hand; see zoom_schema.py"
)

CLASSIC = [
    "meeting:read:admin",
    "meeting:write:admin",
    "user:read:admin",
    "user_zak:read",
]
PERSON = {"email": "grace@example.com", "first_name": "Grace", "last_name": "Hopper"}


def a_bit_of_everything(zoom):
    """Return (method, path, body) for calls which meet every operation."""
    held = zoom.meeting(LIAM)["id"]
    zoom.control("POST", f"meetings/{held}/start")
    yield "GET", f"/meetings/{held}/token", None
    zoom.control("POST", f"meetings/{held}/end")
    settings = {"approval_type": 0, "join_before_host": True, "jbh_time": 5}
    planned = {"type": 2, "topic": "Planned", "timezone": "Europe/Paris", "settings": settings}
    yield "POST", f"/users/{LIAM}/meetings", planned
    number = zoom.control("GET", "meetings")["meetings"][-1]["id"]
    person = zoom.api("POST", f"/meetings/{number}/registrants", PERSON).json()
    one, link = person["registrant_id"], {"attendees": [{"name": "Grace"}], "ttl": 60}
    other = {"registrants": [{"email": "alan@example.com", "first_name": "Alan"}]}
    for path in ("", "/me/zak", f"/{LIAM}", f"/{LIAM}/settings", f"/{LIAM}/token?type=zak"):
        yield "GET", f"/users{path}", None
    for what in ("permissions", "assistants", "schedulers", "meeting_templates", "meetings"):
        yield "GET", f"/users/{LIAM}/{what}", None
    yield "GET", f"/users/{LIAM}/upcoming_meetings", None
    for path in ("", "/invitation", "/registrants", f"/registrants/{one}"):
        yield "GET", f"/meetings/{number}{path}", None
    yield "PATCH", f"/meetings/{number}", {"agenda": "More", "settings": {"watermark": True}}
    yield "POST", f"/meetings/{number}/invite_links", link
    yield "POST", f"/meetings/{number}/registrants", PERSON
    yield "POST", f"/meetings/{number}/batch_registrants", other
    approval = {"action": "approve", "registrants": [{"id": one}]}
    yield "PUT", f"/meetings/{number}/registrants/status", approval
    yield "DELETE", f"/meetings/{number}/registrants/{one}", None
    yield "PUT", f"/meetings/{number}/status", {"action": "end"}
    yield "DELETE", f"/meetings/{number}", None
    for path in ("", "/instances", "/participants"):
        yield "GET", f"/past_meetings/{held}{path}", None


def test_all_28_operations_answer_as_described(zoom):
    zoom.control("PUT", f"apps/{APP}", scopes=CLASSIC)
    zoom.install()
    met = set()

    for method, path, body in a_bit_of_everything(zoom):
        response = zoom.api(method, path, body)
        assert response.status_code < 300, (method, path, response.text)
        met.add(operation_of(method, path)[1]["operationId"])

    assert met == operation_ids()
    assert len(met) == 28


def test_every_event_of_a_busy_day_is_as_described(zoom):
    receiver = Receiver()
    zoom.control("PUT", f"apps/{APP}", scopes=CLASSIC, event_url=receiver.url)
    zoom.install()

    for method, path, body in a_bit_of_everything(zoom):
        zoom.api(method, path, body)

    zoom.control("POST", "webhooks/flush")
    for body in receiver.events():
        check_event(body)
    assert len({body["event"] for body in receiver.events()}) >= 9
    receiver.close()


def test_the_measure_itself_can_fail():
    class Answer:
        status_code = 200
        content = b"{}"

        def json(self):
            return {"id": 7, "type": 2}

    with pytest.raises(Exception, match="7 is not of type 'string'"):
        check_exchange("GET", "/users/me", None, Answer())
    with pytest.raises(Exception, match="required property"):
        check_event({"event": "meeting.started", "event_ts": 1, "payload": {}})
