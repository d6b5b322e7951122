"""The rules that are set on pages, as far as they say when something can be booked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from factories import make_provider, make_service
from visavis.bookings import availability, queries, seats
from visavis.bookings.availability import Question
from visavis.catalog import operations as catalog
from visavis.catalog.models import HolidayCalendar
from visavis.catalog.operations import Hours, Interval
from visavis.core.refusals import Refusal

pytestmark = pytest.mark.django_db

PARIS, TOKYO = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Tokyo")
EASTER_MONDAY = date(2027, 3, 29)  # in France and Germany, not in Japan
GOOD_FRIDAY = date(2027, 3, 26)  # in Germany, and of France in Alsace and Moselle
WORKDAY = date(2027, 3, 30)


@pytest.fixture
def now():
    return datetime(2027, 3, 15, 8, tzinfo=UTC)


def starts(service, providers, day, now, zone=PARIS):
    """The times of day, as clocks in the zone show them, that can be booked."""
    since, until = availability.day_bounds(day, day, zone)
    question = Question(offering=service, places=1, now=now)
    found = queries.free_starts(question, providers, since=since, until=until)
    return [start.astimezone(zone).time() for start in found]


def obstacles(service, provider, day, hour, now, zone=PARIS):
    moment = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
    return queries.obstacles(Question(offering=service, places=1, now=now), [provider], moment)


def test_nobody_is_closed_on_public_holidays_unless_the_company_says_so(service, provider, now):
    assert starts(service, [provider], EASTER_MONDAY, now)


def test_a_company_is_closed_on_its_countrys_holidays(company, service, provider, now):
    catalog.set_holidays(Hours(company), country="FR")

    assert starts(service, [provider], EASTER_MONDAY, now) == []
    assert obstacles(service, provider, EASTER_MONDAY, 10, now) == [Refusal.PUBLIC_HOLIDAY]
    assert starts(service, [provider], WORKDAY, now)


def test_regions_have_more_holidays(company, service, provider, now):
    catalog.set_holidays(Hours(company), country="FR", subdivision="6AE")

    assert starts(service, [provider], GOOD_FRIDAY, now) == []


def test_a_holiday_can_be_kept_open(company, service, provider, now):
    catalog.set_holidays(Hours(company), country="FR", kept_open=[EASTER_MONDAY])

    assert time(9) in starts(service, [provider], EASTER_MONDAY, now)


@pytest.mark.parametrize("whose", ["company", "provider"])
def test_working_on_a_holiday_by_special_day_wins(company, service, provider, now, whose):
    catalog.set_holidays(Hours(company), country="FR")
    owner = Hours(company, provider if whose == "provider" else None)

    catalog.set_special_day(owner, EASTER_MONDAY, [Interval(600, 660)])

    assert starts(service, [provider], EASTER_MONDAY, now) == [time(10), time(10, 30)]


def test_a_special_day_without_hours_does_not_open_a_holiday(company, service, provider, now):
    catalog.set_holidays(Hours(company), country="FR")

    catalog.set_special_day(Hours(company, provider), EASTER_MONDAY, [])

    assert obstacles(service, provider, EASTER_MONDAY, 10, now) == [
        Refusal.PUBLIC_HOLIDAY,
        Refusal.SPECIAL_DAY_CLOSED,
    ]


def test_a_provider_may_follow_other_holidays_or_none(company, service, provider, now):
    berta, chiyo = make_provider(company, "Berta Demo"), make_provider(company, "Chiyo Demo")
    everybody = [provider, berta, chiyo]
    catalog.set_holidays(Hours(company), country="FR")
    catalog.set_holidays(Hours(company, berta), country="DE")
    catalog.set_holidays(Hours(company, chiyo), country="")

    def there(day):
        return [one.name.split()[0] for one in everybody if starts(service, [one], day, now)]

    assert there(GOOD_FRIDAY) == ["Ada", "Chiyo"]
    assert there(EASTER_MONDAY) == ["Chiyo"]
    assert there(WORKDAY) == ["Ada", "Berta", "Chiyo"]


def test_a_holiday_is_a_local_date_of_whoever_keeps_it(company, service, now):
    chiyo = make_provider(company, "Chiyo Demo", time_zone="Asia/Tokyo")
    catalog.set_weekly_hours(Hours(company, chiyo), {day: [Interval(0, 1440)] for day in range(7)})
    catalog.set_holidays(Hours(company, chiyo), country="JP")
    equinox = date(2027, 3, 22)  # of the 21st, a Sunday

    assert starts(service, [chiyo], equinox, now, zone=TOKYO) == []
    assert time(23, 30) in starts(service, [chiyo], date(2027, 3, 20), now, TOKYO)
    assert starts(service, [chiyo], equinox, now, zone=PARIS)[0] == time(16)


def test_holidays_of_another_company_close_nothing(company, service, provider, now):
    oak = type(company).objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    catalog.set_holidays(Hours(oak), country="FR")

    assert starts(service, [provider], EASTER_MONDAY, now)


def test_a_region_that_the_library_no_longer_knows_stops_nobody(company, service, provider, now):
    catalog.set_holidays(Hours(company), country="FR", subdivision="gone")

    assert starts(service, [provider], EASTER_MONDAY, now)


def test_holidays_cost_one_query_whoever_has_them(
    company, service, provider, now, django_assert_num_queries
):
    people = [provider, *(make_provider(company, f"P{number} Demo") for number in range(4))]
    question = Question(offering=service, places=1, now=now)
    since, until = availability.day_bounds(GOOD_FRIDAY, WORKDAY, PARIS)

    def ask():
        availability.prepare(question, people, since=since, until=until)

    with django_assert_num_queries(5):
        ask()
    for number, country in enumerate(["", "DE", "JP", "FR"]):
        catalog.set_holidays(Hours(company, people[number]), country=country)
    catalog.set_holidays(Hours(company), country="FR", kept_open=[EASTER_MONDAY])
    with django_assert_num_queries(5):
        ask()


def test_a_company_without_a_country_has_no_calendar(company):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        HolidayCalendar.objects.create(company=company, country="")


def test_buffers_may_run_past_closing_unless_the_company_minds(company, provider, now):
    talk = make_service(company, "Talk", [provider], buffer_after_minutes=15)

    assert starts(talk, [provider], WORKDAY, now)[-1] == time(16, 30)
    company.buffers_within_hours = True
    company.save()
    talk.refresh_from_db()
    assert starts(talk, [provider], WORKDAY, now)[-1] == time(16)
    assert Refusal.DOES_NOT_FIT in obstacles_at(talk, provider, time(16, 30), now)


def obstacles_at(service, provider, clock, now):
    moment = datetime.combine(WORKDAY, clock, tzinfo=PARIS).astimezone(UTC)
    return queries.obstacles(Question(offering=service, places=1, now=now), [provider], moment)


def test_the_companys_hours_are_the_outer_bound(company, service, provider, now):
    catalog.set_weekly_hours(Hours(company), {WORKDAY.weekday(): [Interval(600, 720)]})

    assert starts(service, [provider], WORKDAY, now)[0] == time(10)
    assert starts(service, [provider], WORKDAY, now)[-1] == time(11, 30)
    assert obstacles(service, provider, WORKDAY, 9, now) == [Refusal.COMPANY_CLOSED]


def test_a_service_may_have_hours_of_its_own(company, service, provider, now):
    owner = Hours(company, offering=service)
    catalog.set_weekly_hours(owner, {WORKDAY.weekday(): [Interval(600, 660)]})

    assert starts(service, [provider], WORKDAY, now) == [time(10), time(10, 30)]
    assert obstacles(service, provider, WORKDAY, 11, now) == [Refusal.OUTSIDE_OFFERING_HOURS]


def test_a_special_day_of_a_service_leaves_its_other_days_alone(company, service, provider, now):
    catalog.set_special_day(Hours(company, offering=service), WORKDAY, [])

    assert starts(service, [provider], WORKDAY, now) == []
    assert obstacles(service, provider, WORKDAY, 10, now) == [Refusal.SPECIAL_DAY_CLOSED]
    assert starts(service, [provider], GOOD_FRIDAY, now)


def test_hours_across_midnight_belong_to_the_day_they_begin(company, service, provider, now):
    catalog.set_weekly_hours(
        Hours(company, provider), {WORKDAY.weekday(): [Interval(22 * 60, 26 * 60)]}
    )
    night = date(2027, 3, 31)

    assert starts(service, [provider], WORKDAY, now)[-1] == time(23, 30)
    assert starts(service, [provider], night, now) == [
        time(0), time(0, 30), time(1), time(1, 30)
    ]  # fmt: skip


def test_the_hours_of_a_special_day_last_into_the_next(company, service, provider, now):
    late, next_day = [Interval(22 * 60, 26 * 60)], WORKDAY + timedelta(days=1)
    catalog.set_weekly_hours(Hours(company, provider), {})
    catalog.set_special_day(Hours(company, provider), WORKDAY, late)

    assert starts(service, [provider], next_day, now) == [
        time(0), time(0, 30), time(1), time(1, 30)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "gone"),
    [
        ({}, [time(11)]),
        ({"buffer_before_minutes": 20}, [time(11), time(11, 30)]),
        ({"buffer_after_minutes": 20}, [time(10, 30), time(11)]),
    ],
)
def test_a_services_own_buffers_keep_clear_of_what_is_booked(company, provider, now, rule, gone):
    talk = make_service(company, "Talk", [provider], **rule)
    bare = Question(offering=make_service(company, "Bare", [provider]), places=1, now=now)
    free = starts(talk, [provider], WORKDAY, now)

    eleven = datetime.combine(WORKDAY, time(11), tzinfo=PARIS).astimezone(UTC)
    seats.take(bare, provider, eleven)

    left = starts(talk, [provider], WORKDAY, now)
    assert sorted(set(free) - set(left)) == gone
