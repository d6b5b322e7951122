"""Authorisation, tokens, and their loss."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from zoom_driver import APP, CALLBACK, LIAM, OWNER, SECRET, STRANGER, code_in, heading

ASKED = {
    "response_type": "code",
    "client_id": APP,
    "redirect_uri": CALLBACK,
    "state": "a&b=c",
}


def allowed(zoom, user=OWNER, *, shared=True, **more):
    browser = zoom.browser(user)
    form = {**ASKED, **more, "decision": "allow", **({"shared_access": "on"} if shared else {})}
    return browser.post("/oauth/authorize", data=form).headers["location"]


def tokens(zoom, location, **more):
    form = {"grant_type": "authorization_code", "code": code_in(location), **more}
    return zoom.exchange(redirect_uri=CALLBACK, **form)


def test_a_person_who_is_not_signed_in_chooses_who_to_be_and_comes_back(zoom):
    browser = zoom.visitor()

    page = browser.get("/oauth/authorize", params=ASKED)

    assert page.url.path == "/signin"
    again = browser.post("/signin", data={"user": OWNER, "next": page.url.params["next"]})
    assert heading(again) == "Visavis asks for access"


def test_the_consent_page_shows_scopes_and_an_unticked_shared_access_box(zoom):
    page = zoom.browser(OWNER).get("/oauth/authorize", params=ASKED)

    assert "meeting:write:meeting:admin" in page.text
    assert '<input type="checkbox" name="shared_access">' in page.text


def test_allowing_goes_back_with_a_code_and_the_very_state(zoom):
    location = allowed(zoom)

    assert location.startswith(CALLBACK + "?")
    answer = parse_qs(urlsplit(location).query)
    assert answer["state"] == ["a&b=c"]
    assert len(answer["code"]) == 1


def test_a_code_becomes_a_pair_of_tokens(zoom):
    response = tokens(zoom, allowed(zoom))

    body = response.json()
    assert response.status_code == 200
    assert body.keys() == {
        "access_token",
        "token_type",
        "refresh_token",
        "expires_in",
        "scope",
        "api_url",
    }
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3599
    assert body["api_url"] == zoom.base_url
    assert "user:read:list_users:admin" in body["scope"].split()


def test_api_url_is_what_the_app_was_given(zoom):
    zoom.control("PUT", f"apps/{APP}", api_url="http://127.0.0.1:9999")

    assert tokens(zoom, allowed(zoom)).json()["api_url"] == "http://127.0.0.1:9999"


def test_a_code_works_once(zoom):
    location = allowed(zoom)
    tokens(zoom, location)

    response = tokens(zoom, location)

    assert response.status_code == 400
    assert response.json() == {
        "reason": f"Invalid authorization code {code_in(location)}",
        "error": "invalid_grant",
    }


def test_a_code_is_good_for_five_minutes(zoom):
    early, late = allowed(zoom), allowed(zoom)

    zoom.advance(seconds=290)
    assert tokens(zoom, early).status_code == 200
    zoom.advance(seconds=20)

    assert tokens(zoom, late).status_code == 400


def test_the_redirect_address_must_be_the_same_at_the_token_endpoint(zoom):
    form = {"grant_type": "authorization_code", "code": code_in(allowed(zoom))}

    response = zoom.exchange(redirect_uri=CALLBACK + "/", **form)

    assert response.json() == {"reason": "Redirect URI mismatch.", "error": "invalid_request"}


@pytest.mark.parametrize("method", ["S256", "plain"])
def test_proof_keys_are_checked(zoom, method):
    verifier = "v" * 50
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    challenge = digest.rstrip(b"=").decode() if method == "S256" else verifier
    proof = {"code_challenge": challenge, "code_challenge_method": method}

    wrong = tokens(zoom, allowed(zoom, **proof), code_verifier="w" * 50)
    right = tokens(zoom, allowed(zoom, **proof), code_verifier=verifier)

    assert wrong.json()["error"] == "invalid_grant"
    assert right.status_code == 200


def test_an_installed_app_is_sent_back_at_once_without_a_page(zoom):
    allowed(zoom)

    response = zoom.browser(OWNER).get("/oauth/authorize", params=ASKED)

    assert response.status_code == 302
    assert tokens(zoom, response.headers["location"]).status_code == 200


def test_the_box_cannot_be_ticked_by_connecting_again(zoom):
    allowed(zoom, shared=False)

    zoom.browser(OWNER).get("/oauth/authorize", params=ASKED)

    assert [one["shared_access"] for one in zoom.control("GET", "grants")["grants"]] == [False]


def test_new_scopes_are_asked_for_again(zoom):
    allowed(zoom)
    zoom.control("PUT", f"apps/{APP}", scopes=["user:read:user:admin"])

    page = zoom.browser(OWNER).get("/oauth/authorize", params=ASKED)

    assert heading(page) == "Visavis asks for access"


def test_an_unregistered_address_is_a_page_and_no_redirect(zoom):
    asked = {**ASKED, "redirect_uri": CALLBACK + "/"}

    page = zoom.browser(OWNER).get("/oauth/authorize", params=asked)

    assert page.status_code == 400
    assert f"Invalid redirect: {CALLBACK}/ (4,700)" in page.text


def test_without_strict_mode_a_longer_address_will_do(zoom):
    zoom.control("PUT", f"apps/{APP}", strict=False)

    page = zoom.browser(OWNER).get(
        "/oauth/authorize", params={**ASKED, "redirect_uri": CALLBACK + "/more"}
    )

    assert page.status_code == 200


def test_an_unknown_client_is_a_page_and_no_redirect(zoom):
    page = zoom.browser(OWNER).get("/oauth/authorize", params={**ASKED, "client_id": "<b>x"})

    assert page.status_code == 400
    assert "Invalid client_id: &lt;b&gt;x (4,702)" in page.text


def test_declining_goes_back_with_an_error(zoom):
    form = {**ASKED, "decision": "decline"}

    response = zoom.browser(OWNER).post("/oauth/authorize", data=form)

    answer = parse_qs(urlsplit(response.headers["location"]).query)
    assert answer == {"error": ["access_denied"], "state": ["a&b=c"]}


def test_declining_may_also_end_at_zoom(zoom):
    zoom.control("PUT", f"apps/{APP}", decline="stay")

    page = zoom.browser(OWNER).post("/oauth/authorize", data={**ASKED, "decision": "decline"})

    assert page.status_code == 200
    assert heading(page) == "You have declined"


def test_an_account_wide_app_needs_an_administrator(zoom):
    page = zoom.browser(LIAM).get("/oauth/authorize", params=ASKED)

    assert page.status_code == 403
    assert "An account admin is required" in page.text


def test_a_refresh_returns_a_new_pair_and_kills_the_old_refresh_token(zoom):
    first = tokens(zoom, allowed(zoom)).json()

    second = zoom.refresh(first["refresh_token"])

    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    again = zoom.refresh(first["refresh_token"])
    assert again.status_code == 400
    assert again.json() == {"reason": "Invalid Token!", "error": "invalid_grant"}


def test_grace_lets_the_last_refresh_tokens_live(zoom):
    zoom.control("PUT", f"apps/{APP}", refresh_grace=1)
    first = tokens(zoom, allowed(zoom)).json()["refresh_token"]
    second = zoom.refresh(first).json()["refresh_token"]

    assert zoom.refresh(first).status_code == 200
    assert zoom.refresh(first).status_code == 400
    assert zoom.refresh(second).status_code == 200


def test_a_refresh_token_dies_after_ninety_days(zoom):
    first = tokens(zoom, allowed(zoom)).json()["refresh_token"]
    zoom.advance(days=89)
    second = zoom.refresh(first).json()["refresh_token"]

    zoom.advance(days=91)

    assert zoom.refresh(second).json()["error"] == "invalid_grant"


def test_a_new_authorisation_kills_the_tokens_of_the_one_before(zoom):
    first = tokens(zoom, allowed(zoom)).json()

    second = tokens(zoom, allowed(zoom)).json()

    assert zoom.refresh(first["refresh_token"]).status_code == 400
    assert zoom.api("GET", "/users/me", token=first["access_token"]).status_code == 401
    assert zoom.api("GET", "/users/me", token=second["access_token"]).status_code == 200


def test_an_access_token_dies_after_an_hour(zoom):
    issued = tokens(zoom, allowed(zoom)).json()["access_token"]
    zoom.advance(minutes=59)
    assert zoom.api("GET", "/users/me", token=issued).status_code == 200

    zoom.advance(minutes=2)

    response = zoom.api("GET", "/users/me", token=issued)
    assert response.status_code == 401
    assert response.json() == {"code": 124, "message": "Access token is expired."}


def test_a_wrong_client_secret_is_refused(zoom):
    response = zoom.refresh("whatever", auth=(APP, "wrong"))

    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("form", "error"),
    [({}, "invalid_request"), ({"grant_type": "password"}, "unsupported_grant_type")],
)
def test_other_grant_types_are_refused(zoom, form, error):
    assert zoom.exchange(**form).json()["error"] == error


def test_revoking_removes_the_app_and_the_next_connection_asks_again(zoom):
    issued = tokens(zoom, allowed(zoom)).json()

    response = zoom.http.post(
        "/oauth/revoke", data={"token": issued["access_token"]}, auth=(APP, SECRET)
    )

    assert response.json() == {"status": "success"}
    assert zoom.api("GET", "/users/me", token=issued["access_token"]).status_code == 401
    assert zoom.refresh(issued["refresh_token"]).status_code == 400
    page = zoom.browser(OWNER).get("/oauth/authorize", params=ASKED)
    assert heading(page) == "Visavis asks for access"


def test_a_newer_account_token_kills_the_older(zoom):
    account = zoom.control("GET", "accounts")["accounts"][0]["id"]
    own = {"client_secret": "s", "kind": "s2s", "account_id": account}
    zoom.control("PUT", "apps/own", **own)
    form = {"grant_type": "account_credentials", "account_id": account}

    first = zoom.http.post("/oauth/token", data=form, auth=("own", "s")).json()
    second = zoom.http.post("/oauth/token", data=form, auth=("own", "s")).json()

    assert "refresh_token" not in first
    assert zoom.api("GET", "/users", token=first["access_token"]).status_code == 401
    assert zoom.api("GET", "/users", token=second["access_token"]).status_code == 200


def test_another_account_can_connect_as_well(zoom):
    response = tokens(zoom, allowed(zoom, STRANGER))

    users = zoom.api("GET", "/users", token=response.json()["access_token"]).json()["users"]
    assert [user["id"] for user in users] == [STRANGER]
