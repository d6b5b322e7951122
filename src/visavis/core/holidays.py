"""Public holidays, from the data of the `holidays` library."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType, ModuleType

ENGLISH = "en_US"


def public_holidays(
    country: str, subdivision: str | None, years: Iterable[int], *, language: str = ENGLISH
) -> dict[date, str]:
    """Return the public holidays of the years with their names, in order.

    `country` is an ISO 3166 code such as FR, `subdivision` one of its regions or None. A
    country has names in a few languages only; others give English, or else its own.
    Raises NotImplementedError if the library does not know the place.
    """
    found: dict[date, str] = {}
    for year in sorted(years):
        found.update(_year(country, subdivision or None, year, language))
    return found


@cache
def countries() -> frozenset[str]:
    """Return the ISO 3166 codes of the countries whose holidays are known."""
    return frozenset(_library().list_supported_countries(include_aliases=False))


@cache
def subdivisions(country: str) -> Mapping[str, str]:
    """Return the regions with holidays of their own, by code, each with its longest name.

    Raises NotImplementedError if the library does not know the country.
    """
    known = _library().country_holidays(country)
    names = {code: code for code in known.subdivisions}
    for name, code in known.subdivisions_aliases.items():
        if names[code] == code or len(name) > len(names[code]):
            names[code] = name
    return MappingProxyType(names)


@lru_cache(maxsize=2048)
def _year(country: str, subdivision: str | None, year: int, language: str) -> Mapping[date, str]:
    # Without a language the library would read the environment.
    place = {"subdiv": subdivision, "language": language}
    found = _library().country_holidays(country, years=year, **place)
    return MappingProxyType({day: str(found[day]) for day in sorted(found)})


def _library() -> ModuleType:
    """Return the library, which takes long to load, and which few companies need."""
    import holidays

    return holidays
