"""From a text with variables to what is sent: subject, plain text and HTML.

The text is plain; HTML is made from it, so that nobody writes a text twice and nothing that
a client typed is ever markup. A paragraph of the form `Label: https://…` becomes a button.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import css_inline
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from visavis.design.colours import DARK, LIGHT, accent
from visavis.gateways.sms.length import plain
from visavis.notifications.texts import Text

_VARIABLE = re.compile(r"\[([a-z_]+)\]")
_CONDITION = re.compile(r"\[if ([a-z_]+)\](.*?)\[end\]", re.DOTALL)
_BUTTON = re.compile(r"^([^:\n]{1,60}?)\s?: (https?://\S+)$")
_ADDRESS = re.compile(r"(https?://[^\s<]+)")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Look:
    """How a company's mail looks."""

    company: str
    accent: str
    language: str
    footer: str = ""
    # Where the reader stops messages of this kind, if they may.
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message says, in the three forms in which it is sent."""

    subject: str
    text: str
    html: str


def render(text: Text, values: Mapping[str, str], look: Look) -> Rendered:
    """Fill in the variables. One without a value leaves nothing behind."""
    subject = " ".join(fill(text.subject, values).split())
    body = fill(text.body, values)
    html = _html(subject, body, look)
    if look.way_out:
        with translation.override(look.language):
            body += "\n\n-- \n" + _("No more reminders: %(link)s") % {"link": look.way_out}
    return Rendered(subject[:300], body, html)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace variables and keep conditional parts whose variable has a value."""

    def part(match: re.Match[str]) -> str:
        return match[2] if values.get(match[1]) else ""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1], "")

    filled = _VARIABLE.sub(value, _CONDITION.sub(part, template))
    return _BLANK_LINES.sub("\n\n", filled).strip()


def render_sms(text: Text, values: Mapping[str, str]) -> str:
    """Fill in the variables of a text to a phone, in signs that cost little."""
    return plain(fill(text.body, values))


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _html(subject: str, body: str, look: Look) -> str:
    with translation.override(look.language):
        page = render_to_string(
            "notifications/mail.html",
            {
                "subject": subject,
                "look": look,
                # Of any colour, an edge that can be seen.
                "light": accent(look.accent, LIGHT),
                "dark": accent(look.accent, DARK),
                "blocks": list(_blocks(body)),
            },
        )
    return _inliner().inline(page)


def _blocks(body: str) -> Iterator[dict[str, object]]:
    """Split the text into paragraphs, lists of `label: value` lines, and buttons."""
    for paragraph in body.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        button = _BUTTON.match(paragraph.strip())
        if button:
            yield {"kind": "button", "label": button[1], "address": button[2]}
        elif len(lines) > 1 and all("\t" in line for line in lines):
            yield {"kind": "facts", "facts": [_fact(line) for line in lines]}
        elif lines:
            yield {"kind": "text", "lines": [_linked(line) for line in lines]}


def _fact(line: str) -> tuple[str, str]:
    label, _tab, value = line.partition("\t")
    return label.rstrip(": \u00a0\u202f"), _linked(value)


def _linked(line: str) -> str:
    return _ADDRESS.sub(r'<a href="\1">\1</a>', escape(line))
