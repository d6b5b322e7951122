"""Signs of life: workers write them, the health page reads them."""

import os
import socket
from datetime import datetime, timedelta

from django.conf import settings

from visavis.worker.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def own_name() -> str:
    """Return a name for this process that no other living one has."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def beat(name: str, *, now: datetime) -> None:
    """Say that this worker is alive, and forget those that have long been gone."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now})
    Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def stop(name: str) -> None:
    """Say that this worker ends on purpose."""
    Heartbeat.objects.filter(name=name).delete()


def alive(*, now: datetime) -> int:
    """Return how many workers were seen lately."""
    limit = timedelta(seconds=settings.HEARTBEAT_LIMIT_SECONDS)
    return Heartbeat.objects.filter(seen_at__gte=now - limit).count()
