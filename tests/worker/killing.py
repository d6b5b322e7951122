"""Workers that are killed in the middle of their work, and others that take over."""

import os
import random
import signal
import time

from django.db import connections
from django.utils import timezone

from visavis.notifications import mail_server
from visavis.notifications.leases import LEASE
from visavis.worker import mail

LONGEST_LIFE = 0.5


def kill_workers(times, sink):
    """Let so many workers begin to send, one after the other, and kill each at a random moment.

    Every other one is killed as soon as a message of its own arrived, which it has hardly had
    time to write down. Each one's clock is past the lease of the one before. Another worker
    then does the rest.
    """
    for number in range(times):
        before = sink.ledger.stat().st_size if number else 0
        worker = start_worker(number)
        while not _has_grown(sink.ledger, before) and os.waitpid(worker, os.WNOHANG) == (0, 0):
            pass
        time.sleep(random.uniform(0, LONGEST_LIFE) if number % 2 else 0)
        try:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        except (ProcessLookupError, ChildProcessError):
            return number  # nothing was left to do
    os.waitpid(start_worker(times), 0)
    return times


def _has_grown(ledger, before):
    return ledger.exists() and ledger.stat().st_size > before


def start_worker(number):
    """Start a process that sends what is due until nothing is, and return its number."""
    connections.close_all()
    if child := os.fork():
        return child
    try:
        while mail.send_due(
            mail_server.sender(), clock=lambda: timezone.now() + number * (LEASE * 1.1)
        ):
            pass
    finally:
        os._exit(0)
