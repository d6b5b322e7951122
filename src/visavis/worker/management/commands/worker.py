import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from visavis.worker import heart, lanes
from visavis.worker.lanes import Lane

BEAT_SECONDS = 10.0


class Command(BaseCommand):
    help = "Send what is due, open what is due, sweep. Run as many as you like."
    # What it must not run with. Django's own checks load every page, and a worker serves none.
    requires_system_checks = ("visavis",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-idle", action="store_true", help="stop when nothing is due any more"
        )

    def handle(self, *args: Any, until_idle: bool, **options: Any) -> None:
        stopping = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_signal: stopping.set())
        if until_idle:
            _work_until_idle(lanes.all_lanes(), stopping)
        else:
            _work(lanes.all_lanes(), stopping)


def _work_until_idle(all_lanes: list[Lane], stopping: threading.Event) -> None:
    """Do everything one after the other, in this thread, until nothing is due."""
    while not stopping.is_set():
        rounds = [lane.round() for lane in all_lanes]
        if not any(rounds):
            return


def _work(all_lanes: list[Lane], stopping: threading.Event) -> None:
    """Do everything side by side until told to stop, and show that it goes on."""
    threads = [
        threading.Thread(target=lane.run, args=(stopping,), name=lane.name) for lane in all_lanes
    ]
    for thread in threads:
        thread.start()
    name = heart.own_name()
    while not stopping.is_set():
        # A worker one of whose lanes is gone or hangs does not say that it is well.
        if all(thread.is_alive() for thread in threads) and not any(
            lane.hangs for lane in all_lanes
        ):
            _beat(name)
        stopping.wait(BEAT_SECONDS)
    for thread in threads:
        thread.join()
    heart.stop(name)


def _beat(name: str) -> None:
    try:
        heart.beat(name, now=timezone.now())
    except DatabaseError:
        # Then nobody sees that we are well, which is as well.
        close_old_connections()
