"""Breaking a connection off without an answer.

ASGI knows no way to do that, so the HTTP protocol hands each request a function which cuts the
line. Outside uvicorn (where there is no such function) the answer is simply cut short.
"""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CUT = "zoom_simulator.cut"


class CuttableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, with a way for the application to hang up."""

    def on_message_begin(self) -> None:
        """Start a request, and put the function which cuts the line into its scope."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {"cut": self.transport.abort}}


class Dropped(Response):
    """Not an answer: the connection is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hang up."""
        del receive, send
        cut = scope.get("extensions", {}).get(CUT, {}).get("cut")
        if cut:
            cut()


DROPPED = Dropped(status_code=499)
