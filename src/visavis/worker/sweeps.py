"""What the clock starts: each sweep looks for rows whose time has come, and may run anywhere.

Every sweep may run twice, or in several workers at once, without harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from visavis.bookings import replanning
from visavis.bookings.operations.ending import drop_all_unapproved
from visavis.bookings.operations.holds import release_expired_holds
from visavis.bookings.sessions import make_due_sessions
from visavis.connections import events as platform_events
from visavis.connections import hosts, keys, zoom
from visavis.connections.models import Connection, Mode
from visavis.gateways.video import VideoError
from visavis.meetings import forgetting, leftovers, looking_back, personal, presences
from visavis.meetings.operations import look_again_at_hosts
from visavis.worker import events, troubles

logger = logging.getLogger(__name__)

# Refresh tokens may live for as little as 90 days, and each refresh begins their life anew.
KEEP_ALIVE_AFTER = timedelta(days=20)


@dataclass(slots=True)
class Sweep:
    """A piece of work, how often it is due, and when it last was done here."""

    run: Callable[[datetime], object]
    every: timedelta
    last: datetime | None = None

    def run_if_due(self, now: datetime) -> None:
        """Run it unless it ran lately. A sweep that fails is logged and tried again later."""
        if self.last is not None and now - self.last < self.every:
            return
        self.last = now
        try:
            self.run(now)
        except Exception:
            logger.exception("sweep %s failed", self.run.__name__)


def all_sweeps() -> list[Sweep]:
    """Return a worker's sweeps."""
    return [
        Sweep(release_expired_holds, timedelta(seconds=30)),
        Sweep(drop_all_unapproved, timedelta(seconds=30)),
        Sweep(events.apply_open, timedelta(seconds=1)),
        Sweep(replanning.carry_on, timedelta(seconds=1)),
        Sweep(remove_leftovers, timedelta(seconds=20)),
        Sweep(troubles.tell, timedelta(seconds=20)),
        Sweep(personal.forget_closed, timedelta(seconds=10)),
        Sweep(look_back, timedelta(seconds=20)),
        Sweep(presences.forget_ended, timedelta(minutes=1)),
        Sweep(platform_events.forget_old, timedelta(hours=12)),
        Sweep(keys.notice_unreadable, timedelta(minutes=5)),
        Sweep(keep_grants_alive, timedelta(hours=6)),
        Sweep(forgetting.forget_left_over, timedelta(hours=6)),
        Sweep(refresh_hosts, timedelta(seconds=10)),
        Sweep(make_due_sessions, timedelta(hours=6)),
    ]


def keep_grants_alive(now: datetime) -> None:
    """Refresh grants that nobody used for weeks, before the platform lets them lapse."""
    idle = Connection.objects.live().filter(
        Q(refreshed_at__lt=now - KEEP_ALIVE_AFTER),
        platform=zoom.PLATFORM,
        attention="",
        mode=Mode.OAUTH,
    )
    for connection in idle.order_by(F("refreshed_at")):
        try:
            zoom.access_token(connection, force=False, clock=timezone.now)
        except VideoError as error:
            logger.warning("keeping %s alive: %s", connection, error.fault)


def remove_leftovers(now: datetime) -> None:
    """Remove at their platforms the rooms that could not be removed when they were closed."""
    leftovers.remove_due(clock=timezone.now)


def look_back(now: datetime) -> None:
    """Ask who was in the rooms that closed a while ago."""
    looking_back.look_back(clock=timezone.now)


def refresh_hosts(now: datetime) -> None:
    """Fetch the users of accounts that are due, and look at the meetings of who came or went."""
    for connection, changed in hosts.refresh_due(clock=timezone.now):
        if changed:
            look_again_at_hosts(connection.company, changed, now=now)
