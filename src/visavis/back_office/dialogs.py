"""Pages that also open as a dialog over the one below: same view, same template, other frame.

The template begins with `{% extends base %}`. What htmx asks for never needs the page around:
it goes into the dialog, or takes the place of a part of the same page.
"""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from visavis.back_office.access import OfficeRequest
from visavis.back_office.pages import office_page

PAGE = "design/office.html"
DIALOG = "back_office/bookings/dialog.html"
HEADER = "HX-Request"
# Going back in history wants the whole page again, although htmx asks for it.
RESTORING = "HX-History-Restore-Request"


def in_dialog(request: OfficeRequest) -> bool:
    """Tell whether the answer goes into a page that is there already."""
    return HEADER in request.headers and RESTORING not in request.headers


def dialog_or_page(
    request: OfficeRequest,
    template: str,
    context: dict[str, Any],
    *,
    current: str = "calendar",
    status: int = 200,
) -> HttpResponse:
    """Render a whole page, or only its content for a dialog."""
    dialog = in_dialog(request)
    frame = {
        "base": DIALOG if dialog else PAGE,
        "in_dialog": dialog,
        "next": came_from(request),
    }
    response = office_page(request, template, frame | context, current=current, status=status)
    # The browser must not show the part when it goes back to the page.
    patch_vary_headers(response, [HEADER])
    return response


def came_from(request: OfficeRequest) -> str:
    """Return the page to go back to: the one named, or the one below the dialog, or nothing."""
    named = request.POST.get("next") or request.GET.get("next") or ""
    if not named and in_dialog(request):
        below = urlsplit(request.headers.get("HX-Current-URL", ""))
        named = below.path + (f"?{below.query}" if below.query else "")
    safe = url_has_allowed_host_and_scheme(named, allowed_hosts=None)
    return named if safe and named.startswith("/") else ""


def done(request: OfficeRequest, otherwise: str) -> HttpResponse:
    """Go back to where the change was asked for."""
    url = came_from(request) or otherwise
    return HttpResponseClientRedirect(url) if in_dialog(request) else redirect(url)
