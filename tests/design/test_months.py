"""The month grid."""

from datetime import date

from django.utils import translation

from visavis.design.months import month

FIRST = date(2026, 11, 1)


def test_a_month_is_whole_weeks_from_monday():
    with translation.override("en"):
        grid = month(FIRST, urls={}, today=FIRST)

    assert grid.title == "November 2026"
    assert grid.weekdays[0] == ("Mon", "Monday")
    assert [len(week) for week in grid.weeks] == [7] * 6
    assert [day.number for day in grid.weeks[0]] == [0, 0, 0, 0, 0, 0, 1]


def test_only_days_with_a_url_can_be_chosen():
    day = date(2026, 11, 26)

    with translation.override("fr"):
        grid = month(FIRST, urls={day: "/le-26/"}, today=FIRST, chosen=day)

    chosen = [each for week in grid.weeks for each in week if each.url]
    assert [(each.number, each.label, each.current) for each in chosen] == [
        (26, "jeudi 26 novembre 2026", True)
    ]


def test_today_is_marked():
    with translation.override("en"):
        grid = month(FIRST, urls={}, today=date(2026, 11, 9))

    assert [each.number for week in grid.weeks for each in week if each.today] == [9]
