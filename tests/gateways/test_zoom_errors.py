"""What Zoom's refusals mean: bodies from its reference and from answers quoted in public."""

from datetime import timedelta

import httpx2
import pytest

from visavis.gateways.video import (
    Fault,
    MappingBroken,
    NeedsReconnect,
    NotThere,
    TellAdministrator,
    TryLater,
)
from visavis.gateways.video.zoom import errors

SHARED = "authenticated user has not permitted access to the targeted resource"
DENIED = "Access to the Zoom REST API has been denied for this account. Contact Zoom Support."
SCOPES = "Invalid access token, does not contain scopes:[user:read:list_users:admin]."
PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
PER_DAY = "You have reached the maximum daily rate limit for this API. Refer to the header."

API = [
    (401, 124, "Invalid access token.", NeedsReconnect, Fault.RECONNECT),
    (401, 124, "Access token has expired.", NeedsReconnect, Fault.RECONNECT),
    (400, 124, "Access token is expired.", NeedsReconnect, Fault.RECONNECT),
    (401, 4741, "The token is revoked.", NeedsReconnect, Fault.RECONNECT),
    (400, 4711, SCOPES, NeedsReconnect, Fault.SCOPES),
    (400, 4700, SCOPES, NeedsReconnect, Fault.SCOPES),
    (401, 124, SCOPES, NeedsReconnect, Fault.SCOPES),
    (400, 104, "Invalid access token, does not contain scopes.", NeedsReconnect, Fault.SCOPES),
    (403, 403, SHARED, MappingBroken, Fault.SHARED_ACCESS),
    (403, 3001, SHARED.capitalize(), MappingBroken, Fault.SHARED_ACCESS),
    (403, 403, DENIED, TellAdministrator, Fault.APP),
    (404, 1001, "User does not exist: abc.", MappingBroken, Fault.HOST_GONE),
    (400, 1001, "User not exist. User abc does not exist.", MappingBroken, Fault.HOST_GONE),
    (400, 1120, "A valid invitation was not found.", MappingBroken, Fault.HOST_GONE),
    (404, 3001, "User does not exist: abc.", MappingBroken, Fault.HOST_GONE),
    (400, 3161, "Your user account is not allowed.", MappingBroken, Fault.HOST_NOT_ALLOWED),
    (400, 3000, "You cannot schedule a meeting for abc", MappingBroken, Fault.HOST_NOT_ALLOWED),
    (404, 3001, "Meeting does not exist: 81234567890.", NotThere, None),
    (404, 1001, "Meeting does not exist: 81234567890.", NotThere, None),
    (404, 300, "Meeting ID does not exist.", NotThere, None),
    (400, 3002, "Sorry, you cannot delete this meeting.", TryLater, Fault.HOST_BUSY),
    (400, 3018, "Not allowed to delete PMI.", TellAdministrator, Fault.PERSONAL_ROOM),
    (400, 3000, "Cannot access webinar info.", TellAdministrator, Fault.REFUSED),
    (400, 200, "Only available for paid account: abc.", TellAdministrator, Fault.REFUSED),
    (400, 300, "Validation Failed.", TellAdministrator, Fault.REFUSED),
    (400, 300, "The next page token is invalid or expired.", TryLater, Fault.UNREACHABLE),
    (403, 200, "No permission.", TellAdministrator, Fault.REFUSED),
    (429, 429, PER_SECOND, TryLater, Fault.RATE_LIMITED),
    (429, 4001, PER_SECOND, TryLater, Fault.RATE_LIMITED),
    (429, 429, PER_DAY, TryLater, Fault.DAY_LIMIT),
    (500, 500, "Internal server error.", TryLater, Fault.UNREACHABLE),
    (200, 300, "This meeting has not registration required.", TellAdministrator, Fault.REFUSED),
]


@pytest.mark.parametrize(("status", "code", "message", "kind", "fault"), API)
def test_the_table_of_the_api(status, code, message, kind, fault):
    error = errors.api_error(httpx2.Response(status, json={"code": code, "message": message}))

    assert type(error) is kind
    assert getattr(error, "fault", None) is fault


@pytest.mark.parametrize("code", ["124", 124])
def test_codes_may_be_written_as_text(code):
    error = errors.api_error(httpx2.Response(400, json={"code": code, "message": "?"}))

    assert error.fault is Fault.RECONNECT


TOKEN = [
    (400, {"reason": "Invalid Token!", "error": "invalid_grant"}, NeedsReconnect, Fault.RECONNECT),
    (
        401,
        {"reason": "Invalid Token!", "error": "invalid_request"},
        NeedsReconnect,
        Fault.RECONNECT,
    ),
    (400, {"error": "invalid_grant"}, NeedsReconnect, Fault.RECONNECT),
    (
        400,
        {"reason": "Invalid authorization code abc", "error": "invalid_request"},
        NeedsReconnect,
        Fault.RECONNECT,
    ),
    (400, {"code": 4735, "message": "Owner is gone."}, NeedsReconnect, Fault.RECONNECT),
    (400, {"reason": "Revoked (4,741)", "error": "x"}, NeedsReconnect, Fault.RECONNECT),
    (400, {"reason": "Disabled by admin", "errorCode": 4738}, NeedsReconnect, Fault.RECONNECT),
    (400, {"reason": "Scopes do not match", "code": 4711}, NeedsReconnect, Fault.SCOPES),
    (401, {"reason": "Bad client", "error": "invalid_client"}, TellAdministrator, Fault.APP),
    (400, {"reason": "Invalid client secret. (4,704)"}, TellAdministrator, Fault.APP),
    (
        400,
        {"reason": "Redirect URI mismatch.", "error": "invalid_request"},
        TellAdministrator,
        Fault.APP,
    ),
    (400, {"error": "unsupported_grant_type"}, TellAdministrator, Fault.APP),
    (400, {"code": 4717, "message": "The app has been disabled."}, TellAdministrator, Fault.APP),
    (400, {"code": 4732, "message": "Creating the code failed."}, TryLater, Fault.UNREACHABLE),
    (200, {"reason": "Internal error", "error": "server_error"}, TryLater, Fault.UNREACHABLE),
    (503, {"error": "invalid_grant"}, TryLater, Fault.UNREACHABLE),
    (429, {"error": "too_many_requests"}, TryLater, Fault.RATE_LIMITED),
]


@pytest.mark.parametrize(("status", "body", "kind", "fault"), TOKEN)
def test_the_table_of_the_token_endpoint(status, body, kind, fault):
    error = errors.token_error(httpx2.Response(status, json=body))

    assert type(error) is kind
    assert error.fault is fault


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 429, 502])
@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Sorry</body></html>", b"<?xml version='1.0'?><e/>", b"[1]", b"{"]
)
def test_what_is_not_zooms_own_answer_is_for_later(status, body):
    response = httpx2.Response(status, content=body, headers={"content-type": "text/html"})

    for error in (errors.api_error(response), errors.token_error(response)):
        assert type(error) is TryLater
        assert error.fault is Fault.UNREACHABLE
        assert error.detail == f"HTTP {status}, text/html"


def test_refusals_name_what_support_will_ask_for():
    response = httpx2.Response(
        400, json={"code": 300, "message": "No."}, headers={"x-zm-trackingid": "v=2.0;rid=X"}
    )

    error = errors.api_error(response)

    assert error.tracking_id == "v=2.0;rid=X"
    assert error.detail == "No. (HTTP 400, code 300)"


def test_a_failed_validation_names_the_fields():
    body = {
        "code": 300,
        "message": "Validation Failed.",
        "errors": [{"field": "settings.jbh_time", "message": "Invalid parameter: jbh_time."}],
    }

    error = errors.api_error(httpx2.Response(400, json=body))

    assert "settings.jbh_time Invalid parameter" in error.detail


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        (SCOPES, ["user:read:list_users:admin"]),
        ("does not contain scopes:[a:b, c:d]", ["a:b", "c:d"]),
        ("does not contain scopes:[]", []),
        ("does not contain scopes", []),
        ("Invalid access token.", []),
    ],
)
def test_missing_scopes_are_read_from_the_text(said, scopes):
    assert errors.missing_scopes(said) == scopes


def test_missing_scopes_survive_in_the_detail():
    error = errors.api_error(httpx2.Response(400, json={"code": 4711, "message": SCOPES}))

    assert errors.missing_scopes(error.detail) == ["user:read:list_users:admin"]


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("1.5", timedelta(seconds=1.5)),
        ("Sun, 19 Jan 2025 10:00:30 GMT", timedelta(seconds=30)),
        ("2025-01-20T00:00:00Z", timedelta(hours=14)),
        ("2025-01-20T00:00:00", timedelta(hours=14)),
        ("2025-01-19T09:00:00Z", timedelta(0)),
        ("soon", None),
        ("", None),
        ("99999999999999999999", None),
    ],
)
def test_how_long_to_wait_comes_in_three_ways(said, wait):
    headers = {"date": "Sun, 19 Jan 2025 10:00:00 GMT"} | ({"retry-after": said} if said else {})

    assert errors.retry_after(httpx2.Response(429, headers=headers)) == wait


def test_a_date_to_wait_for_means_nothing_without_todays():
    response = httpx2.Response(429, headers={"retry-after": "2025-01-20T00:00:00Z"})

    assert errors.retry_after(response) is None


def test_the_kind_of_limit_may_stand_in_a_header_alone():
    response = httpx2.Response(
        429, json={"code": 429, "message": "No."}, headers={"x-ratelimit-type": "Daily-limit"}
    )

    assert errors.api_error(response).fault is Fault.DAY_LIMIT


@pytest.mark.parametrize(
    "secret",
    [
        "eyJzdiI6IjAwMDAwMSJ9.eyJhdWQi-_Xx.sig_nature",
        "https://us02web.zoom.us/j/8?pwd=SeCrEt",
        "https://us02web.zoom.us/s/8?zak=SeCrEt&x=1",
        "https://us02web.zoom.us/w/8?a=1&tk=SeCrEt",
    ],
)
def test_details_keep_secrets_out(secret):
    error = errors.api_error(
        httpx2.Response(400, json={"code": 300, "message": f"Not allowed: {secret}."})
    )

    assert "SeCrEt" not in error.detail
    assert "eyJ" not in error.detail
    assert error.detail.startswith("Not allowed: ")


def test_details_keep_out_what_we_sent():
    response = httpx2.Response(400, json={"reason": "Invalid authorization code c0de-Xyz"})

    error = errors.token_error(response, "c0de-Xyz")

    assert error.detail == "Invalid authorization code … (HTTP 400)"


def test_details_are_short():
    error = errors.api_error(httpx2.Response(400, json={"code": 300, "message": "no " * 999}))

    assert len(error.detail) == 300
