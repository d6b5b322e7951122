"""Public holidays, wherever one is."""

from datetime import date

import pytest

from visavis.core.holidays import public_holidays


def test_france_closes_on_its_national_day_under_its_own_name():
    days = public_holidays("FR", None, [2027], language="fr")

    assert days[date(2027, 7, 14)] == "Fête nationale"
    assert list(days) == sorted(days)
    assert {day.year for day in days} == {2027}


def test_regions_have_holidays_of_their_own():
    good_friday = date(2027, 3, 26)

    assert good_friday not in public_holidays("FR", None, [2027])
    assert good_friday in public_holidays("FR", "57", [2027])


def test_english_is_spoken_where_no_language_is_given(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fr")

    assert public_holidays("FR", None, [2027])[date(2027, 7, 14)] == "National Day"


@pytest.mark.parametrize("place", [("ZZ", None), ("FR", "nowhere")])
def test_unknown_places_are_refused(place):
    with pytest.raises(NotImplementedError):
        public_holidays(*place, [2027])
