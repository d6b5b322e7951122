"""Addresses of companies: `/<slug>/` is the booking site, `/office/<slug>/` the back office."""

import re

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

# First path segments that the product itself uses.
RESERVED = frozenset(
    {
        "accounts", "admin", "api", "connect", "demo", "design", "favicon.ico", "healthz", "help",
        "i18n", "inbound", "invitations", "media", "meet", "new", "office", "robots.txt", "static",
        "www",
    }
)  # fmt: skip
_SHAPE = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$")


def valid_slug(value: str) -> None:
    """Raise ValidationError unless `value` can be a company's address."""
    if not _SHAPE.match(value):
        raise ValidationError(
            _("Use lower-case letters, digits and hyphens. Begin and end with a letter or digit.")
        )
    if value in RESERVED:
        raise ValidationError(_("This address is reserved. Please choose another one."))


def suggested_slug(name: str) -> str:
    """Return a valid address made from a company's name."""
    slug = slugify(name)[:50].strip("-") or "company"
    return f"{slug[:46]}-co" if slug in RESERVED else slug
