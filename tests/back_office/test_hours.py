"""Weekly hours, special days and time off: of a provider, of oneself, of the company."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import at, book, sign_in, working_day
from factories import make_provider
from visavis.catalog.models import SpecialHours, TimeOff, WeeklyHours
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def hours_of(provider):
    rows = WeeklyHours.objects.filter(provider=provider).order_by("weekday", "starts")
    return list(rows.values_list("weekday", "starts", "ends"))


def next_year():
    return timezone.now().date() + timedelta(days=365)


def test_the_hours_of_a_week_are_saved(client, company, provider):
    sign_in(client, company, "owner")

    response = client.post(
        page("provider_hours", company, provider.pk),
        {"starts-0": ["09:00", "13:00"], "ends-0": ["12:00", "17:30"]},
    )

    assert response.url == page("provider_hours", company, provider.pk)
    assert hours_of(provider) == [(0, 540, 720), (0, 780, 1050)]


def test_rows_left_empty_do_not_count(client, company, provider):
    sign_in(client, company, "owner")

    client.post(
        page("provider_hours", company, provider.pk),
        {"starts-0": ["", "09:00"], "ends-0": ["", "12:00"]},
    )

    assert hours_of(provider) == [(0, 540, 720)]


@pytest.mark.parametrize(
    ("typed", "interval"),
    [
        ({"starts-4": ["20:00"], "ends-4": ["00:00"]}, (4, 1200, 1440)),
        ({"starts-4": ["00:00"], "ends-4": ["00:00"]}, (4, 0, 1440)),
        ({"starts-4": ["20:00"], "ends-4": ["02:00"], "overnight-4": ["0"]}, (4, 1200, 1560)),
    ],
)
def test_hours_may_last_to_midnight_and_beyond(client, company, provider, typed, interval):
    sign_in(client, company, "owner")

    client.post(page("provider_hours", company, provider.pk), typed)

    assert hours_of(provider) == [interval]


@pytest.mark.parametrize(
    "typed",
    [
        {"starts-1": ["17:00"], "ends-1": ["09:00"]},
        {"starts-1": ["09:00"], "ends-1": [""]},
        {"starts-1": ["nine"], "ends-1": ["17:00"]},
        {"starts-1": ["09:00", "11:00"], "ends-1": ["12:00", "13:00"]},
        {
            "starts-1": ["20:00"],
            "ends-1": ["03:00"],
            "overnight-1": ["0"],
            "starts-2": ["02:00"],
            "ends-2": ["04:00"],
        },
        {
            "starts-6": ["20:00"],
            "ends-6": ["03:00"],
            "overnight-6": ["0"],
            "starts-0": ["02:00"],
            "ends-0": ["04:00"],
        },
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_row(client, company, provider, typed):
    sign_in(client, company, "owner")
    before = hours_of(provider)

    response = client.post(page("provider_hours", company, provider.pk), typed)

    assert response.status_code == 422
    assert response.text.count('class="hours-error"') == 1
    assert hours_of(provider) == before


def test_what_was_typed_stays_when_it_is_refused(client, company, provider):
    sign_in(client, company, "owner")

    response = client.post(
        page("provider_hours", company, provider.pk), {"starts-1": ["17:00"], "ends-1": ["09:12"]}
    )

    assert 'value="17:00"' in response.text
    assert 'value="09:12"' in response.text


def rows_after(client, company, provider, data):
    response = client.post(page("provider_hours", company, provider.pk), data)
    assert response.status_code == 200
    days = response.context["week"].days
    return {day.key: [(row.starts, row.ends) for row in day.rows] for day in days if day.rows}


def test_rows_are_added_removed_and_copied_without_javascript(client, company, provider):
    sign_in(client, company, "owner")
    typed = {"starts-0": ["09:00", "13:00"], "ends-0": ["12:00", "17:00"]}
    before = hours_of(provider)

    added = rows_after(client, company, provider, typed | {"add": "5"})
    removed = rows_after(client, company, provider, typed | {"remove": "0-1"})
    copied = rows_after(client, company, provider, typed | {"copy": "0", "copy-0": ["2", "6"]})

    assert added == {"0": [("09:00", "12:00"), ("13:00", "17:00")], "5": [("", "")]}
    assert removed == {"0": [("09:00", "12:00")]}
    assert set(copied) == {"0", "2", "6"}
    assert copied["6"] == copied["0"]
    assert hours_of(provider) == before


@pytest.mark.parametrize("nonsense", [{"add": "9"}, {"remove": "0-77"}, {"remove": "x"}])
def test_buttons_that_do_not_exist_do_nothing(client, company, provider, nonsense):
    sign_in(client, company, "owner")

    response = client.post(page("provider_hours", company, provider.pk), nonsense)

    assert response.status_code == 200


def test_somebody_edits_their_own_hours_and_nobody_elses(client, company, provider):
    bea = make_provider(company, "Bea Demo")
    provider.member = sign_in(client, company, "provider")
    provider.save()

    client.post(page("my_hours", company), {"starts-0": ["10:00"], "ends-0": ["11:00"]})

    assert hours_of(provider) == [(0, 600, 660)]
    assert client.get(page("provider_hours", company, bea.pk)).status_code == 403


def test_a_member_who_is_no_provider_has_no_hours(client, company):
    sign_in(client, company, "provider")

    assert client.get(page("my_hours", company)).status_code == 404


def test_the_company_has_hours_of_its_own(client, company, provider):
    sign_in(client, company, "owner")
    before = hours_of(provider)

    client.post(page("company_hours", company), {"starts-0": ["08:00"], "ends-0": ["20:00"]})

    own = WeeklyHours.objects.filter(company=company, provider=None, offering=None)
    assert list(own.values_list("weekday", "starts", "ends")) == [(0, 480, 1200)]
    assert hours_of(provider) == before


def test_a_special_day_is_closed_or_has_hours_of_its_own(client, company, provider):
    sign_in(client, company, "owner")
    url, day = page("special_days", company, provider.pk), next_year()

    client.post(url, {"day": day.isoformat(), "open": "no"})
    closed = list(SpecialHours.objects.values_list("day", "starts", "ends"))
    client.post(
        url,
        {
            "day": day.isoformat(),
            "open": "yes",
            "starts-special": ["10:00"],
            "ends-special": ["12:00"],
        },
    )

    assert closed == [(day, None, None)]
    assert list(SpecialHours.objects.values_list("day", "starts", "ends")) == [(day, 600, 720)]


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "", "open": "no"},
        {"day": "2001-01-01", "open": "no"},
        {"day": "2999-01-01", "open": "yes"},
        {"day": "2999-01-01", "open": "yes", "starts-special": ["12:00"], "ends-special": ["9"]},
    ],
)
def test_a_special_day_that_cannot_be_is_refused(client, company, provider, typed):
    sign_in(client, company, "owner")

    response = client.post(page("special_days", company, provider.pk), typed)

    assert response.status_code == 422
    assert not SpecialHours.objects.exists()


def test_a_special_day_is_taken_back(client, company, provider):
    sign_in(client, company, "owner")
    day = next_year()
    SpecialHours.objects.create(company=company, provider=provider, day=day)

    client.post(page("clear_special_day", company, provider.pk, day.isoformat()))

    assert not SpecialHours.objects.exists()


def test_a_day_that_is_no_day_is_not_found(client, company, provider):
    sign_in(client, company, "owner")

    response = client.post(page("clear_special_day", company, provider.pk, "tomorrow"))

    assert response.status_code == 404


def test_time_off_takes_whole_days_or_parts_of_them(client, company, provider):
    sign_in(client, company, "owner")
    url, day = page("provider_time_off", company, provider.pk), next_year()

    client.post(url, {"first_day": day, "last_day": day + timedelta(days=3), "reason": "Sea"})
    client.post(url, {"first_day": day, "from_time": "14:00", "to_time": "16:00"})

    rows = TimeOff.objects.order_by("pk").values_list("first_day", "starts", "last_day", "ends")
    assert list(rows) == [
        (day, 0, day + timedelta(days=3), 1440),
        (day, 840, day, 960),
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first_day": ""}, "first_day"),
        ({"first_day": "2999-05-02", "last_day": "2999-05-01"}, "last_day"),
        ({"first_day": "2999-05-02", "from_time": "16:00", "to_time": "14:00"}, "to_time"),
    ],
)
def test_time_off_that_cannot_be_is_refused(client, company, provider, typed, field):
    sign_in(client, company, "owner")

    response = client.post(page("provider_time_off", company, provider.pk), typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_time_off_says_how_many_bookings_lie_in_it(client, company, provider, service):
    sign_in(client, company, "owner")
    book(service, at(10)), book(service, at(15), name="Alan Demo")
    day = working_day()
    url = page("provider_time_off", company, provider.pk)

    response = client.post(url, {"first_day": day, "from_time": "14:00"}, follow=True)

    assert [absence.booked for absence in response.context["absences"]] == [1]
    assert "1 booking lies within this time" in response.text


def test_my_time_off_is_mine_to_take_back(client, company, provider):
    other = make_provider(company, "Bea Demo")
    provider.member = sign_in(client, company, "provider")
    provider.save()
    mine, theirs = (
        TimeOff.objects.create(
            company=company, provider=one, first_day=date(2999, 1, 1), last_day=date(2999, 1, 2)
        )
        for one in (provider, other)
    )

    refused = client.post(page("remove_my_time_off", company, theirs.pk))
    client.post(page("remove_my_time_off", company, mine.pk))

    assert refused.status_code == 404
    assert list(TimeOff.objects.all()) == [theirs]


def test_providers_of_other_companies_are_not_found(client, company, provider):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    for name in ("provider_hours", "special_days", "provider_time_off"):
        assert client.get(page(name, other, provider.pk)).status_code == 404
