"""The pages of people who are signed in, and the page for steering."""

import re

import pytest
from zoom_driver import ACCOUNT, APP, LIAM, OWNER, heading


def test_home_says_who_is_signed_in(zoom):
    nobody, owner = zoom.browser(), zoom.browser(OWNER)

    assert "Nobody is signed in" in nobody.get("/").text
    assert "olivia.owner@example.com" in owner.get("/").text


def test_signing_out_ends_the_session(zoom):
    browser = zoom.browser(OWNER)

    browser.post("/signout")

    assert "Nobody is signed in" in browser.get("/").text


def test_signing_in_lists_everybody_by_account(zoom):
    page = zoom.browser().get("/signin")

    names = re.findall(r"<strong>(.*?)</strong>", page.text)
    assert names == [
        "Olivia Owner",
        "Liam Licensed",
        "Lena Licensed",
        "Luca Licensed",
        "Bea Basic",
        "Ada Admin",
    ]


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_elsewhere(zoom, target):
    response = zoom.browser().post("/signin", data={"user": OWNER, "next": target})

    assert response.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/meetings", "/user/installed"])
def test_personal_pages_need_somebody(zoom, path):
    response = zoom.browser().get(path)

    assert response.status_code == 303
    assert response.headers["location"].startswith("/signin?next=")


def test_the_meetings_page_shows_scheduled_meetings_and_never_instant_ones(connected):
    connected.meeting(LIAM, type=1, topic="Instant talk")
    connected.meeting(LIAM, type=2, topic="Planned talk", start_time="2031-01-01T10:00:00Z")
    connected.meeting(LIAM, type=3, topic="Standing talk")
    connected.meeting(OWNER, type=2, topic="Of somebody else")

    page = connected.browser(LIAM).get("/meetings")

    topics = re.findall(r'class="what"><strong>(.*?)</strong>', page.text)
    assert sorted(topics) == ["Planned talk", "Standing talk"]


def test_previous_meetings_have_their_own_tab(connected):
    connected.meeting(LIAM, type=2, topic="Short talk", duration=5)
    connected.advance(minutes=30)
    browser = connected.browser(LIAM)

    assert "Short talk" not in browser.get("/meetings").text
    assert "Short talk" in browser.get("/meetings?tab=previous").text


def test_a_meeting_can_be_started_from_the_list(connected):
    meeting = connected.meeting(LIAM, type=2, topic="Planned talk")
    browser = connected.visitor()
    browser.post("/signin", data={"user": LIAM, "next": "/"})

    page = browser.post(f"/meetings/{meeting['id']}/start")

    assert heading(page) == "Planned talk"
    assert connected.control("GET", f"meetings/{meeting['id']}")["status"] == "started"


def test_a_meeting_can_be_deleted_from_the_list_by_its_host_only(connected):
    meeting = connected.meeting(LIAM, type=2)
    path = f"/meetings/{meeting['id']}/delete"

    connected.browser(OWNER).post(path)
    kept = connected.api("GET", f"/meetings/{meeting['id']}").status_code
    connected.browser(LIAM).post(path)

    assert kept == 200
    assert connected.api("GET", f"/meetings/{meeting['id']}").json()["code"] == 3001


def test_installed_apps_can_be_searched(connected):
    browser = connected.browser(OWNER)

    assert "<h2>Visavis</h2>" in browser.get("/user/installed?q=visa").text
    assert "<h2>Visavis</h2>" not in browser.get("/user/installed?q=other").text


def test_removing_an_app_ends_its_access(connected):
    browser = connected.visitor()
    browser.post("/signin", data={"user": OWNER, "next": "/"})
    asked = browser.get(f"/user/installed/{APP}/remove")

    after = browser.post(f"/user/installed/{APP}/remove")

    assert heading(asked) == "Remove Visavis?"
    assert "You have not installed any app." in after.text
    assert connected.api("GET", "/users/me").status_code == 401


def test_shared_access_can_be_changed_later(zoom):
    zoom.install(shared_access=False)
    path = f"/user/installed/{APP}/permissions"

    zoom.browser(OWNER).post(path, data={"shared_access": "on"})
    assert zoom.api("GET", f"/users/{LIAM}").status_code == 200

    zoom.browser(OWNER).post(path, data={})
    assert zoom.api("GET", f"/users/{LIAM}").status_code == 403


def test_every_page_has_a_strict_content_policy(connected):
    strict = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
    )
    forms = {"/": "'self'", "/signin": "http: https:", "/_sim/": "'self'", "/j/1": "'self'"}

    for path, allowed in forms.items():
        policy = connected.http.get(path).headers["content-security-policy"]
        assert policy == strict + allowed


def test_no_page_has_inline_scripts_or_styles(connected):
    connected.meeting(LIAM)
    browser = connected.browser(OWNER)
    for path in ("/", "/signin", "/_sim/", "/meetings", "/user/installed"):
        text = browser.get(path).text
        assert not re.search(r"<script(?! src=)|<style|\son\w+=|\sstyle=", text)


def test_the_control_page_shows_everything(connected):
    meeting = connected.meeting(LIAM, topic="Seen here")
    connected.fault("server_error", times=2, app=APP)

    page = connected.http.get("/_sim/")

    assert page.status_code == 200
    assert "<strong>server_error</strong>" in page.text
    assert "<strong>Seen here</strong>" in page.text
    number = str(meeting["id"])
    assert f"{number[:3]} {number[3:7]} {number[7:]}" in page.text
    assert f"<code>/v2/users/{LIAM}/meetings</code>" in page.text


@pytest.mark.parametrize(
    ("action", "form", "what", "expected"),
    [
        ("advance", {"minutes": "60"}, "clock", lambda now: now["offset_seconds"] > 3000),
        (
            "add-fault",
            {"kind": "slow", "times": "2"},
            "faults",
            lambda found: len(found["faults"]) == 1,
        ),
        (
            "toggle-user",
            {"user": LIAM},
            "users",
            lambda found: found["users"][1]["status"] == "inactive",
        ),
        (
            "capture",
            {"user": LIAM},
            "users",
            lambda found: found["users"][1]["pmi_capture"] == "unless_refused",
        ),
        (
            "add-fault",
            {
                "kind": "slow",
                "account": "A",
                "method": "POST",
                "path": "/v2/*",
                "params": '{"ms": 1}',
            },
            "faults",
            lambda found: (
                [(one["account"], one["method"], one["params"]) for one in found["faults"]]
                == [("A", "POST", {"ms": 1})]
            ),
        ),
        (
            "limits",
            {"changes_per_day": "7"},
            "limits",
            lambda found: found == {"enforced": False, "changes_per_day": 7},
        ),
        (
            "account",
            {"account": ACCOUNT, "plan": "free", "listing_needs_shared_access": "on"},
            "accounts",
            lambda found: (
                found["accounts"][0]["plan"] == "free"
                and found["accounts"][0]["listing_needs_shared_access"]
                and not found["accounts"][0]["api_denied"]
            ),
        ),
        (
            "app",
            {
                "app": APP,
                "decline": "stay",
                "event_receivers": "installed",
                "foreign_user_answer": "4711",
                "refresh_grace": "1",
            },
            "apps",
            lambda found: (
                found["apps"][0]["decline"] == "stay" and not found["apps"][0]["me_allowed"]
            ),
        ),
        (
            "share",
            {"app": APP, "user": OWNER},
            "grants",
            lambda found: not found["grants"][0]["shared_access"],
        ),
        (
            "licence",
            {"user": LIAM, "type": "1"},
            "users",
            lambda found: found["users"][1]["type"] == 1,
        ),
        (
            "remove-user",
            {"user": LIAM, "how": "disassociated"},
            "users",
            lambda found: LIAM not in {one["id"] for one in found["users"]},
        ),
        ("uninstall", {"user": OWNER, "app": APP}, "grants", lambda found: found["grants"] == []),
    ],
)
def test_buttons_of_the_control_page_do_what_they_say(connected, action, form, what, expected):
    response = connected.http.post(f"/_sim/page/{action}", data=form)

    assert response.status_code == 303
    assert expected(connected.control("GET", what))


def test_every_fault_can_be_chosen_on_the_control_page(connected):
    page = connected.http.get("/_sim/").text

    kinds = connected.control("GET", "faults")["kinds"]
    assert [kind for kind in kinds if f"<option>{kind}</option>" not in page] == []


def test_every_switch_of_the_control_api_is_on_the_page(connected):
    fields = set(re.findall(r'name="([a-z_]+)"', connected.http.get("/_sim/").text))

    aims = {"kind", "times", "app", "account", "user", "method", "path", "params"}
    of_accounts = {"plan", "api_denied", "listing_needs_shared_access"}
    of_apps = {"decline", "event_receivers", "foreign_user_answer", "refresh_grace", "me_allowed"}
    assert aims | of_accounts | of_apps | {"enforced", "changes_per_day", "type"} <= fields


def test_what_a_button_cannot_do_is_explained(zoom):
    page = zoom.http.post("/_sim/page/add-fault", data={"kind": "slow", "params": "{"})

    assert page.status_code == 400
    assert heading(page) == "That did not work"
