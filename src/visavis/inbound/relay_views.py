"""anymail's views of what relays tell, made to say of nonsense that it is nonsense.

https://anymail.dev/en/stable/sending/tracking/
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from visavis.bookings import mail_fates
from visavis.gateways.mail.relays import REFERENCE
from visavis.notifications.models import Fate

VIEWS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
}
FATES = {
    EventType.DELIVERED: Fate.DELIVERED,
    EventType.BOUNCED: Fate.RETURNED,
    EventType.REJECTED: Fate.RETURNED,
    EventType.FAILED: Fate.RETURNED,
    EventType.UNSUBSCRIBED: Fate.UNSUBSCRIBED,
    EventType.COMPLAINED: Fate.COMPLAINED,
}
# What anymail's views fail with when a body is not as the relay writes it.
_NONSENSE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError),
    ImproperlyConfigured,
)

Unproven = AnymailWebhookValidationFailure


class UnreadableError(Exception):
    """It is not what the relay writes."""


class _Careful:
    """Goes before one of anymail's views."""

    def run_validators(self, request: HttpRequest) -> None:
        with _nonsense_named():
            super().run_validators(request)  # type: ignore[misc]

    def parse_events(self, request: HttpRequest) -> list[AnymailTrackingEvent]:
        with _nonsense_named():
            return super().parse_events(request)  # type: ignore[misc, no-any-return]


@cache
def view_of(relay: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view that hears a relay."""
    theirs = getattr(import_module(f"anymail.webhooks.{relay}"), VIEWS[relay])
    ours = type(theirs.__name__, (_Careful, theirs), {})
    return ours.as_view()  # type: ignore[attr-defined, no-any-return]


@receiver(tracking)
def hear(sender: Any, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Pass on what is told of a mail of ours; whatever else the relay tells is not for us."""
    fate = FATES.get(event.event_type)
    kept = event.metadata if isinstance(event.metadata, dict) else {}
    reference = kept.get(REFERENCE)
    if fate is not None and isinstance(reference, str):
        said = event.mta_response or event.description or event.reject_reason or ""
        mail_fates.tell(reference, fate, words=str(said), now=timezone.now())


@contextmanager
def _nonsense_named() -> Iterator[None]:
    try:
        yield
    except Unproven:
        raise
    except _NONSENSE as error:
        raise UnreadableError from error
