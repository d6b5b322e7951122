"""The simulator as one object: its data, its clock, its faults, its post, and its addresses."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from zoom_simulator.calls import Calls
from zoom_simulator.clock import Clock
from zoom_simulator.faults import Faults
from zoom_simulator.ids import jwt_like, unix
from zoom_simulator.limits import Limits
from zoom_simulator.models import JSON, Meeting, User, Zak
from zoom_simulator.state import State
from zoom_simulator.webhooks.delivery import Postman

START_LINK_LIFE = timedelta(hours=2)


@dataclass
class Options:
    """How this process was started; survives a reset."""

    base_url: str = "http://127.0.0.1:9001"
    seed: JSON = field(default_factory=dict)
    rate_limits: bool = True


class Simulator:
    """Everything one process simulates."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.faults = Faults()
        self.calls = Calls()
        self.limits = Limits(enforced=options.rate_limits)
        self.state = State()
        self.postman = Postman(self.clock, self.faults)

    def wipe(self) -> None:
        """Forget everything. The caller seeds again."""
        self.clock.reset()
        self.faults.clear()
        self.calls.clear()
        self.limits.reset()
        self.limits.enforced = self.options.rate_limits
        self.postman.reset()
        self.state = State()

    def url(self, path: str) -> str:
        """Return an absolute address of this server."""
        return self.options.base_url.rstrip("/") + path

    def join_url(self, meeting: Meeting) -> str:
        """Return the link for everybody. `pwd` is a form of the passcode, not the passcode."""
        number = meeting.pmi or meeting.id
        key = f"?pwd={quote(meeting.join_key)}" if meeting.password else ""
        return self.url(f"/j/{number}{key}")

    def personal_url(self, meeting: Meeting, token: str) -> str:
        """Return the link of one registrant or invited person."""
        key = f"&pwd={quote(meeting.join_key)}" if meeting.password else ""
        return self.url(f"/w/{meeting.id}?tk={quote(token)}{key}")

    def start_url(self, meeting: Meeting, user: User) -> str:
        """Return a fresh start link: whoever holds it is host for two hours."""
        zak = self.new_zak(user, START_LINK_LIFE)
        return self.url(f"/s/{meeting.pmi or meeting.id}?zak={zak.token}")

    def new_zak(self, user: User, life: timedelta) -> Zak:
        """Make a host key for `user`."""
        expires_at = self.clock.now() + life
        token = jwt_like(iss="web", uid=user.id, exp=unix(expires_at))
        zak = Zak(token, user.id, expires_at)
        self.state.zaks[token] = zak
        return zak

    async def run(self, *, pause: float = 0.2) -> None:
        """Keep doing what falls due, until cancelled."""
        while True:
            try:
                await self.clock.run_due()
            except Exception:
                # One job that fails must not stop time.
                logging.getLogger("zoom_simulator").exception("a job of the clock failed")
            await asyncio.sleep(pause)
