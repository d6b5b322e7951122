"""Parts of pages that are the same whenever they show the same things."""

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Some kilobytes each, in every web worker.
REMEMBERED = 512


def piece(template: str, **values: Hashable) -> SafeString:
    """Render a template that depends on nothing but these values and the language.

    What comes out is remembered by all that went in, so that it can never be out of date:
    visitors who look at the same free days share the work of drawing them. Values are compared
    and hashed, hence frozen. The template knows neither the request nor a form's token.
    """
    if settings.DEBUG:
        return render_to_string(template, values)
    return _remembered(template, get_language(), tuple(values.items()))


@lru_cache(maxsize=REMEMBERED)
def _remembered(
    template: str, language: str | None, values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return render_to_string(template, dict(values))
