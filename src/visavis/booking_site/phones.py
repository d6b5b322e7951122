"""Phone numbers as people type them, made unambiguous."""

from functools import cache
from importlib import resources

import phonenumbers

from visavis.companies.models import Company


def international(typed: str, company: Company) -> str | None:
    """Return a number as "+33 1 23 45 67 89", or None if there is no such number.

    One without a country code is taken for a number of the company's country.
    """
    try:
        number = phonenumbers.parse(typed, region(company))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region(company: Company) -> str | None:
    """Return the country of the company, by its own number or else by its time zone."""
    try:
        number = phonenumbers.parse(company.phone, None)
    except phonenumbers.NumberParseException:
        return _countries().get(company.time_zone)
    return phonenumbers.region_code_for_number(number)


@cache
def _countries() -> dict[str, str]:
    # Lines of "FR<tab>+4852+00220<tab>Europe/Paris": country, place, zone.
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
