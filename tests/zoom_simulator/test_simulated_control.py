"""Steering and looking inside."""

import socket
from urllib.parse import urlsplit

import pytest
from zoom_driver import APP, CALLBACK, LIAM, OWNER, code_in


def test_reset_forgets_everything_but_the_seed(connected):
    connected.meeting(LIAM)
    connected.fault("server_error")
    connected.advance(days=3)

    connected.control("POST", "reset")

    assert connected.control("GET", "meetings")["meetings"] == []
    assert connected.control("GET", "faults")["faults"] == []
    assert connected.control("GET", "grants")["grants"] == []
    assert connected.control("GET", "calls")["calls"] == []
    assert abs(connected.control("GET", "clock")["offset_seconds"]) < 1
    assert len(connected.control("GET", "users")["users"]) == 6


def test_reset_may_bring_another_seed(zoom):
    account = {"name": "Solo", "plan": "free", "users": [{"email": "Solo@example.com"}]}

    zoom.control("POST", "reset", accounts=[account])

    assert [one["email"] for one in zoom.control("GET", "users")["users"]] == ["solo@example.com"]


@pytest.mark.parametrize(
    "seed",
    [
        {"weather": []},
        {"accounts": [{"name": "A", "plan": "gold"}]},
        {"accounts": [{"name": "A", "users": [{"first_name": "Nobody"}]}]},
        {"apps": [{"client_id": "x"}]},
        {"apps": [{"client_id": "x", "client_secret": "y", "colour": "red"}]},
    ],
)
def test_a_seed_which_is_not_understood_is_refused(zoom, seed):
    assert zoom.http.post("/_sim/reset", json=seed).status_code == 400


def test_the_clock_can_be_set_and_returned(zoom):
    there = zoom.control("POST", "clock", set="2031-05-06T07:08:09Z")
    back = zoom.control("DELETE", "clock")

    assert there["now"].startswith("2031-05-06T07:08:09")
    assert abs(back["offset_seconds"]) < 1


def test_calls_are_recorded_with_what_was_sent_and_answered(connected):
    connected.control("DELETE", "calls")
    connected.meeting(LIAM, topic="Seen")
    connected.api("GET", "/users/me")

    posts = connected.control("GET", "calls?method=post")["calls"]

    assert [(call["path"], call["status"]) for call in posts] == [
        (f"/v2/users/{LIAM}/meetings", 201)
    ]
    assert '"Seen"' in posts[0]["body"]
    assert (posts[0]["app"], posts[0]["user"]) == (APP, OWNER)


def test_calls_can_be_filtered(connected):
    connected.api("GET", "/users/me")
    connected.api("GET", "/users/nobody")
    calls = connected.control("GET", "calls?path=/users/")["calls"]

    failed = connected.control("GET", "calls?status=404")["calls"]
    later = connected.control("GET", f"calls?since={calls[0]['number']}")["calls"]

    assert [call["path"] for call in failed] == ["/v2/users/nobody"]
    assert [call["number"] for call in later] == [calls[1]["number"]]


def test_the_control_api_itself_is_not_recorded(zoom):
    zoom.control("GET", "clock")

    assert zoom.control("GET", "calls")["calls"] == []


def test_authorising_without_a_browser(zoom):
    body = {"client_id": APP, "redirect_uri": CALLBACK, "state": "s", "user": OWNER}

    answer = zoom.control("POST", "authorization", **body)["redirect_to"]
    declined = zoom.control("POST", "authorization", **body, decision="decline")["redirect_to"]

    form = {"grant_type": "authorization_code", "code": code_in(answer)}
    assert zoom.exchange(redirect_uri=CALLBACK, **form).status_code == 200
    assert declined == f"{CALLBACK}?error=access_denied&state=s"


def test_a_host_may_make_and_delete_meetings_on_the_web_page(connected):
    made = connected.control("POST", "meetings", host=LIAM, type=2, topic="By hand")
    path = f"/meetings/{made['id']}"
    seen = connected.api("GET", path).json()

    connected.control("DELETE", f"meetings/{made['id']}")

    assert seen["creation_source"] == "web_portal"
    assert connected.api("GET", path).json()["code"] == 3001


def test_a_deleted_person_is_gone_with_tokens_and_meetings(connected):
    meeting = connected.meeting(LIAM)

    connected.control("DELETE", f"users/{LIAM}")

    assert connected.api("GET", f"/users/{LIAM}").json()["code"] == 1001
    assert connected.api("GET", f"/meetings/{meeting['id']}").json()["code"] == 3001


@pytest.mark.parametrize(
    ("query", "event"),
    [("", "user.deleted"), ("?action=disassociate", "user.disassociated")],
)
def test_whoever_leaves_the_account_is_told_of(receiver, connected, query, event):
    connected.control("DELETE", f"users/{LIAM}{query}")

    assert receiver.wait(1) == [event]
    assert receiver.events()[0]["payload"]["object"]["id"] == LIAM


def test_unknown_fields_are_refused(zoom):
    response = zoom.http.patch(f"/_sim/users/{LIAM}", json={"mood": "good"})

    assert response.status_code == 400
    assert response.json() == {"error": "unknown field mood"}


@pytest.mark.parametrize("path", ["users/nobody", "accounts/none", "grants/a/b"])
def test_what_does_not_exist_is_not_found(zoom, path):
    assert zoom.http.patch(f"/_sim/{path}", json={"status": "x"}).status_code == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_cannot_steer(zoom, site):
    headers = {"sec-fetch-site": site}

    assert zoom.http.post("/_sim/reset", headers=headers).status_code == 403
    assert zoom.http.post("/_sim/page/reset", headers=headers).status_code == 403


def test_a_call_that_was_cut_off_did_not_arrive(connected):
    address = urlsplit(connected.base_url)
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(
            b"POST /v2/users/me/meetings HTTP/1.1\r\nhost: localhost\r\n"
            b"authorization: Bearer " + connected.token.encode() + b"\r\n"
            b'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"topic": '
        )
    connected.api("GET", "/users/me")

    calls = connected.control("GET", "calls?path=/v2/")["calls"]
    assert [call["path"] for call in calls] == ["/v2/users/me"]
