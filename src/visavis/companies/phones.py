"""Phone numbers as people type them, made unambiguous."""

from functools import cache
from importlib import resources

import phonenumbers

from visavis.companies.models import Company

# Kinds of number that may belong to a phone with a screen; some countries do not tell them apart.
_MOBILE = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    }
)


def international(typed: str, company: Company) -> str | None:
    """Return a number as "+33 1 23 45 67 89", or None if there is no such number.

    One without a country code is taken for a number of the company's country.
    """
    number = _parsed(typed, company)
    if number is None:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mobile(typed: str, company: Company, *, abroad: bool) -> str | None:
    """Return the E.164 form ("+33612345678") of a number that can get texts, or None.

    With `abroad` false only numbers of the company's own country can: texts to far countries
    are dear, and public forms are filled in with them on purpose.
    """
    number = _parsed(typed, company)
    if number is None or phonenumbers.number_type(number) not in _MOBILE:
        return None
    if not abroad and phonenumbers.region_code_for_number(number) != region(company):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region(company: Company) -> str | None:
    """Return the country of the company, by its own number or else by its time zone."""
    try:
        number = phonenumbers.parse(company.phone, None)
    except phonenumbers.NumberParseException:
        return _countries().get(company.time_zone)
    return phonenumbers.region_code_for_number(number)


def _parsed(typed: str, company: Company) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(typed, region(company))
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


@cache
def _countries() -> dict[str, str]:
    # Lines of "FR<tab>+4852+00220<tab>Europe/Paris": country, place, zone.
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
