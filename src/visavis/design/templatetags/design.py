"""Template tags of the design system."""

from functools import cache

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@cache
def _svg(name: str) -> str:
    path = settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg"
    svg: str = path.read_text()
    return svg[svg.index("<svg") :]


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a Lucide icon as inline SVG, decorative by default."""
    return mark_safe(_svg(name).replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S308 our own file
