"""What people read when too many change the same thing at once: try again, with all they typed."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from visavis.bookings.locks import is_busy
from visavis.bookings.transactions import Busy

logger = logging.getLogger(__name__)

CSRF_FIELD = "csrfmiddlewaretoken"


class TryAgain:
    """Answers Busy, wherever it comes from, by the form as it was sent and a button."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, or None for whatever else went wrong."""
        waits = isinstance(error, Busy) or (isinstance(error, OperationalError) and is_busy(error))
        if not waits:
            return None
        logger.warning("%s: busy", request.path, exc_info=error)
        in_dialog = "HX-Request" in request.headers
        sent = [(name, values) for name, values in request.POST.lists() if name != CSRF_FIELD]
        context = {
            "sent": [(name, value) for name, values in sent for value in values],
            "company": getattr(request, "company", None),
        }
        template = "design/busy_dialog.html" if in_dialog else "409.html"
        response = render(request, template, context, status=409)
        add_never_cache_headers(response)
        return response
