"""Public holidays, from the data of the `holidays` library."""

from collections.abc import Iterable
from datetime import date

import holidays


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of the years, each with its name in the country's language.

    `country` is an ISO 3166 code such as FR, `subdivision` one of its regions or None.
    Raises NotImplementedError if the library does not know the place.
    """
    found = holidays.country_holidays(country, subdiv=subdivision, years=list(years))
    return {day: str(found[day]) for day in sorted(found)}
