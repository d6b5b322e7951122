"""Workers that are killed in the middle of their work, and others that take over."""

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from django.utils import timezone

from visavis.notifications.models import Message

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "manage.py"), "worker", "--until-idle"]
LONGEST_LIFE = 0.5


def surroundings(**more):
    """Return the environment of a worker that works on the database of this process."""
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "visavis.config.settings",
        "VISAVIS_ENV": "development",
        "VISAVIS_LOG_LEVEL": "ERROR",
        "DATABASE_URL": url,
        **more,
    }


def kill_workers(times, sent, env, *, hold=lambda on: None):
    """Let so many workers begin to send, one after the other, and kill each at a random moment.

    `sent` returns a number that grows with each message that arrives. The first worker is killed
    for certain after one arrived and before it heard of that: `hold` keeps the answer back.
    Before each the lease of the one before has run out. Returns how many were killed at work;
    another worker then does the rest.
    """
    killed = 0
    for number in range(times):
        hold(number == 0)
        killed += _kill_one(sent, env, at_once=number == 0)
    hold(False)
    _end_leases()
    assert subprocess.run(COMMAND, env=env, check=False).returncode == 0
    return killed


def _kill_one(sent, env, *, at_once):
    _end_leases()
    before = sent()
    worker = subprocess.Popen(COMMAND, env=env)
    while sent() == before and worker.poll() is None:
        time.sleep(0.002)
    time.sleep(0 if at_once else random.uniform(0, LONGEST_LIFE))
    at_work = worker.poll() is None
    worker.kill()
    worker.wait()
    return at_work


def _end_leases():
    """Let the time pass that a dead worker's messages are left to it."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(status="planned", claimed_until__isnull=False).update(claimed_until=past)
