"""The outermost layer: tracking ids, the record of calls, and paths as Zoom reads them."""

from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoom_simulator.ids import secret
from zoom_simulator.simulator import Simulator

RECORDED = ("/v2/", "/oauth/")
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {forms}"
)
# These two end, after a redirect, at the client's own address; browsers check that as well.
LEADING_AWAY = ("/oauth/authorize", "/signin")


@dataclass
class Note:
    """What the handlers learn about a call while they deal with it."""

    app: str = ""
    user: str = ""
    fault: str = ""


class Recording:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, sim: Simulator) -> None:
        self.app = app
        self.sim = sim

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, note what came and what went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/v2/"):
            # A UUID may hold encoded slashes, so REST paths are routed before decoding.
            scope["path"] = scope["raw_path"].decode("ascii")
        exchange = _Exchange(path, send, receive)
        scope.setdefault("state", {})["note"] = exchange.note
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            # A call that was never sent as a whole did not arrive.
            return
        except BaseException:
            self._record(scope, exchange)
            raise
        self._record(scope, exchange)

    def _record(self, scope: Scope, exchange: "_Exchange") -> None:
        if not exchange.path.startswith(RECORDED):
            return
        self.sim.calls.add(
            at=self.sim.clock.now(),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            body=bytes(exchange.body).decode("utf-8", "replace"),
            status=exchange.status,
            app=exchange.note.app,
            user=exchange.note.user,
            fault=exchange.note.fault,
            tracking_id=exchange.tracking_id,
        )


class _Exchange:
    """One call and its answer, as they pass by."""

    def __init__(self, path: str, send: Send, receive: Receive) -> None:
        self.path = path
        self.note = Note()
        self.body = bytearray()
        self.status: int | None = None
        self.tracking_id = "v=2.0;clid=us02;rid=WEB_" + secret(8)
        self._send, self._receive = send, receive

    async def receive(self) -> Message:
        message = await self._receive()
        self.body += message.get("body", b"")
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            headers.append((b"x-zm-trackingid", self.tracking_id.encode()))
            if any(key == b"content-type" and b"text/html" in value for key, value in headers):
                headers.extend(_page_headers(self.path))
        await self._send(message)


def _page_headers(path: str) -> list[tuple[bytes, bytes]]:
    forms = "http: https:" if path in LEADING_AWAY else "'self'"
    return [
        (b"content-security-policy", CONTENT_POLICY.format(forms=forms).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
    ]
