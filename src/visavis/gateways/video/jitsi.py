"""Jitsi Meet: a room is an unguessable name on a server; there is nothing to ask of it."""

import re
import secrets
import unicodedata
from collections.abc import Sequence

from visavis.gateways.video import Attended, HostCheck, NotAvailable, Opened, RoomRequest, RoomState

LONGEST_TOPIC = 40


class JitsiGateway:
    """Rooms on one Jitsi server; `server_url` is its address without a path of a room.

    Whoever comes first opens a room, and it is gone when the last one leaves. The name is the
    only key, so that it holds 128 random bits behind the readable part.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url.rstrip("/")

    def check(self, host_id: str) -> HostCheck:
        """Find nothing wrong: nobody needs to be known to a Jitsi server."""
        return HostCheck()

    def open(self, request: RoomRequest) -> Opened:
        """Return a new room. Nothing is sent anywhere."""
        name = "-".join(filter(None, (_readable(request.topic), secrets.token_hex(16))))
        return Opened(external_id=name, external_uuid="", join_url=self.start_url(name))

    def change(self, external_id: str, request: RoomRequest) -> None:
        """Do nothing: a Jitsi server knows neither names nor times."""

    def find(self, host_id: str, reference: str) -> str:
        """Find nothing: nothing is listed."""
        return ""

    def start_url(self, external_id: str) -> str:
        """Return the room's address, which is the same for everybody."""
        return f"{self._server_url}/{external_id}"

    def state(self, external_id: str) -> RoomState:
        """Return WAITING: a Jitsi server does not tell who is in a room."""
        return RoomState.WAITING

    def close(self, external_id: str, *, live: bool = True) -> None:
        """Do nothing: there is nothing to close."""

    def attendance(self, external_uuid: str) -> list[Attended]:
        """Raise NotAvailable: a Jitsi server keeps no record."""
        raise NotAvailable(external_uuid)

    def personal_links(self, external_id: str, names: Sequence[str]) -> dict[str, str]:
        """Raise NotAvailable: there is one address for all."""
        raise NotAvailable(external_id)


def _readable(topic: str) -> str:
    plain = unicodedata.normalize("NFKD", topic).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:LONGEST_TOPIC].strip("-")
