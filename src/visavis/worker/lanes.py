"""The lanes of a worker process: meetings, mail, texts and sweeps, each at its own pace.

A mail server that takes minutes must not keep a room from being opened. So each lane is a
thread with a connection of its own to the database, and there are several for meetings, since
a platform that hangs holds up the one that asked it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from visavis.meetings import tending
from visavis.notifications import mail_server
from visavis.worker import mail, sms, sweeps

logger = logging.getLogger(__name__)

# Rooms are opened minutes ahead; half a second is soon enough for mail too.
PAUSE_SECONDS = 0.5
MEETING_LANES = 4
# Few at a time, so that the other lanes and workers find something to do as well.
MEETINGS = 5
# A lane that has not begun a round for this long hangs.
HANGING_SECONDS = 600.0


@dataclass(slots=True)
class Lane:
    """One kind of work. `work` does a round of it, and tells whether there was anything to do."""

    name: str
    work: Callable[[], bool]
    begun: float = field(default_factory=time.monotonic)

    def round(self) -> bool:
        """Do a round; return whether there was anything to do. Whatever fails is tried again."""
        self.begun = time.monotonic()
        try:
            return self.work()
        except OperationalError:
            # The database is away or overloaded: nothing is lost, the rows wait.
            logger.exception("%s: database", self.name)
            close_old_connections()
        except Exception:
            logger.exception("%s: a round failed", self.name)
        return False

    def run(self, stopping: threading.Event) -> None:
        """Do round after round until told to stop."""
        try:
            while not stopping.is_set():
                if not self.round():
                    stopping.wait(PAUSE_SECONDS)
        finally:
            connection.close()

    @property
    def hangs(self) -> bool:
        """Tell whether a round has been going on for so long that somebody should look."""
        return time.monotonic() - self.begun > HANGING_SECONDS


def all_lanes() -> list[Lane]:
    """Return the lanes of one worker process."""
    return [
        *(Lane(f"meetings {number}", _meetings) for number in range(1, MEETING_LANES + 1)),
        Lane("mail", _mail),
        Lane("texts", _texts),
        Lane("sweeps", _sweeping()),
    ]


def _meetings() -> bool:
    due = tending.claim_due(now=timezone.now(), limit=MEETINGS)
    for meeting in due:
        tending.tend(meeting, clock=timezone.now)
    return bool(due)


def _mail() -> bool:
    return mail.send_due(mail_server.sender(), clock=timezone.now) > 0


def _texts() -> bool:
    return sms.send_due(clock=timezone.now) > 0


def _sweeping() -> Callable[[], bool]:
    own_sweeps = sweeps.all_sweeps()

    def sweep() -> bool:
        for one in own_sweeps:
            one.run_if_due(timezone.now())
        return False

    return sweep
