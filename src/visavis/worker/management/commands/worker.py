import logging
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from visavis.meetings import tending
from visavis.notifications import mail_server
from visavis.worker import heart, mail, sms, sweeps

logger = logging.getLogger(__name__)

# Rooms are opened minutes ahead; half a second is soon enough for mail too.
PAUSE_SECONDS = 0.5
BEAT_SECONDS = 10.0
MEETINGS = 20


class Command(BaseCommand):
    help = "Send what is due, open what is due, sweep. Run as many as you like."

    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-idle", action="store_true", help="stop when nothing is due any more"
        )

    def handle(self, *args: Any, until_idle: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        name, own_sweeps, last_beat = heart.own_name(), sweeps.all_sweeps(), 0.0
        while not self.stopping:
            try:
                if time.monotonic() - last_beat >= BEAT_SECONDS:
                    heart.beat(name, now=timezone.now())
                    last_beat = time.monotonic()
                busy = self._work(own_sweeps)
            except OperationalError:
                # The database is away or overloaded: nothing is lost, the rows wait.
                logger.exception("database")
                close_old_connections()
                busy = False
            if not busy:
                if until_idle:
                    break
                time.sleep(PAUSE_SECONDS)
        heart.stop(name)

    def _work(self, own_sweeps: list[sweeps.Sweep]) -> bool:
        """Do one round; return whether there was anything to do."""
        for sweep in own_sweeps:
            sweep.run_if_due(timezone.now())
        sent = mail.send_due(mail_server.sender(), clock=timezone.now)
        sent += sms.send_due(clock=timezone.now)
        due = tending.claim_due(now=timezone.now(), limit=MEETINGS)
        for meeting in due:
            tending.tend(meeting, clock=timezone.now)
        return bool(sent or due)

    def _stop(self, *_signal: Any) -> None:
        self.stopping = True
