"""Parts of pages that are the same whenever they show the same things."""

import secrets
from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Some kilobytes each, in every web worker.
REMEMBERED = 512
# Stands where a form's token belongs, which is another one for each visitor.
_TOKEN = secrets.token_hex(32)


def piece(template: str, token: object = "", **values: Hashable) -> SafeString:
    """Render a template that depends on nothing but these values and the language.

    What comes out is remembered by all that went in, so that it can never be out of date:
    visitors who look at the same free days share the work of drawing them. Values are compared
    and hashed: plain ones and frozen dataclasses, never models, which are equal by their key.
    The template does not know the request; `token` is what its forms send back, if it has any.
    """
    given = tuple(values.items())
    drawn = _draw(template, given) if settings.DEBUG else _drawn(template, get_language(), given)
    if _TOKEN not in drawn:
        return drawn
    return mark_safe(drawn.replace(_TOKEN, str(token)))  # noqa: S308 letters and digits


@lru_cache(maxsize=REMEMBERED)
def _drawn(
    template: str, language: str | None, values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return _draw(template, values)


def _draw(template: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template, {**dict(values), "csrf_token": _TOKEN})
