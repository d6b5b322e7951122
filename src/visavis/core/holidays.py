"""Public holidays, from the data of the `holidays` library."""

from collections.abc import Iterable
from datetime import date

import holidays


def public_holidays(
    country: str, subdivision: str | None, years: Iterable[int], *, language: str = "en_US"
) -> dict[date, str]:
    """Return the public holidays of the years with their names, in order.

    `country` is an ISO 3166 code such as FR, `subdivision` one of its regions or None. A
    country has names in a few languages only; others give English.
    Raises NotImplementedError if the library does not know the place.
    """
    # Without a language the library would read the environment.
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=list(years), language=language
    )
    return {day: str(found[day]) for day in sorted(found)}
