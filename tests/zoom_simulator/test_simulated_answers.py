"""Answers measured against our own note of what a client reads of them.

`zoom_answers.json` names fields and kinds as Zoom's API reference has them, so that a checkout
without Zoom's descriptions shows as much of them as the product relies on.
"""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from zoom_driver import LIAM

from zoom_schema import AVAILABLE, described_fields

ANSWERS = json.loads(Path(__file__).with_name("zoom_answers.json").read_text())


def schema_of(answer):
    schema = _object(answer["required"])
    if "rows" in answer:
        name, row = answer["rows"]
        schema["properties"][name] = {"type": "array", "minItems": 1, "items": _object(row)}
    return schema


def _object(kinds):
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    return {"type": "object", "required": list(kinds), "properties": properties}


def check(call, response):
    answer = ANSWERS[call]
    assert response.status_code == answer["status"], response.text
    if answer["status"] == 204:
        assert response.content == b""
    else:
        Draft7Validator(schema_of(answer)).validate(response.json())


def test_every_answer_has_what_a_client_reads(connected):
    zoom, seen = connected, set()

    def call(method, template, body=None, **ids):
        check(f"{method} {template}", zoom.api(method, template.format_map(ids), body))
        seen.add(f"{method} {template}")

    for path in ("/users", "/users/{userId}", "/users/{userId}/settings"):
        call("GET", path, userId=LIAM)
    planned = {"type": 2, "topic": "Planned", "start_time": "2030-01-01T10:00:00Z", "duration": 30}
    call("POST", "/users/{userId}/meetings", planned, userId=LIAM)
    call("GET", "/users/{userId}/meetings", userId=LIAM)
    number = zoom.control("GET", "meetings")["meetings"][-1]["id"]
    call("GET", "/meetings/{meetingId}", meetingId=number)
    call("PATCH", "/meetings/{meetingId}", {"topic": "Moved"}, meetingId=number)
    guests = {"attendees": [{"name": "Grace"}]}
    call("POST", "/meetings/{meetingId}/invite_links", guests, meetingId=number)
    zoom.control("POST", f"meetings/{number}/start")
    call("PUT", "/meetings/{meetingId}/status", {"action": "end"}, meetingId=number)
    call("GET", "/past_meetings/{meetingId}/participants", meetingId=number)
    call("DELETE", "/meetings/{meetingId}", meetingId=number)
    assert seen == ANSWERS.keys()


@pytest.mark.skipif(not AVAILABLE, reason="Zoom's descriptions are not at hand: see zoom_schema.py")
@pytest.mark.parametrize("call", [one for one, answer in ANSWERS.items() if "required" in answer])
def test_our_note_invents_no_field(call):
    answer = ANSWERS[call]
    fields = described_fields(*call.split(), answer["status"])

    assert answer["required"].items() <= fields.items()
    if "rows" in answer:
        name, row = answer["rows"]
        assert row.items() <= described_fields(*call.split(), answer["status"], within=name).items()
