"""Help pages. Each language has files of its own; one that is missing is shown in English.

A page is prose, so that it is written in each language instead of being translated sentence
by sentence: `help/<language>/<page>.html`. A new language is a new folder.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from visavis.notifications.editing import CLIENT_LINK, PROVIDER_LINK
from visavis.notifications.models import Audience
from visavis.notifications.variables import VARIABLES

FALLBACK = "en"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, "index", {})


@require_safe
def online_meetings(request: HttpRequest) -> HttpResponse:
    context = {
        "installed_apps_url": settings.ZOOM_INSTALLED_APPS_URL,
        "client_link": f"[{CLIENT_LINK}]",
        "provider_link": f"[{PROVIDER_LINK}]",
        "variables": _variables(),
    }
    return _page(request, "online_meetings", context)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    language = get_language() or FALLBACK
    template = select_template([f"help/{code}/{name}.html" for code in (language, FALLBACK)])
    return HttpResponse(template.render(context, request))


def _variables() -> Sequence[tuple[str, str, bool, bool]]:
    """Return each variable: how it is written, what it means, and whose messages may have it."""
    return [
        (
            f"[{variable.name}]",
            str(variable.meaning),
            Audience.CLIENT in variable.audiences,
            Audience.PROVIDER in variable.audiences,
        )
        for variable in VARIABLES
    ]
