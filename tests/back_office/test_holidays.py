"""The page on which somebody chooses the public holidays that close."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from back_office.staff import book, sign_in
from factories import make_provider
from visavis.catalog import operations as catalog
from visavis.catalog.models import HolidayCalendar, WeeklyHours
from visavis.catalog.operations import Hours
from visavis.core.holidays import public_holidays

pytestmark = pytest.mark.django_db


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def ahead(country="FR"):
    """This year's and next year's holidays that are not over."""
    today = datetime.now(UTC).date()
    return [
        day for day in public_holidays(country, None, [today.year, today.year + 1]) if day > today
    ]


def names(response):
    return [holiday.name for holiday in response.context["days"]]


def saved():
    return [(one.country, one.subdivision, one.provider) for one in HolidayCalendar.objects.all()]


def test_the_days_of_a_country_are_shown_before_anything_is_saved(client, company):
    sign_in(client, company, "owner")

    response = client.post(page("company_holidays", company), {"country": "FR", "show": "1"})

    assert response.status_code == 200
    assert "Christmas Day" in names(response)
    assert 'name="subdivision"' in response.text
    assert saved() == []


def test_the_names_are_those_of_the_readers_language(client, company):
    sign_in(client, company, "owner")

    response = client.post(
        page("company_holidays", company),
        {"country": "FR", "show": "1"},
        headers={"Accept-Language": "fr"},
    )

    assert "Noël" in names(response)
    assert "Allemagne" in response.text


def test_a_day_that_is_not_ticked_stays_open(client, company):
    sign_in(client, company, "owner")
    first, *others = ahead()
    typed = {"country": "FR", "listed": [first, *others], "closed": others}

    client.post(page("company_holidays", company), typed)

    calendar = HolidayCalendar.objects.get()
    assert (calendar.country, calendar.days_kept_open) == ("FR", {first})
    shown = client.get(page("company_holidays", company)).context["days"]
    assert [holiday.day for holiday in shown if not holiday.closed] == [first]


def test_another_country_closes_on_all_its_days_until_somebody_says_otherwise(client, company):
    sign_in(client, company, "owner")
    catalog.set_holidays(Hours(company), country="FR", kept_open=[ahead()[0]])

    client.post(page("company_holidays", company), {"country": "DE"})

    assert HolidayCalendar.objects.get().country == "DE"
    assert HolidayCalendar.objects.get().kept_open == []


def test_days_of_nowhere_are_passed_over(client, company):
    sign_in(client, company, "owner")
    typed = {"country": "FR", "listed": ["2027-02-30", "soon", "2027-02-03"]}

    client.post(page("company_holidays", company), typed)

    assert HolidayCalendar.objects.get().kept_open == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"country": "ZZ"}, "country"),
        ({"country": "company"}, "country"),
        ({"country": "DE", "subdivision": "6AE"}, "subdivision"),
    ],
)
def test_places_that_are_none_are_refused(client, company, typed, field):
    sign_in(client, company, "owner")

    response = client.post(page("company_holidays", company), typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert saved() == []


def test_none_opens_the_company_again(client, company):
    sign_in(client, company, "owner")
    catalog.set_holidays(Hours(company), country="FR")

    client.post(page("company_holidays", company), {"country": ""})

    assert saved() == []


def test_a_provider_follows_the_company_another_country_or_none(client, company, provider):
    sign_in(client, company, "owner")
    url = page("provider_holidays", company, provider.pk)
    catalog.set_holidays(Hours(company), country="FR")

    as_company = client.get(url).context["form"].chosen
    client.post(url, {"country": "DE", "subdivision": "BY"})
    bavaria = saved()
    client.post(url, {"country": ""})
    none = saved()
    client.post(url, {"country": "company"})

    france = ("FR", "", None)
    assert as_company == "company"
    assert bavaria == [france, ("DE", "BY", provider)]
    assert none == [france, ("", "", provider)]
    assert saved() == [france]


def test_somebody_chooses_their_own_holidays_and_nobody_elses(client, company, provider):
    bea = make_provider(company, "Bea Demo")
    provider.member = sign_in(client, company, "provider")
    provider.save()

    client.post(page("my_holidays", company), {"country": "DE"})

    assert saved() == [("DE", "", provider)]
    assert client.post(page("provider_holidays", company, bea.pk)).status_code == 403


def test_bookings_on_a_holiday_are_counted(client, company, provider, service):
    sign_in(client, company, "owner")
    day = next(day for day in ahead() if day.weekday() < 5)
    service.horizon_days = 730
    service.save()
    starts_at = datetime.combine(day, datetime.min.time(), tzinfo=UTC).replace(hour=10)
    book(service, starts_at)

    response = client.post(page("company_holidays", company), {"country": "FR", "show": "1"})

    assert {one.day: one.booked for one in response.context["days"] if one.booked} == {day: 1}


def test_a_service_gets_hours_of_its_own(client, company, service):
    sign_in(client, company, "owner")

    client.post(
        page("service_hours", company, service.pk), {"starts-0": ["10:00"], "ends-0": ["12:00"]}
    )

    own = WeeklyHours.objects.filter(offering=service)
    assert list(own.values_list("weekday", "starts", "ends")) == [(0, 600, 720)]
    assert "Weekly hours" in client.get(page("service", company, service.pk)).text
