"""What platforms tell us: kept at once, dealt with later, counted once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from visavis.connections.models import PlatformEvent
from visavis.gateways.video.zoom.webhooks import ZoomEvent

# Zoom stops repeating a delivery after some hours; keys are kept longer than that.
KEPT = timedelta(days=30)


def keep(event: ZoomEvent, *, platform: str, now: datetime) -> bool:
    """Keep an event; return False if it was known already."""
    facts = asdict(event)
    at = facts.pop("at")
    for name in ("kind", "dedupe_key", "plain_token"):
        facts.pop(name)
    _event, new = PlatformEvent.objects.get_or_create(
        key=event.dedupe_key[:200],
        defaults={
            "platform": platform,
            "kind": event.kind,
            "facts": facts,
            "at": at,
            "received_at": now,
        },
    )
    return new


def open_events(*, limit: int) -> Sequence[PlatformEvent]:
    """Return what nobody has dealt with yet, oldest first."""
    return list(PlatformEvent.objects.filter(done_at=None).order_by("received_at", "pk")[:limit])


def done(event: PlatformEvent, *, now: datetime) -> None:
    """Note that an event has been dealt with, and keep nothing of it but its key."""
    event.done_at, event.facts = now, {}
    event.save(update_fields=["done_at", "facts"])


def forget_old(now: datetime) -> None:
    """Delete the keys of events so old that they cannot come again."""
    PlatformEvent.objects.filter(done_at__lt=now - KEPT).delete()
