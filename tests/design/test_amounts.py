"""Sums, durations and initials."""

from decimal import Decimal

import pytest
from django.utils import translation

from visavis.design.amounts import duration, initials, money


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", 45, "EUR", "€45"),
        ("en", Decimal("45.50"), "EUR", "€45.50"),
        ("en", 1250, "USD", "$1,250"),
        ("en", 60, "CHF", "CHF\xa060"),
        ("en", Decimal("900.00"), "JPY", "¥900"),
        ("fr", 45, "EUR", "45\xa0€"),
        ("fr", Decimal("45.50"), "EUR", "45,50\xa0€"),
        ("fr", 1250, "EUR", "1\xa0250\xa0€"),
        ("de", 45, "EUR", "45\xa0€"),
        ("en", 45, "XYZ", "XYZ\xa045"),
    ],
)
def test_money_follows_the_language(language, amount, currency, text):
    with translation.override(language):
        assert money(amount, currency) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (65, "1 h 05"),
        (90, "1 h 30"),
        (1440, "1 day"),
        (2880, "2 days"),
        (1500, "25 h"),
    ],
)
def test_durations_are_said_as_people_say_them(minutes, text):
    with translation.override("en"):
        assert duration(minutes) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Camille Durand", "CD"),
        ("camille", "C"),
        ("Jean-Luc de la Tour", "JT"),
        ("Ève (stagiaire)", "È"),
        ("", "?"),
        ("  ", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_name(name, text):
    assert initials(name) == text


def test_one_initial_is_enough_for_a_company():
    assert initials("Cabinet Lumière", 1) == "C"
