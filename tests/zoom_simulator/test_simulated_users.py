"""Users, their settings and privileges."""

from zoom_driver import BEA, LENA, LIAM, OWNER


def test_the_demo_practice_has_five_people(connected):
    body = connected.api("GET", "/users", params={"page_size": 300}).json()

    assert body["total_records"] == 5
    assert body["next_page_token"] == ""
    assert [user["type"] for user in body["users"]] == [2, 2, 2, 2, 1]
    assert all(user["email"].endswith("@example.com") for user in body["users"])


def test_pages_lead_from_one_to_the_next(connected):
    first = connected.api("GET", "/users", params={"page_size": 3}).json()

    token = first["next_page_token"]
    second = connected.api("GET", "/users", params={"page_size": 3, "next_page_token": token})

    assert len(first["users"]) == 3
    assert len(second.json()["users"]) == 2
    assert second.json()["next_page_token"] == ""


def test_page_tokens_die_after_fifteen_minutes(connected):
    token = connected.api("GET", "/users", params={"page_size": 3}).json()["next_page_token"]
    connected.advance(minutes=16)

    response = connected.api("GET", "/users", params={"next_page_token": token})

    assert response.status_code == 400
    assert response.json() == {
        "code": 300,
        "message": "The next page token is invalid or expired.",
    }


def test_inactive_people_are_listed_apart(connected):
    connected.control("PATCH", f"users/{LIAM}", status="inactive")

    active = connected.api("GET", "/users").json()["users"]
    inactive = connected.api("GET", "/users", params={"status": "inactive"}).json()["users"]

    assert LIAM not in [user["id"] for user in active]
    assert [user["id"] for user in inactive] == [LIAM]


def test_people_who_were_invited_have_no_id_yet(connected):
    account = connected.control("GET", "accounts")["accounts"][0]["id"]
    person = {"email": "new@example.com", "status": "pending"}
    connected.control("POST", f"accounts/{account}/users", **person)

    users = connected.api("GET", "/users", params={"status": "pending"}).json()["users"]

    assert [user["email"] for user in users] == ["new@example.com"]
    assert "id" not in users[0]


def test_a_user_has_the_facts_a_client_needs(connected):
    body = connected.api("GET", f"/users/{OWNER}").json()

    assert body["role_name"] == "Owner"
    assert body["use_pmi"] is False
    assert len(str(body["pmi"])) == 10
    assert body["account_id"]


def test_settings_tell_whether_instant_meetings_use_the_personal_number(connected):
    connected.control("PATCH", f"users/{LIAM}", pmi_capture="always")

    body = connected.api("GET", f"/users/{LIAM}/settings").json()

    assert body["schedule_meeting"]["use_pmi_for_instant_meetings"] is True
    assert body["feature"]["meeting_capacity"] == 300


def test_schedulers_and_assistants_are_two_views_of_one_privilege(connected):
    connected.control("PATCH", f"users/{LIAM}", assistants=[LENA])

    schedulers = connected.api("GET", f"/users/{LENA}/schedulers").json()["schedulers"]
    assistants = connected.api("GET", f"/users/{LIAM}/assistants").json()["assistants"]

    assert [one["id"] for one in schedulers] == [LIAM]
    assert [one["id"] for one in assistants] == [LENA]


def test_the_old_kind_of_token_is_gone(zoom):
    scopes = ["user:read:admin"]
    zoom.control("PUT", "apps/visavis-demo", scopes=scopes)
    zoom.install()

    refused = zoom.api("GET", f"/users/{BEA}/token")
    given = zoom.api("GET", f"/users/{BEA}/token", params={"type": "zak"})

    assert refused.json()["message"] == (
        "Token is no longer supported. Please use ZAK token instead."
    )
    assert given.json()["token"].count(".") == 2
