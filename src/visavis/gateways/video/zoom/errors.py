"""What Zoom's refusals mean to us: one table for the API, one for the token endpoint.

Zoom uses a code for several things and several codes for one thing, so that the text counts
as well. The rules are tried from top to bottom; codes and texts are those of Zoom's API
reference ("Response codes" of each operation), of "OAuth error messages" and of answers
quoted in public threads.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from visavis.gateways.video import (
    Fault,
    MappingBroken,
    NeedsReconnect,
    NotThere,
    TellAdministrator,
    TryLater,
    VideoError,
)

TRACKING_HEADER = "x-zm-trackingid"
LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever fits all that is given here means this error. Texts are in lower case."""

    error: type[VideoError] | type[NotThere]
    fault: Fault = Fault.REFUSED
    text: str = ""
    status: int = 0
    codes: frozenset[int] = frozenset()

    def fits(self, status: int, code: int | None, text: str) -> bool:
        """Return whether an answer is of this kind. `text` must be in lower case."""
        return (
            self.text in text
            and self.status in {0, status}
            and (not self.codes or code in self.codes)
        )


def _rule(
    error: type[VideoError] | type[NotThere],
    fault: Fault = Fault.REFUSED,
    *codes: int,
    text: str = "",
    status: int = 0,
) -> Rule:
    return Rule(error, fault, text, status, frozenset(codes))


API_RULES = (
    _rule(NeedsReconnect, Fault.SCOPES, text="does not contain scopes"),
    _rule(NeedsReconnect, Fault.SCOPES, 104, 4711),
    # Zoom's pages give this text with the codes 403 and 3001.
    _rule(MappingBroken, Fault.SHARED_ACCESS, text="has not permitted access to the targeted"),
    _rule(MappingBroken, Fault.SHARED_ACCESS, text="not authorized shared access"),
    _rule(TellAdministrator, Fault.APP, text="access to the zoom rest api has been denied"),
    # The list of users announces 124 with status 400 too.
    _rule(NeedsReconnect, Fault.RECONNECT, 124),
    _rule(NeedsReconnect, Fault.RECONNECT, 4700, 4735, 4737, 4738, 4740, 4741),
    _rule(NeedsReconnect, Fault.RECONNECT, status=401),
    _rule(TryLater, Fault.RATE_LIMITED, status=429),
    # Registrants of an unknown meeting are refused with a user's code.
    _rule(NotThere, text="meeting does not exist"),
    _rule(NotThere, text="meeting id does not exist"),
    _rule(MappingBroken, Fault.HOST_GONE, text="user does not exist"),
    _rule(MappingBroken, Fault.HOST_GONE, 1001, 1120),
    _rule(NotThere, Fault.REFUSED, 3001),
    _rule(MappingBroken, Fault.HOST_NOT_ALLOWED, 3161),
    _rule(MappingBroken, Fault.HOST_NOT_ALLOWED, text="cannot schedule a meeting for"),
    _rule(MappingBroken, Fault.HOST_NOT_ALLOWED, text="have been blocked from joining"),
    _rule(TryLater, Fault.HOST_BUSY, text="another meeting in progress"),
    # Deleting what is going on.
    _rule(TryLater, Fault.HOST_BUSY, 3002),
    _rule(TellAdministrator, Fault.PERSONAL_ROOM, 3018),
    _rule(TryLater, Fault.UNREACHABLE, text="next page token is invalid"),
    _rule(TellAdministrator),
)

TOKEN_RULES = (
    _rule(TryLater, Fault.RATE_LIMITED, status=429),
    _rule(TryLater, Fault.UNREACHABLE, text="server_error"),
    _rule(TryLater, Fault.UNREACHABLE, text="temporarily_unavailable"),
    _rule(TryLater, Fault.UNREACHABLE, 4732),
    _rule(NeedsReconnect, Fault.SCOPES, 4711),
    _rule(NeedsReconnect, Fault.RECONNECT, 4733, 4734, 4735, 4737, 4738, 4740, 4741),
    _rule(TellAdministrator, Fault.APP, 4702, 4704, 4705, 4706, 4709, 4717, 4724),
    _rule(TellAdministrator, Fault.APP, text="redirect"),
    _rule(TellAdministrator, Fault.APP, text="invalid_client"),
    _rule(TellAdministrator, Fault.APP, text="unauthorized_client"),
    _rule(TellAdministrator, Fault.APP, text="unsupported_grant_type"),
    _rule(NeedsReconnect, Fault.RECONNECT, text="invalid_grant"),
    # Until 2022 these came as `invalid_request`.
    _rule(NeedsReconnect, Fault.RECONNECT, text="invalid token"),
    _rule(NeedsReconnect, Fault.RECONNECT, text="invalid authorization code"),
    _rule(TryLater, Fault.UNREACHABLE, 4700),
    _rule(TellAdministrator, Fault.APP),
)


def json_object(response: httpx2.Response) -> dict[str, Any] | None:
    """Return the body if it is a JSON object, else None; whatever else it may be."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def api_error(response: httpx2.Response) -> VideoError | NotThere:
    """Return what a refusal by the REST API means."""
    body = json_object(response)
    if body is None or response.status_code >= 500:
        return _unreadable(response)
    code = _number(body.get("code"))
    return _judge(API_RULES, response, code, _words(body, "message", "errors", "reason"))


def token_error(response: httpx2.Response, *secrets: str) -> VideoError:
    """Return what a refusal by the token endpoint means. `secrets` are kept out of it."""
    body = json_object(response)
    if body is None or response.status_code >= 500:
        return _unreadable(response)
    text = _words(body, "error", "reason", "error_description", "message", "errorMessage")
    code = _number(body.get("code", body.get("errorCode"))) or _code_within(text)
    error = _judge(TOKEN_RULES, response, code, text, *secrets)
    assert isinstance(error, VideoError)
    return error


def missing_scopes(detail: str) -> list[str]:
    """Return the scopes that a refusal says are missing; empty if it names none."""
    found = re.search(r"does not contain scopes:\s*\[([^\]]*)\]", detail, re.IGNORECASE)
    return [scope.strip() for scope in found[1].split(",") if scope.strip()] if found else []


def redacted(text: str, *secrets: str) -> str:
    """Return the text without these secrets and whatever looks like one, cut short."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    text = re.sub(r"eyJ[\w-]+(\.[\w-]*)*", "…", text)
    text = re.sub(r"([?&](?:pwd|zak|tk|code|token|access_token)=)[^&\s\"]+", r"\1…", text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_DETAIL else f"{text[: LONGEST_DETAIL - 1]}…"


def retry_after(response: httpx2.Response) -> timedelta | None:
    """Return how long an answer asks us to wait: seconds, an HTTP date or an ISO date.

    Dates are measured against the answer's own `Date`, so that no clock of ours matters.
    """
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,7}(\.\d+)?", said):
        return timedelta(seconds=float(said))
    then, now = _moment(said), _moment(response.headers.get("date", ""))
    return max(then - now, timedelta(0)) if then and now else None


def is_day_limit(response: httpx2.Response) -> bool:
    """Return whether too many calls were made today, rather than in this second."""
    kind = response.headers.get("x-ratelimit-type", "").lower()
    said = _words(json_object(response) or {}, "message").lower()
    return "daily" in kind or "daily rate limit" in said


def _judge(
    rules: tuple[Rule, ...],
    response: httpx2.Response,
    code: int | None,
    text: str,
    *secrets: str,
) -> VideoError | NotThere:
    status = response.status_code
    rule = next(rule for rule in rules if rule.fits(status, code, text.lower()))
    detail = redacted(f"{text} (HTTP {status}{'' if code is None else f', code {code}'})", *secrets)
    tracking_id = response.headers.get(TRACKING_HEADER, "")
    if issubclass(rule.error, NotThere):
        return rule.error(detail)
    if issubclass(rule.error, TryLater):
        limited = rule.fault is Fault.RATE_LIMITED
        fault = Fault.DAY_LIMIT if limited and is_day_limit(response) else rule.fault
        wait = retry_after(response)
        return rule.error(fault, detail, wait=wait, tracking_id=tracking_id)
    return rule.error(rule.fault, detail, tracking_id=tracking_id)


def _unreadable(response: httpx2.Response) -> TryLater:
    # Balancers and firewalls in front of Zoom answer in HTML and XML: nobody refused anything.
    kind = response.headers.get("content-type", "").split(";")[0] or "no content type"
    return TryLater(
        Fault.UNREACHABLE,
        f"HTTP {response.status_code}, {kind}",
        wait=retry_after(response),
        answer_lost=True,
        tracking_id=response.headers.get(TRACKING_HEADER, ""),
    )


def _words(body: dict[str, Any], *keys: str) -> str:
    said = []
    for key in keys:
        value = body.get(key)
        if isinstance(value, list):
            said += [" ".join(map(str, x.values())) for x in value if isinstance(x, dict)]
        elif value:
            said.append(str(value))
    return " ".join(said)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"\d+", str(value)) else None


def _code_within(text: str) -> int | None:
    found = re.search(r"\b4,?7(\d\d)\b", text)
    return int(f"47{found[1]}") if found else None


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
