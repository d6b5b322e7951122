"""What platforms tell us: kept at once, dealt with later, counted once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings

from visavis.connections.models import (
    Connection,
    ConnectionQuerySet,
    PlatformEvent,
    Webhook,
)
from visavis.connections.registrations import PLATFORM, Registration
from visavis.gateways.video.zoom.webhooks import ZoomEvent

# Zoom stops repeating a delivery after some hours; keys are kept longer than that.
KEPT = timedelta(days=30)
SELDOM = timedelta(minutes=1)


def keep(event: ZoomEvent, registration: Registration, *, now: datetime) -> bool:
    """Keep an event that this app's secret signed; return False if it was known already."""
    facts = asdict(event)
    at, moment = facts.pop("at"), facts.pop("participant_at")
    # An address of mail tells nothing that is needed.
    for name in ("kind", "dedupe_key", "plain_token", "participant_email"):
        facts.pop(name)
    facts["participant_at"] = moment.isoformat() if moment else ""
    _event, new = PlatformEvent.objects.get_or_create(
        # Who signs with another app's secret cannot take the place of somebody's event.
        key=f"{registration.company_id or ''}:{event.dedupe_key}"[:200],
        defaults={
            "company_id": registration.company_id,
            "platform": PLATFORM,
            "kind": event.kind,
            "facts": facts,
            "at": at,
            "received_at": now,
        },
    )
    return new


def heard(registration: Registration, event: ZoomEvent, *, now: datetime) -> None:
    """Note that a delivery to this app's webhook address was verified."""
    facts = {"verified_at": now, "verified_event": event.name[:60]}
    # One question, since Zoom waits; only the first delivery of all finds no row.
    if not Webhook.objects.filter(address=registration.address).update(**facts):
        Webhook.objects.update_or_create(address=registration.address, defaults=facts)


def refused(registration: Registration, *, now: datetime) -> None:
    """Note that somebody's delivery to this app's webhook address was not verified."""
    known = Webhook.objects.filter(address=registration.address).first()
    # Anybody can cause this: seldom enough not to be a burden.
    if known is None:
        Webhook.objects.get_or_create(address=registration.address, defaults={"refused_at": now})
    elif known.refused_at is None or now - known.refused_at > SELDOM:
        Webhook.objects.filter(pk=known.pk).update(refused_at=now)


def reach(event: PlatformEvent) -> ConnectionQuerySet:
    """Return the connections an event may be about: those of the app whose secret signed it."""
    live = Connection.objects.live().filter(platform=event.platform)
    if event.company_id is not None:
        return live.filter(company=event.company_id)
    return live.filter(client_id=settings.ZOOM_CLIENT_ID)


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
