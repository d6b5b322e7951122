"""Zoom's webhooks. Open to everybody; only what Zoom's secret signed is believed.

Zoom gives us three seconds and repeats what fails, so that an event is only verified and
kept here. https://developers.zoom.us/docs/api/webhooks/
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from visavis.connections import events, zoom
from visavis.gateways.video.zoom import webhooks
from visavis.gateways.video.zoom.webhooks import EventKind

logger = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Answer Zoom's challenge, or keep an event. 401 for what Zoom did not sign."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        return JsonResponse({"error": "too large"}, status=413)
    body, now, secret = request.body, timezone.now(), settings.ZOOM_WEBHOOK_SECRET
    stamp = request.headers.get("x-zm-request-timestamp", "")
    signature = request.headers.get("x-zm-signature", "")
    if not webhooks.verify(secret, stamp, body, signature, now):
        logger.warning("a delivery to the Zoom webhook is not signed by Zoom")
        return JsonResponse({"error": "bad signature"}, status=401)
    try:
        event = webhooks.parse(body)
    except webhooks.UnreadableError:
        return JsonResponse({"error": "unreadable"}, status=400)
    if event.kind is EventKind.CHALLENGE:
        return JsonResponse(webhooks.challenge_answer(secret, event.plain_token))
    if event.kind is not EventKind.OTHER:
        events.keep(event, platform=zoom.PLATFORM, now=now)
    return JsonResponse({"status": "ok"})
