"""Template tags of the design system, available in every template without {% load %}."""

from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from visavis.design import amounts, colours, moments, pieces
from visavis.design.widgets import Switch
from visavis.design.zones import zone_label

register = template.Library()

_TONES = {"error": "danger", "warning": "warning", "success": "success", "info": "info"}
_TONE_ICONS = {
    "danger": "circle-alert",
    "warning": "triangle-alert",
    "success": "circle-check",
    "info": "info",
}


@cache
def _svg(name: str) -> str:
    path = settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg"
    svg: str = path.read_text()
    opening = '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" \
stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"'
    return opening + " ".join(svg[svg.index(">", svg.index("<svg")) :].split())


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a Lucide icon as inline SVG, decorative: say in words what it means."""
    return mark_safe(_svg(name))  # noqa: S308 our own file


@register.simple_tag(takes_context=True)
def accent_style(context: Context, colour: str) -> SafeString:
    """Return the <style> that makes `colour` the page's accent in both schemes."""
    return format_html(
        '<style nonce="{}">{}</style>', str(context.get("CSP_NONCE", "")), _accent_rules(colour)
    )


@lru_cache(maxsize=256)
def _accent_rules(colour: str) -> SafeString:
    light, dark = (colours.accent(colour, each) for each in (colours.LIGHT, colours.DARK))
    return format_html(
        ":root{{{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}",
        _properties(light),
        _properties(dark),
    )


def _properties(accent: colours.Accent) -> SafeString:
    return format_html(
        "--accent:{};--accent-text:{};--accent-over:{};--accent-edge:{};--accent-strong:{}",
        accent.fill,
        accent.text,
        accent.over,
        accent.edge,
        accent.strong,
    )


@register.simple_tag
def avatar(name: object, colour: str = "#6c645a", size: str = "", photo: str = "") -> SafeString:
    """Return a person's photo, or their initials on their colour. Decorative: name them beside."""
    if photo:
        return format_html('<img class="avatar {}" src="{}" alt="">', size, photo)
    text = colours.accent(colour, colours.LIGHT).text
    return format_html(
        '<svg class="avatar {}" viewBox="0 0 100 100" aria-hidden="true" focusable="false">'
        '<rect width="100" height="100" fill="{}"/><text x="50" y="51" fill="{}">{}</text></svg>',
        size,
        colour,
        text,
        amounts.initials(str(name)),
    )


@register.simple_tag
def moment(value: datetime, zone: str, style: str = "full") -> SafeString:
    """Return day and time with the zone beside it."""
    return format_html(
        '{} <span class="zone">{}</span>',
        _time(value, zone, moments.moment(value, zone, style)),
        zone_label(zone, value),
    )


@register.simple_tag
def span(start: datetime, end: datetime, zone: str, style: str = "full") -> SafeString:
    """Return from and until with the zone beside them; the same day is said once."""
    text = moments.span(start, end, zone, style)
    between = format_html(' <span class="zone">{}</span>', text.start_zone)
    return format_html(
        '{}{}\xa0– {} <span class="zone">{}</span>',
        _time(start, zone, text.start),
        between if text.start_zone else "",
        _time(end, zone, text.end),
        text.zone,
    )


@register.simple_tag
def day(value: datetime | date, zone: str = "UTC", style: str = "full") -> SafeString:
    """Return the day of an instant in `zone`, or a plain date as it is."""
    text = moments.day(value, zone, style)
    if isinstance(value, datetime):
        return _time(value, zone, text)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.simple_tag
def clock(value: datetime, zone: str) -> SafeString:
    """Return the time of day alone: only where the zone is said nearby, once for many times."""
    return _time(value, zone, moments.clock(value, zone))


@register.simple_tag(name="zone")
def zone_tag(name: str, at: datetime) -> SafeString:
    """Return "Paris time (UTC+1)", to be said once above many times."""
    return format_html('<span class="zone">{}</span>', zone_label(name, at))


def _time(value: datetime, zone: str, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moments.machine(value, zone), text)


@register.simple_tag
def money(amount: Decimal | int, currency: str) -> str:
    return amounts.money(amount, currency)


@register.filter
def duration(minutes: int) -> str:
    return amounts.duration(minutes)


@register.filter
def initials(name: str, count: int = 2) -> str:
    return amounts.initials(name, count)


@register.simple_tag(takes_context=True)
def piece(context: Context, template: str, **values: Hashable) -> SafeString:
    """Include a template that depends on nothing but what is given: it is drawn once."""
    return pieces.piece(template, context.get("csrf_token", ""), **values)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, size: str = "") -> SafeString:  # noqa: A002 HTML's word
    """Wrap its content into a dialog that <a href="#id" data-dialog> opens."""
    return render_to_string(
        "design/dialog.html", {"content": content, "id": id, "title": title, "size": size}
    )


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def tone(level: str) -> str:
    """Return the class for the level of one of Django's messages."""
    return _TONES.get(level, "info")


@register.filter
def tone_icon(level: str) -> str:
    return _TONE_ICONS[_TONES.get(level, level)]


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """Return allauth's form without placeholders, which only repeat its labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_switch(field: BoundField) -> bool:
    return isinstance(field.field.widget, Switch)


@register.filter
def focus_id(field: BoundField) -> str:
    """Return the id a link must point to so that the field gets the focus."""
    return field.id_for_label or f"{field.auto_id}_0"
