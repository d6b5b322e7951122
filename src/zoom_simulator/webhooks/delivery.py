"""Sending events to apps: in order, signed, retried after 5, 30 and 90 minutes, and logged.

The rules are those of the Zoom developer documentation, "Using webhooks": an answer of 200 or
204 within three seconds counts; anything else is tried again three times. An endpoint is asked
to prove itself when set up and every 72 hours, and is switched off after six failures.
"""

import asyncio
import contextlib
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zoom_simulator.clock import Clock
from zoom_simulator.faults import FaultKind, Faults, Subject
from zoom_simulator.ids import secret, unix
from zoom_simulator.models import JSON, App
from zoom_simulator.webhooks.signing import answer_to_challenge, sign

if TYPE_CHECKING:
    import httpx2

ANSWER_WITHIN_SECONDS = 3.0
RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=90))
PROVE_AGAIN_AFTER = timedelta(hours=72)
FAILURES_UNTIL_OFF = 6
INTRODUCTION_TRIES = 20
INTRODUCTION_PAUSE_SECONDS = 3.0


@dataclass
class Delivery:
    """One event on its way to one app."""

    number: int
    client_id: str
    url: str
    event: str
    body: bytes
    created_at: datetime
    state: str = "queued"
    fault: str = ""
    attempts: list[JSON] = field(default_factory=list)


@dataclass
class _Line:
    """The events waiting for one app, sent one after the other."""

    waiting: deque[Delivery] = field(default_factory=deque)
    held: list[Delivery] = field(default_factory=list)
    worker: asyncio.Task[None] | None = None


class Postman:
    """Delivers events."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self.clock = clock
        self.faults = faults
        self.log: deque[Delivery] = deque(maxlen=2000)
        self._lines: dict[str, _Line] = {}
        self._numbers = itertools.count(1)
        self._http: httpx2.AsyncClient | None = None

    @property
    def http(self) -> "httpx2.AsyncClient":
        """The HTTP client, made when first needed: library and certificates take their time."""
        import httpx2

        if self._http is None:
            self._http = httpx2.AsyncClient(timeout=ANSWER_WITHIN_SECONDS, trust_env=False)
        return self._http

    def post(self, app: App, url: str, body: JSON, subject: Subject) -> None:
        """Queue an event for an app, unless a fault makes something else of it."""
        if not url:
            return
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        delivery = Delivery(
            next(self._numbers), app.client_id, url, body["event"], raw, self.clock.now()
        )
        self.log.append(delivery)
        fault = self.faults.take(
            subject,
            FaultKind.WEBHOOK_LOST,
            FaultKind.WEBHOOK_LATE,
            FaultKind.WEBHOOK_TWICE,
            FaultKind.WEBHOOK_OUT_OF_ORDER,
            FaultKind.WEBHOOK_BADLY_SIGNED,
        )
        line = self._lines.setdefault(app.client_id, _Line())
        if fault is None:
            line.waiting.append(delivery)
            line.waiting.extend(line.held)
            line.held.clear()
        else:
            delivery.fault = fault.kind
            self._misbehave(line, app, delivery, fault.params)
        self._wake(line, app)

    def _misbehave(self, line: _Line, app: App, delivery: Delivery, params: JSON) -> None:
        if delivery.fault == FaultKind.WEBHOOK_LOST:
            delivery.state = "lost"
        elif delivery.fault == FaultKind.WEBHOOK_LATE:
            delay = timedelta(seconds=float(params.get("seconds", 600)))

            async def send_late() -> None:
                await self._attempt(app, delivery)

            delivery.state = "late"
            self.clock.call_in(delay, send_late)
        elif delivery.fault == FaultKind.WEBHOOK_OUT_OF_ORDER:
            # Kept back until the next event of this app has gone.
            delivery.state = "held"
            line.held.append(delivery)
        else:
            copies = 2 if delivery.fault == FaultKind.WEBHOOK_TWICE else 1
            line.waiting.extend([delivery] * copies)

    def _wake(self, line: _Line, app: App) -> None:
        if line.waiting and (line.worker is None or line.worker.done()):
            line.worker = asyncio.create_task(self._work(line, app))

    async def _work(self, line: _Line, app: App) -> None:
        while line.waiting:
            await self._attempt(app, line.waiting.popleft())

    async def _attempt(self, app: App, delivery: Delivery) -> None:
        status = await self._send(app, delivery)
        if status in {200, 204}:
            delivery.state = "delivered"
            return
        failed = sum(1 for attempt in delivery.attempts if attempt["status"] not in {200, 204})
        if delivery.state == "delivered" or failed > len(RETRY_AFTER):
            delivery.state = delivery.state if delivery.state == "delivered" else "given up"
            return
        delivery.state = "retrying"

        async def again() -> None:
            await self._attempt(app, delivery)

        self.clock.call_in(RETRY_AFTER[failed - 1], again)

    async def _send(self, app: App, delivery: Delivery) -> int | None:
        bad = delivery.fault == FaultKind.WEBHOOK_BADLY_SIGNED
        status, text = await self._exchange(app, delivery.url, delivery.body, badly_signed=bad)
        delivery.attempts.append(
            {"at": self.clock.now().isoformat(), "status": status, "answer": text[:500]}
        )
        return status

    async def _exchange(
        self, app: App, url: str, body: bytes, *, badly_signed: bool = False
    ) -> tuple[int | None, str]:
        import httpx2

        timestamp = str(unix(self.clock.now()))
        key = app.webhook_secret + ("-but-wrong" if badly_signed else "")
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Zoom Marketplace/1.0a (simulator)",
            "clientid": app.client_id,
            "x-zm-request-timestamp": timestamp,
            "x-zm-signature": sign(key, timestamp, body),
            "x-zm-request-id": secret(16),
        }
        try:
            response = await self.http.post(url, content=body, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            return None, f"{type(failure).__name__}: {failure}"
        return response.status_code, response.text

    async def validate(self, app: App) -> bool:
        """Ask an app's event URL to prove that it knows the secret."""
        token = secret(16)
        body: JSON = {
            "event": "endpoint.url_validation",
            "payload": {"plainToken": token},
            "event_ts": unix(self.clock.now()) * 1000,
        }
        raw = json.dumps(body, separators=(",", ":")).encode()
        delivery = Delivery(
            next(self._numbers), app.client_id, app.event_url, body["event"], raw, self.clock.now()
        )
        self.log.append(delivery)
        status = await self._send(app, delivery)
        expected = {
            "plainToken": token,
            "encryptedToken": answer_to_challenge(app.webhook_secret, token),
        }
        app.event_url_valid = (
            status == 200 and _as_object(delivery.attempts[-1]["answer"]) == expected
        )
        app.validation_failures = 0 if app.event_url_valid else app.validation_failures + 1
        delivery.state = "delivered" if app.event_url_valid else "given up"
        return app.event_url_valid

    async def introduce(self, app: App) -> None:
        """Validate an app's event URL as soon as somebody answers there.

        A simulator is often started before its client, so silence is no failure for a minute.
        """
        for _ in range(INTRODUCTION_TRIES):
            await self.validate(app)
            answered = any(attempt["status"] for attempt in self.log[-1].attempts)
            if answered:
                break
            app.validation_failures = 0
            await asyncio.sleep(INTRODUCTION_PAUSE_SECONDS)
        self.keep_validating(app)

    def keep_validating(self, app: App) -> None:
        """Ask again every 72 hours, until the app has another URL or has failed six times."""
        url = app.event_url

        async def again() -> None:
            if app.event_url == url and app.validation_failures < FAILURES_UNTIL_OFF:
                await self.validate(app)
                self.keep_validating(app)

        self.clock.call_in(PROVE_AGAIN_AFTER, again)

    async def idle(self, *, within_seconds: float = 10) -> bool:
        """Wait until nothing is on its way. Return False if that took too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                while busy := [line.worker for line in self._lines.values() if line.worker]:
                    if all(worker.done() for worker in busy):
                        return True
                    await asyncio.wait([worker for worker in busy if not worker.done()])
                return True
        return False

    def reset(self) -> None:
        """Forget everything, also what is on its way."""
        for line in self._lines.values():
            if line.worker:
                line.worker.cancel()
        self._lines.clear()
        self.log.clear()

    async def close(self) -> None:
        """Stop sending."""
        self.reset()
        if self._http is not None:
            await self._http.aclose()


def _as_object(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
