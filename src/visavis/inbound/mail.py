"""What the relay tells of mail that left. Open to everybody; only who knows the secret is heard.

The relays' own forms, and how each proves who it is, are anymail's business. It is imported when
the relay calls for the first time, so that an installation that names none does not need it.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Hear what the relay tells. 401 for whoever is not the relay, 400 for what nobody can read."""
    from visavis.inbound import relay_views

    try:
        return relay_views.view_of(settings.MAIL_RELAY)(request)
    except relay_views.Unproven as why:
        # anymail's words: they name the relay and the setting, and no secret.
        logger.warning("a delivery to the mail webhook is not the relay's: %s", why)
        return JsonResponse({"error": "not allowed"}, status=401)
    except relay_views.UnreadableError:
        return JsonResponse({"error": "unreadable"}, status=400)
