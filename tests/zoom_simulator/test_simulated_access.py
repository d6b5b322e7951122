"""Whom a token reaches: scopes, levels, shared access, plans, limits."""

from datetime import datetime, timedelta

import pytest
from zoom_driver import APP, BEA, LENA, LIAM, OWNER, STRANGER

NOT_SHARED = {
    "code": 403,
    "message": "authenticated user has not permitted access to the targeted resource",
}


def test_a_call_without_a_good_token_is_refused(zoom):
    response = zoom.api("GET", "/users/me", token="nonsense")

    assert response.status_code == 401
    assert response.json() == {"code": 124, "message": "Invalid access token."}


def test_a_token_in_the_query_is_refused(connected):
    response = connected.http.get("/v2/users/me", params={"access_token": connected.token})

    assert response.status_code == 401
    assert "not supported as query parameter" in response.json()["message"]


def test_a_missing_scope_is_named(zoom):
    zoom.control("PUT", f"apps/{APP}", scopes=["meeting:read:meeting:admin"])
    zoom.install()

    response = zoom.api("GET", "/users")

    assert response.status_code == 400
    assert response.json() == {
        "code": 4711,
        "message": "Invalid access token, does not contain scopes:[user:read:list_users:admin].",
    }


def test_the_older_scopes_do_as_well(zoom):
    zoom.control("PUT", f"apps/{APP}", scopes=["user:read:admin"])
    zoom.install()

    assert zoom.api("GET", "/users").status_code == 200


def test_me_is_whoever_installed_the_app(connected):
    assert connected.api("GET", "/users/me").json()["id"] == OWNER


def test_shared_access_reaches_everybody_in_the_account_by_id_or_address(connected):
    assert connected.api("GET", f"/users/{LIAM}").json()["id"] == LIAM
    assert connected.api("GET", "/users/liam.licensed@example.com").json()["id"] == LIAM


def test_without_shared_access_only_oneself_is_reached(zoom):
    zoom.install(shared_access=False)

    refused = zoom.api("GET", f"/users/{LIAM}/settings")

    assert refused.status_code == 403
    assert refused.json() == NOT_SHARED
    assert zoom.api("POST", f"/users/{LIAM}/meetings", {"type": 1}).json() == NOT_SHARED
    assert zoom.api("POST", "/users/me/meetings", {"type": 1}).status_code == 201
    assert zoom.api("GET", "/users").status_code == 200


def test_listing_may_need_shared_access_as_well(zoom):
    account = zoom.control("GET", "accounts")["accounts"][0]["id"]
    zoom.control("PATCH", f"accounts/{account}", listing_needs_shared_access=True)
    zoom.install(shared_access=False)

    assert zoom.api("GET", "/users").json() == NOT_SHARED


def test_a_meeting_of_somebody_else_needs_shared_access(connected):
    meeting = connected.meeting(LIAM)
    connected.control("PATCH", f"grants/{APP}/{OWNER}", shared_access=False)

    assert connected.api("GET", f"/meetings/{meeting['id']}").json() == NOT_SHARED


def test_people_of_another_account_do_not_exist(connected):
    response = connected.api("GET", f"/users/{STRANGER}")

    assert response.status_code == 404
    assert response.json() == {"code": 1001, "message": f"User does not exist: {STRANGER}."}


def test_meetings_of_another_account_do_not_exist(connected):
    meeting = connected.meeting(LIAM)
    connected.install(STRANGER)

    response = connected.api("GET", f"/meetings/{meeting['id']}")

    assert response.status_code == 404
    assert response.json()["code"] == 3001


def test_a_personal_app_reaches_only_its_user(zoom):
    zoom.install(LIAM, client_id=zoom.personal_app())

    assert zoom.api("GET", "/users/me").json()["id"] == LIAM
    assert zoom.api("GET", f"/users/{LIAM}").status_code == 200
    assert zoom.api("GET", f"/users/{LENA}").json()["code"] == 1001
    assert zoom.api("GET", "/users").json()["code"] == 4711


def test_a_personal_app_may_be_told_of_scopes_instead(zoom):
    zoom.install(LIAM, client_id=zoom.personal_app(foreign_user_answer="4711"))

    assert zoom.api("GET", f"/users/{LENA}").json()["code"] == 4711


def test_me_can_be_forbidden(connected):
    connected.control("PUT", f"apps/{APP}", me_allowed=False)

    assert connected.api("GET", "/users/me").json()["code"] == 1001


def test_the_token_of_a_demoted_administrator_is_of_no_use(connected):
    connected.control("PATCH", f"users/{OWNER}", role="member")

    assert connected.api("GET", "/users").status_code == 403


def test_the_token_of_a_deactivated_user_is_of_no_use(connected):
    tokens = connected.install()
    connected.control("PATCH", f"users/{OWNER}", status="inactive")

    assert connected.api("GET", "/users/me").status_code == 401
    assert connected.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_account_may_be_denied_the_api(connected):
    account = connected.control("GET", "accounts")["accounts"][0]["id"]
    connected.control("PATCH", f"accounts/{account}", api_denied=True)

    response = connected.api("GET", "/users/me")

    assert response.status_code == 403
    assert "has been denied for this account" in response.json()["message"]


def test_a_small_plan_allows_few_calls_a_second(connected):
    account = connected.control("GET", "accounts")["accounts"][0]["id"]
    connected.control("PATCH", f"accounts/{account}", plan="free")

    responses = [connected.api("GET", "/users") for _ in range(20)]

    refused = [response for response in responses if response.status_code == 429]
    assert [response.status_code for response in responses[:2]] == [200, 200]
    assert refused
    assert refused[0].json() == {
        "code": 429,
        "message": (
            "You have reached the maximum per-second rate limit for this API. Try again later."
        ),
    }
    assert refused[0].headers["x-ratelimit-category"] == "Medium"
    assert refused[0].headers["x-ratelimit-type"] == "QPS"
    assert refused[0].headers["x-ratelimit-limit"] == "2"
    assert refused[0].headers["x-ratelimit-remaining"] == "0"


def test_limits_can_be_switched_off(connected):
    account = connected.control("GET", "accounts")["accounts"][0]["id"]
    connected.control("PATCH", f"accounts/{account}", plan="free")
    connected.control("PUT", "limits", enforced=False)

    assert {connected.api("GET", "/users").status_code for _ in range(8)} == {200}


def test_a_host_has_a_hundred_creations_and_updates_a_day(connected):
    connected.control("PUT", "limits", changes_per_day=3)
    meeting = connected.meeting(LIAM)
    connected.meeting(LIAM)
    connected.api("PATCH", f"/meetings/{meeting['id']}", {"topic": "New"})

    refused = connected.api("POST", f"/users/{LIAM}/meetings", {"type": 1})

    assert refused.status_code == 429
    assert refused.headers["x-ratelimit-type"] == "Daily-limit"
    today = datetime.fromisoformat(connected.control("GET", "clock")["now"]).date()
    assert refused.headers["retry-after"] == f"{today + timedelta(days=1)}T00:00:00Z"
    assert connected.api("POST", f"/users/{LENA}/meetings", {"type": 1}).status_code == 201
    connected.control("POST", "clock", set=refused.headers["retry-after"])
    connected.install()
    assert connected.api("POST", f"/users/{LIAM}/meetings", {"type": 1}).status_code == 201


@pytest.mark.parametrize("path", ["/users/me", "/nothing/at/all", f"/users/{BEA}"])
def test_every_answer_has_a_tracking_id(connected, path):
    assert connected.api("GET", path).headers["x-zm-trackingid"].startswith("v=2.0;")
