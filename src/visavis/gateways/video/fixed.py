"""A provider's own link, wherever it leads: one room for all, which we know nothing about."""

from collections.abc import Sequence

from visavis.gateways.video import Attended, HostCheck, NotAvailable, Opened, RoomRequest, RoomState


class FixedLinkGateway:
    """The room behind one link. `link` must have been checked to be an http(s) address."""

    def __init__(self, link: str) -> None:
        self._link = link

    def check(self, host_id: str) -> HostCheck:
        """Find nothing wrong: whether somebody is behind the link, nobody tells us."""
        return HostCheck()

    def open(self, request: RoomRequest) -> Opened:
        """Return the room that is always there."""
        return Opened(external_id=self._link, external_uuid="", join_url=self._link)

    def change(self, external_id: str, request: RoomRequest) -> None:
        """Do nothing: a link knows neither names nor times."""

    def find(self, host_id: str, reference: str) -> str:
        """Find nothing: nothing is listed."""
        return ""

    def start_url(self, external_id: str) -> str:
        """Return the link, which is the same for everybody."""
        return external_id

    def state(self, external_id: str) -> RoomState:
        """Return WAITING: nobody tells us who is in the room."""
        return RoomState.WAITING

    def close(self, external_id: str, *, live: bool = True) -> None:
        """Do nothing: the room is not ours to close."""

    def attendance(self, external_uuid: str) -> list[Attended]:
        """Raise NotAvailable: nobody keeps a record for us."""
        raise NotAvailable(external_uuid)

    def personal_links(self, external_id: str, names: Sequence[str]) -> dict[str, str]:
        """Raise NotAvailable: there is one link for all."""
        raise NotAvailable(external_id)
