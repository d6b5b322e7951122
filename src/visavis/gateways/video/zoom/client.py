"""Single calls to Zoom's REST API: tokens, time-outs, repetitions and the log line."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx2

from visavis.gateways.video import Fault, NeedsReconnect, TryLater, VideoError
from visavis.gateways.video.zoom import errors, limits
from visavis.gateways.video.zoom.limits import NoPacer, Pacer, RateClass
from visavis.gateways.video.zoom.transport import ORDINARY, Patience, TimeLeft, send

logger = logging.getLogger(__name__)

# Repeating these changes nothing more than doing them once.
HARMLESS = frozenset({"GET", "PUT", "PATCH", "DELETE"})
MOST_TRIES = 3

Json = dict[str, Any]


class ZoomClient:
    """The REST API in the name of one grant.

    `token(force)` returns an access token; with `force` True the last one was refused and
    another must be obtained (the caller sees to it that only one is obtained at a time).
    `wait(seconds)` makes a pause; `pacer` says when one is needed. Nothing is kept between calls.
    """

    def __init__(
        self,
        api_url: str,
        token: Callable[[bool], str],
        http: httpx2.Client,
        wait: Callable[[float], None] = time.sleep,
        patience: Patience = ORDINARY,
        pacer: Pacer | None = None,
    ) -> None:
        self._base = f"{api_url.rstrip('/')}/v2"
        self._token = token
        self._http = http
        self._wait = wait
        self._patience = patience
        self._pacer = pacer or NoPacer()

    def call(
        self,
        method: str,
        template: str,
        *,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
        body: Json | None = None,
        expect: tuple[str, ...] = (),
    ) -> Json:
        """Make a call and return the body's object; {} where the answer has none.

        `template` is a path with names in braces, which `ids` fills in. `expect` names
        fields without which a successful answer is not one. Raises VideoError and NotThere.
        """
        path = template.format_map({key: segment(value) for key, value in (ids or {}).items()})
        time_left = TimeLeft(self._patience)
        token = self._token(False)
        renewed = False
        tries = 1
        while True:
            try:
                response = self._send(method, template, path, token, time_left, query, body)
                return _content(response, expect)
            except NeedsReconnect as error:
                if error.fault is not Fault.RECONNECT:
                    raise
                if renewed:
                    # The grant was honoured a moment ago: only a refused renewal ends it.
                    detail, tracking_id = f"{error.detail}, just renewed", error.tracking_id
                    raise TryLater(Fault.UNREACHABLE, detail, tracking_id=tracking_id) from error
                token = self._token(True)
                renewed = True
            except TryLater as error:
                pause = _pause(error, tries, harmless=method in HARMLESS)
                # A longer pause than patience allows is the caller's to make.
                if pause is None or not time_left.allows(pause):
                    raise
                self._wait(pause)
                tries += 1

    def _send(
        self,
        method: str,
        template: str,
        path: str,
        token: str,
        time_left: TimeLeft,
        query: Mapping[str, str | int] | None,
        body: Json | None,
    ) -> httpx2.Response:
        kind = limits.rate_class(method, template)
        self._keep_pace(kind, time_left)
        content: Json = {"headers": {"authorization": f"Bearer {token}"}}
        if query:
            content["params"] = dict(query)
        if body is not None:
            content["json"] = body
        try:
            response = send(self._http, method, f"{self._base}{path}", time_left, **content)
        except TryLater as error:
            logger.warning("zoom %s %s: %s", method, template, error.detail)
            raise
        _log(method, template, response)
        if response.status_code == 429 and not errors.is_day_limit(response):
            self._pacer.slow_down(kind, limits.limit_said(response))
        return response

    def _keep_pace(self, kind: RateClass, time_left: TimeLeft) -> None:
        """Wait for our turn. Raises TryLater if that would take longer than patience allows."""
        while pause := self._pacer.take(kind):
            if not time_left.allows(pause):
                wait = timedelta(seconds=pause)
                raise TryLater(Fault.RATE_LIMITED, "others of ours are asking", wait=wait)
            self._wait(pause)


def segment(value: str) -> str:
    """Return an id or uuid as a segment of a path.

    A uuid that starts with a slash or holds two in a row must be escaped twice (Zoom API,
    "Meeting ID and UUID"). Raises ValueError for what would lead to another path.
    """
    if value in {"", ".", ".."}:
        raise ValueError(f"not an id: {value!r}")
    once = quote(value, safe="")
    return quote(once, safe="") if value.startswith("/") or "//" in value else once


def _content(response: httpx2.Response, expect: tuple[str, ...]) -> Json:
    if not response.is_success:
        raise errors.api_error(response)
    if response.status_code == 204 or (not response.content.strip() and not expect):
        return {}
    body = errors.json_object(response)
    missing = [field for field in expect if field not in (body or {})]
    # Zoom also refuses with status 200.
    if body is None or ("code" in body and "message" in body and (missing or not expect)):
        raise errors.api_error(response)
    if missing:
        raise TryLater(Fault.UNREACHABLE, f"an answer without {missing}", answer_lost=True)
    return body


def _pause(error: VideoError, tries: int, *, harmless: bool) -> float | None:
    """Return how many seconds to wait before another try, or None for no other try."""
    if tries >= MOST_TRIES or not isinstance(error, TryLater):
        return None
    # A call that met the limit per second has not been carried out, whatever it was.
    if error.fault is Fault.RATE_LIMITED:
        pause = error.wait.total_seconds() if error.wait else 1.0
    elif error.fault is Fault.UNREACHABLE and harmless:
        pause = error.wait.total_seconds() if error.wait else 0.25 * tries
    else:
        return None
    # So that workers who were refused together do not come back together.
    jitter = secrets.randbelow(1000) / 1000 * 0.5
    return pause + jitter


def _log(method: str, template: str, response: httpx2.Response) -> None:
    """Log what support would ask for: no query, no body, no token, no address of a room."""
    refused = not response.is_success
    body = errors.json_object(response) if refused else None
    logger.log(
        logging.WARNING if refused else logging.INFO,
        "zoom %s %s: %s code=%s tracking=%s",
        method,
        template,
        response.status_code,
        body.get("code") if body else "-",
        response.headers.get(errors.TRACKING_HEADER, "-"),
    )
