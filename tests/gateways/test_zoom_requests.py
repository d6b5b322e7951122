"""The measure of our calls, which the `zoom` fixtures put to each of them, can fail."""

import json

import pytest
from jsonschema import ValidationError

from gateways import zoom_requests

MEETING = {"type": 1, "topic": "Talk", "settings": {"use_pmi": False}}


def test_what_we_send_is_allowed():
    zoom_requests.check("POST", "/v2/users/me/meetings", "", json.dumps(MEETING))
    zoom_requests.check("GET", "/v2/users", "page_size=300&status=active")
    zoom_requests.check("POST", "/oauth/revoke", "", "token=abc")


@pytest.mark.parametrize(
    "changes",
    [
        {"type": 7},
        {"topic": "t" * 201},
        {"duration": 0},
        {"start_time": "2030-03-01 09:30"},
        {"settings": {"use_pmi": "no"}},
        {"settings": {"usepmi": False}},
        {"topics": "Talk"},
    ],
)
def test_a_meeting_that_zoom_does_not_know_is_noticed(changes):
    with pytest.raises(ValidationError):
        zoom_requests.check("POST", "/v2/users/me/meetings", "", json.dumps(MEETING | changes))


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/v2/users", "page_size=301", ""),
        ("GET", "/v2/users", "pagesize=30", ""),
        ("GET", "/v2/user", "", ""),
        ("POST", "/v2/users/me", "", "{}"),
        ("GET", "/v2/users/me", "", "{}"),
        ("GET", "/v2/users/me", "access_token=abc", ""),
        ("POST", "/oauth/token", "", "grant_type=password"),
        ("POST", "/oauth/token", "grant_type=refresh_token", ""),
    ],
)
def test_a_call_that_zoom_does_not_know_is_noticed(method, path, query, body):
    with pytest.raises(AssertionError):
        zoom_requests.check(method, path, query, body)


def test_what_was_refused_may_be_wrong_on_purpose_but_not_what_a_fault_refused():
    call = {"method": "GET", "path": "/v2/weather", "query": "", "body": "", "status": 404}

    zoom_requests.check_all([call | {"fault": ""}])
    with pytest.raises(AssertionError):
        zoom_requests.check_all([call | {"fault": "server_error"}])
