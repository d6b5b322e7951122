"""Zoom's webhooks. Open to everybody; only what Zoom's secret signed is believed.

Zoom gives us three seconds and repeats what fails, so that an event is only verified and
kept here. https://developers.zoom.us/docs/api/webhooks/
"""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from visavis.connections import events, registrations
from visavis.gateways.video.zoom import webhooks
from visavis.gateways.video.zoom.webhooks import EventKind

logger = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, address: str = "") -> HttpResponse:
    """Answer Zoom's challenge, or keep an event. 401 for what Zoom did not sign.

    Each app has an address of its own, since its secret is what must have signed.
    """
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        return JsonResponse({"error": "too large"}, status=413)
    registration = registrations.at_address(address)
    if registration is None:
        return JsonResponse({"error": "unknown address"}, status=404)
    body, now, secret = request.body, timezone.now(), registration.webhook_secret
    stamp = request.headers.get("x-zm-request-timestamp", "")
    signature = request.headers.get("x-zm-signature", "")
    if not webhooks.verify(secret, stamp, body, signature, now):
        logger.warning("a delivery to the Zoom webhook is not signed by Zoom")
        events.refused(registration, now=now)
        return JsonResponse({"error": "bad signature"}, status=401)
    try:
        event = webhooks.parse(body)
    except webhooks.UnreadableError:
        return JsonResponse({"error": "unreadable"}, status=400)
    if not event.plain_token.startswith(webhooks.OWN_CHALLENGE):
        events.heard(registration, event, now=now)
    if event.kind is EventKind.CHALLENGE:
        return JsonResponse(webhooks.challenge_answer(secret, event.plain_token))
    if event.kind is not EventKind.OTHER:
        events.keep(event, registration, now=now)
    return JsonResponse({"status": "ok"})
