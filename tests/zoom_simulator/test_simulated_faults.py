"""Everything that can be made to go wrong."""

import time

import httpx2
import pytest
from zoom_driver import APP, LENA, LIAM, OWNER, SECRET


def test_a_lost_refresh_has_rotated_all_the_same(connected):
    tokens = connected.install()
    connected.fault("refresh_lost", times=1)

    with pytest.raises(httpx2.HTTPError):
        connected.refresh(tokens["refresh_token"])

    again = connected.refresh(tokens["refresh_token"])
    assert again.json() == {"reason": "Invalid Token!", "error": "invalid_grant"}


def test_a_refresh_which_gets_no_answer_in_time_has_rotated_too(connected):
    tokens = connected.install()
    connected.fault("refresh_lost", times=1, mode="timeout", seconds=5)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

    with pytest.raises(httpx2.ReadTimeout):
        connected.http.post("/oauth/token", data=form, auth=(APP, SECRET), timeout=0.1)

    assert connected.refresh(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("kind", "status", "media_type"),
    [
        ("token_xml", 500, "application/xml"),
        ("token_html", 503, "text/html"),
        ("token_error_200", 200, "application/json"),
        ("token_server_error", 500, "application/json"),
        ("invalid_grant", 400, "application/json"),
    ],
)
def test_the_token_endpoint_may_answer_oddly_and_has_done_nothing(
    connected, kind, status, media_type
):
    tokens = connected.install()
    connected.fault(kind, times=1)

    odd = connected.refresh(tokens["refresh_token"])

    assert odd.status_code == status
    assert odd.headers["content-type"].startswith(media_type)
    assert "access_token" not in odd.text
    assert connected.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("unauthorized", 401, 124),
        ("token_expired", 401, 124),
        ("missing_scope", 400, 4711),
        ("shared_access", 403, 403),
        ("api_denied", 403, 403),
        ("too_many_per_second", 429, 429),
        ("too_many_per_day", 429, 429),
        ("server_error", 500, 500),
        ("user_missing", 404, 1001),
        ("meeting_missing", 404, 3001),
        ("refused", 400, 300),
    ],
)
def test_a_call_may_be_refused_once(connected, kind, status, code):
    connected.fault(kind, times=1)

    refused = connected.api("GET", f"/users/{LIAM}")

    assert refused.status_code == status
    assert refused.json()["code"] == code
    assert connected.api("GET", f"/users/{LIAM}").status_code == 200


@pytest.mark.parametrize(("plan", "per_second"), [("free", "4"), ("pro", "30"), ("business", "80")])
def test_a_refusal_per_second_tells_what_the_plan_allows(connected, plan, per_second):
    connected.control("PATCH", "accounts/DemoPracticeAccount01", plan=plan)
    connected.fault("too_many_per_second", times=1)

    refused = connected.api("GET", "/users/me")

    assert refused.headers["x-ratelimit-type"] == "QPS"
    assert refused.headers["x-ratelimit-limit"] == per_second


def test_it_may_say_how_long_to_wait(connected):
    connected.fault("too_many_per_second", times=1, retry_after="2")

    assert connected.api("GET", "/users/me").headers["retry-after"] == "2"


def test_any_refusal_can_be_had_by_its_status_code_and_text(connected):
    message = "Cannot access webinar info."
    connected.fault("refused", status=400, code=3000, message=message)

    refused = connected.api("GET", "/users/me")

    assert refused.status_code == 400
    assert refused.json() == {"code": 3000, "message": message}


def test_a_dead_refresh_token_may_be_refused_as_in_former_years(connected):
    tokens = connected.install()
    connected.fault("invalid_grant", status=401, error="invalid_request")

    refused = connected.refresh(tokens["refresh_token"])

    assert refused.status_code == 401
    assert refused.json() == {"reason": "Invalid Token!", "error": "invalid_request"}


def test_daily_limits_say_when_to_come_back_as_a_date(connected):
    connected.fault("too_many_per_day", times=1)

    refused = connected.api("GET", "/users/me")

    assert refused.headers["x-ratelimit-type"] == "Daily-limit"
    assert refused.headers["retry-after"].endswith("T00:00:00Z")


def test_an_error_may_wear_the_status_200(connected):
    connected.fault("error_200", times=1, code=300, message="No.")
    headers = {"authorization": f"Bearer {connected.token}"}

    response = connected.http.get("/v2/users/me", headers=headers)

    assert (response.status_code, response.json()) == (200, {"code": 300, "message": "No."})


def test_a_page_may_come_instead_of_data(connected):
    connected.fault("html_page", times=1)

    response = connected.api("GET", "/users/me")

    assert response.status_code == 502
    assert response.headers["content-type"].startswith("text/html")


def test_the_line_may_drop_before_anything_was_done(connected):
    connected.fault("connection_dropped", times=1)

    with pytest.raises(httpx2.HTTPError):
        connected.meeting(LIAM)

    assert connected.control("GET", "meetings")["meetings"] == []


def test_the_line_may_drop_after_it_was_done(connected):
    connected.fault("lost_response", times=1, method="POST")

    with pytest.raises(httpx2.HTTPError):
        connected.meeting(LIAM, topic="Orphan")

    found = connected.control("GET", "meetings")["meetings"]
    assert [one["topic"] for one in found] == ["Orphan"]
    calls = connected.control("GET", "calls?method=POST&path=/v2/")["calls"]
    assert [(call["status"], call["fault"]) for call in calls] == [(None, "lost_response")]


def test_an_answer_may_be_slow(connected):
    connected.fault("slow", times=1, ms=300)
    before = time.monotonic()

    connected.api("GET", "/users/me")

    assert time.monotonic() - before >= 0.3


def test_a_call_may_hang(connected):
    connected.fault("timeout", times=1, seconds=5)

    with pytest.raises(httpx2.ReadTimeout):
        connected.api("GET", "/users/me", timeout=0.1)


def test_the_personal_number_may_capture_one_meeting(connected):
    pmi = connected.api("GET", f"/users/{LIAM}").json()["pmi"]
    connected.fault("pmi_capture", times=1, user=LIAM)

    numbers = [connected.meeting(host)["id"] for host in (LENA, LIAM, LIAM)]

    assert [number == pmi for number in numbers] == [False, True, False]


@pytest.mark.parametrize(
    ("aim", "hit"),
    [
        ({}, True),
        ({"app": APP}, True),
        ({"app": "another"}, False),
        ({"user": OWNER}, True),
        ({"user": LIAM}, True),
        ({"user": LENA}, False),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/v2/users/*"}, True),
        ({"path": "/v2/meetings/*"}, False),
    ],
)
def test_faults_are_aimed(connected, aim, hit):
    connected.fault("server_error", **aim)

    response = connected.api("GET", f"/users/{LIAM}")

    assert (response.status_code == 500) is hit


def test_faults_are_aimed_at_accounts(connected):
    accounts = connected.control("GET", "accounts")["accounts"]
    connected.fault("server_error", account=accounts[1]["id"])

    assert connected.api("GET", "/users/me").status_code == 200


def test_a_fault_without_a_count_lasts_until_it_is_removed(connected):
    fault = connected.fault("server_error", status=503)

    statuses = [connected.api("GET", "/users/me").status_code for _ in range(3)]
    connected.control("DELETE", f"faults/{fault['id']}")

    assert statuses == [503, 503, 503]
    assert connected.api("GET", "/users/me").status_code == 200


def test_a_kind_which_does_not_exist_is_refused(zoom):
    response = zoom.http.post("/_sim/faults", json={"kind": "rain"})

    assert response.status_code == 400
    assert "rain" in response.json()["error"]
