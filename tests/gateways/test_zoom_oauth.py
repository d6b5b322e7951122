"""The way to a grant and back, against the simulator."""

from urllib.parse import parse_qs, urlsplit

import pytest

from visavis.gateways.video import Fault, NeedsReconnect, TellAdministrator, TryLater
from visavis.gateways.video.zoom import Patience, ZoomApp, new_verifier, users

from .zoom_simulator import ACCOUNT, OWNER

CALLBACK = "http://localhost:8000/office/zoom/callback"


@pytest.fixture
def consent(zoom):
    """Authorise as far as the code; returns it with its verifier."""
    verifier = new_verifier()
    url = zoom.app().authorise_url(redirect_uri=CALLBACK, state="s-1", verifier=verifier)
    return zoom.authorise(url)["code"], verifier


@pytest.fixture
def grant(zoom, consent):
    code, verifier = consent
    return zoom.app().exchange(code, verifier, redirect_uri=CALLBACK)


def test_the_address_of_the_consent_page_proves_and_names_us(http):
    app = ZoomApp("our-id", "our-secret", http)
    # The example in appendix B of RFC 7636.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    url = app.authorise_url(redirect_uri=CALLBACK, state="s-1", verifier=verifier)

    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://zoom.us/oauth/authorize"
    assert asked == {
        "response_type": ["code"],
        "client_id": ["our-id"],
        "redirect_uri": [CALLBACK],
        "state": ["s-1"],
        "code_challenge": ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
        "code_challenge_method": ["S256"],
    }
    assert "our-secret" not in url


def test_verifiers_are_never_the_same(zoom):
    assert len({new_verifier() for _ in range(50)}) == 50


def test_a_code_becomes_a_grant(zoom, grant):
    assert grant.api_url == zoom.url
    assert 3500 <= grant.expires_in <= 3600
    assert "user:read:list_users:admin" in grant.scopes
    zoom.tokens = {"access_token": grant.access_token}
    assert users.me(zoom.client()).id == OWNER


def test_a_grant_does_not_show_its_tokens(grant):
    assert grant.access_token not in repr(grant)
    assert grant.refresh_token not in repr(grant)


def test_an_app_does_not_show_its_secret(zoom):
    assert "visavis-demo-secret" not in repr(zoom.app())


def test_a_code_works_once_and_is_kept_to_ourselves(zoom, consent, grant):
    code, verifier = consent

    with pytest.raises(NeedsReconnect) as refusal:
        zoom.app().exchange(code, verifier, redirect_uri=CALLBACK)

    assert refusal.value.fault is Fault.RECONNECT
    assert code not in refusal.value.detail
    assert "Invalid authorization code" in refusal.value.detail


def test_a_code_is_worthless_without_its_verifier(zoom, consent):
    code, _verifier = consent

    with pytest.raises(NeedsReconnect):
        zoom.app().exchange(code, new_verifier(), redirect_uri=CALLBACK)


def test_another_callback_is_a_matter_of_the_app(zoom, consent):
    code, verifier = consent

    with pytest.raises(TellAdministrator) as refusal:
        zoom.app().exchange(code, verifier, redirect_uri=CALLBACK + "/other")

    assert refusal.value.fault is Fault.APP


def test_a_wrong_secret_is_a_matter_of_the_app(zoom, consent):
    code, verifier = consent

    with pytest.raises(TellAdministrator) as refusal:
        zoom.app(client_secret="wrong").exchange(code, verifier, redirect_uri=CALLBACK)

    assert refusal.value.fault is Fault.APP


def test_refreshing_replaces_both_tokens(zoom, grant):
    fresh = zoom.app().refresh(grant.refresh_token)

    assert fresh.access_token != grant.access_token
    assert fresh.refresh_token != grant.refresh_token
    with pytest.raises(NeedsReconnect):
        zoom.app().refresh(grant.refresh_token)


@pytest.mark.parametrize(
    "kind", ["token_xml", "token_html", "token_error_200", "token_server_error"]
)
def test_trouble_at_the_token_endpoint_leaves_the_refresh_token_alive(zoom, grant, kind):
    zoom.fault(kind, times=1)

    with pytest.raises(TryLater) as refusal:
        zoom.app().refresh(grant.refresh_token)

    assert refusal.value.fault is Fault.UNREACHABLE
    zoom.app().refresh(grant.refresh_token)


def test_a_silent_token_endpoint_is_borne_only_so_long(zoom, grant):
    zoom.fault("token_timeout", times=1)

    with pytest.raises(TryLater):
        zoom.app(patience=Patience(connect=0.5, total=0.6)).refresh(grant.refresh_token)


def test_a_lost_answer_to_a_refresh_needs_somebody_in_the_end(zoom, grant):
    zoom.fault("refresh_lost", times=1)

    with pytest.raises(TryLater) as refusal:
        zoom.app().refresh(grant.refresh_token)
    assert refusal.value.answer_lost
    with pytest.raises(NeedsReconnect):
        zoom.app().refresh(grant.refresh_token)


def test_a_second_authorisation_kills_the_first(zoom, grant):
    verifier = new_verifier()
    url = zoom.app().authorise_url(redirect_uri=CALLBACK, state="s-2", verifier=verifier)
    code = zoom.authorise(url)["code"]
    zoom.app().exchange(code, verifier, redirect_uri=CALLBACK)

    with pytest.raises(NeedsReconnect):
        zoom.app().refresh(grant.refresh_token)


def test_revoking_ends_the_grant_and_may_be_repeated(zoom, grant):
    confirmed = [zoom.app().revoke(grant.access_token) for _ in range(2)]

    assert confirmed == [True, False]
    assert zoom.steer("GET", "/grants")["grants"] == []
    with pytest.raises(NeedsReconnect):
        zoom.app().refresh(grant.refresh_token)


def test_revoking_with_a_wrong_secret_is_not_taken_for_success(zoom, grant):
    with pytest.raises(TellAdministrator):
        zoom.app(client_secret="wrong").revoke(grant.access_token)


def test_a_server_to_server_grant_has_no_refresh_token(zoom):
    zoom.steer("PUT", "/apps/own-app", client_secret="own-secret", kind="s2s", account_id=ACCOUNT)
    app = zoom.app(client_id="own-app", client_secret="own-secret")

    grant = app.server_grant(ACCOUNT)

    assert grant.refresh_token == ""
    zoom.tokens = {"access_token": grant.access_token}
    assert len(users.everybody(zoom.client())) == 5


@pytest.mark.parametrize(
    "offered",
    [
        "",
        "https://evil.example",
        "https://api.zoom.us.evil.example",
        "https://evilzoom.us",
        "https://api.zoom.us@evil.example",
        "https://evil.example#.zoom.us",
        "https://evil.example\\.zoom.us",
        "http://api-eu.zoom.us",
        "https://api-eu.zoom.us:8443",
        "https://ada:pw@api.zoom.us",
        "https://[",
        "javascript:api.zoom.us",
    ],
)
def test_tokens_are_not_sent_to_strangers(http, offered):
    assert ZoomApp("id", "secret", http).trusted_api_url(offered) == "https://api.zoom.us"


@pytest.mark.parametrize(
    ("offered", "used"),
    [
        ("https://api-eu.zoom.us", "https://api-eu.zoom.us"),
        ("https://api-eu.zoom.us/", "https://api-eu.zoom.us"),
        ("https://company.zoom.us", "https://company.zoom.us"),
        ("http://localhost:9001", "http://localhost:9001"),
    ],
)
def test_zooms_regions_and_our_own_base_address_are_trusted(http, offered, used):
    app = ZoomApp("id", "secret", http, api_url="http://localhost:9001")

    assert app.trusted_api_url(offered) == used
