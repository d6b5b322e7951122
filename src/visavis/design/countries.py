"""What countries are called in the language of the page, from Unicode's CLDR."""

import unicodedata
from collections.abc import Iterable

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries with their names, in the order in which people look for them."""
    named = [(code, country_name(code)) for code in codes]
    return sorted(named, key=lambda pair: _without_accents(pair[1]))


def country_name(code: str) -> str:
    """Return "Germany" for DE, or the code itself if it is nobody's."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    return str(names.get(code, code))


def country_of_zone(zone: str) -> str:
    """Return the country in which an IANA zone lies, or nothing."""
    return str(get_global("zone_territories").get(zone, ""))


def _without_accents(name: str) -> str:
    parts = unicodedata.normalize("NFD", name.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
