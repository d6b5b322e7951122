"""Zoom behind the interface of all platforms."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from visavis.gateways.video import (
    Attended,
    Fault,
    HostCheck,
    NotAvailable,
    NotThere,
    Opened,
    RoomRequest,
    RoomState,
    TellAdministrator,
    VideoError,
)
from visavis.gateways.video.zoom import meetings, scopes, users
from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.meetings import ZoomMeeting
from visavis.gateways.video.zoom.scopes import EVERYTHING, Granted

# Numbers of personal rooms have ten digits, those of other meetings mostly eleven.
DIGITS_OF_PERSONAL_ROOM = 10
# How Zoom says that a plan, an app or a kind of meeting does not include something.
NOT_OFFERED = frozenset({Fault.REFUSED, Fault.SCOPES, Fault.HOST_NOT_ALLOWED})


class ZoomGateway:
    """The meetings of one Zoom connection. `host_id` of a request is a Zoom user id or "me".

    `granted` is what the connection may do; what it may not is left out where that is
    possible. `own_id` is the user who authorised.
    """

    def __init__(self, client: ZoomClient, granted: Granted = EVERYTHING, own_id: str = "") -> None:
        self._client = client
        self._granted = granted
        self._own_id = own_id

    def check(self, host_id: str) -> HostCheck:
        """Look whether the host is active and has a licence, and where instant meetings go."""
        host_id = self._reachable(host_id)
        host = users.usable(users.get(self._client, host_id))
        if not self._granted.has(scopes.USER_SETTINGS):
            return HostCheck(licensed=host.licensed, personal_room=None)
        try:
            settings = users.settings(self._client, host_id)
        except VideoError as error:
            if error.fault is not Fault.SCOPES:
                raise
            return HostCheck(licensed=host.licensed, personal_room=None)
        return HostCheck(
            licensed=host.licensed,
            personal_room=settings.instant_in_personal_room,
            several=settings.several_at_once,
        )

    def open(self, request: RoomRequest) -> Opened:
        """Make a meeting.

        Raises TellAdministrator with PERSONAL_ROOM if Zoom put it into the host's personal
        room all the same: a scheduled one may still come out right.
        """
        request = replace(request, host_id=self._reachable(request.host_id))
        meeting = meetings.create(self._client, request)
        # The personal room itself is neither ended nor deleted: somebody else may be in it.
        personal = self._is_personal_room(meeting, request.host_id)
        if meeting.leads_to_personal_room and not personal:
            self._give_back(meeting.id)
        if meeting.leads_to_personal_room or personal:
            raise TellAdministrator(
                Fault.PERSONAL_ROOM, "the meeting uses the host's personal meeting room"
            )
        return Opened(
            external_id=meeting.id,
            external_uuid=meeting.uuid,
            join_url=meeting.join_url,
            passcode=meeting.passcode,
        )

    def change(self, external_id: str, request: RoomRequest) -> None:
        """Move or rename a scheduled meeting. Raises NotAvailable if the app may not."""
        if not self._granted.has(scopes.CHANGE_MEETINGS):
            raise NotAvailable("the app may not change meetings")
        meetings.change(self._client, external_id, request)

    def find(self, host_id: str, reference: str) -> str:
        """Look for a scheduled meeting. Raises NotAvailable if the app may not see the list."""
        if not self._granted.has(scopes.LIST_MEETINGS):
            raise NotAvailable("the app may not list meetings")
        host = self._reachable(host_id)
        return next(iter(meetings.listed_with(self._client, host, reference)), "")

    def start_url(self, external_id: str) -> str:
        """Return a fresh address for the host; Zoom's stops working after two hours."""
        url = meetings.get(self._client, external_id).start_url
        if not url:
            raise TellAdministrator(Fault.REFUSED, "the meeting may not be started by us")
        return url

    def state(self, external_id: str) -> RoomState:
        """Return whether the meeting is going on."""
        live = meetings.get(self._client, external_id).live
        return RoomState.LIVE if live else RoomState.WAITING

    def close(self, external_id: str, *, live: bool = True) -> None:
        """End the meeting if it may be going on, and delete it."""
        try:
            if live and self._granted.has(scopes.END_MEETINGS):
                self._end(external_id)
            meetings.delete(self._client, external_id)
        except NotThere:
            return

    def attendance(self, external_uuid: str) -> list[Attended]:
        """Return who was there; Zoom tells those on a paid plan only."""
        if not self._granted.has(scopes.PAST_PARTICIPANTS):
            raise NotAvailable("the scope for it is missing")
        try:
            return list(meetings.past_participants(self._client, external_uuid))
        except VideoError as error:
            if error.fault in NOT_OFFERED:
                raise NotAvailable(error.detail) from error
            raise

    def personal_links(self, external_id: str, names: Sequence[str]) -> dict[str, str]:
        """Return invite links. Whoever opens one is a participant, never the host."""
        if not self._granted.has(scopes.INVITE_LINKS):
            raise NotAvailable("the scope for it is missing")
        try:
            return meetings.invite_links(self._client, external_id, names)
        except VideoError as error:
            if error.fault in NOT_OFFERED:
                raise NotAvailable(error.detail) from error
            raise

    def _reachable(self, host_id: str) -> str:
        """Return how to name a host: a grant for single users knows its own as "me" only."""
        own = host_id == self._own_id and not self._granted.whole_account
        return "me" if own else host_id

    def _is_personal_room(self, meeting: ZoomMeeting, host_id: str) -> bool:
        if meeting.is_personal_room or len(meeting.id) > DIGITS_OF_PERSONAL_ROOM:
            return meeting.is_personal_room
        # Zoom does not promise to say so: compare with the room itself if we may read it.
        try:
            return meeting.id == users.get(self._client, host_id).personal_room
        except VideoError:
            return False

    def _give_back(self, meeting_id: str) -> None:
        with suppress(VideoError, NotThere):
            meetings.delete(self._client, meeting_id)

    def _end(self, external_id: str) -> None:
        try:
            meetings.end(self._client, external_id)
        except TellAdministrator as error:
            # One that has not begun cannot be ended, which is as well.
            if error.fault is not Fault.REFUSED:
                raise
