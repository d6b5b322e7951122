import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from booking_site.visits import ALAN, at, book, typed, url
from factories import make_provider, make_service
from visavis.bookings.models import Appointment
from visavis.catalog.models import Offering, TimeOff, WeeklyHours
from visavis.companies import features
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db


def times(response):
    """Return the clock times of the slots that can be chosen."""
    picker = response.context["picker"]
    zone = ZoneInfo(picker.zone)
    return [f"{slot.starts_at.astimezone(zone):%H:%M}" for slot in picker.slots if slot.url]


def on(offering, day, **query):
    return url("offering", offering.company, offering.slug, day=f"{day:%Y-%m-%d}", **query)


def make_session(offering, provider, start, seats=5, taken=0):
    ends = start + timedelta(minutes=offering.duration_minutes)
    return Appointment.objects.create(
        company=offering.company,
        offering=offering,
        provider=provider,
        starts_at=start,
        ends_at=ends,
        blocked_from=start,
        blocked_until=ends,
        seats=seats,
        seats_taken=taken,
        created_at=timezone.now(),
    )


def test_a_day_lists_its_free_times_and_leads_to_the_form(client, company, service, ten):
    book(service, ten)

    response = client.get(on(service, ten))

    shown = times(response)
    assert shown[:2] == ["09:00", "09:30"]
    assert "10:00" not in shown
    assert url("details", company, service.slug, at(9)) in response.content.decode()


def test_who_comes_without_a_wish_sees_the_first_free_day(client, company, service):
    response = client.get(url("offering", company, service.slug))

    assert response.context["picker"].slots
    assert response.context["picker"].day >= timezone.now().date()


@pytest.mark.parametrize(
    "query",
    [
        {"day": "yesterday"},
        {"day": "2001-02-30"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"month": "9999-99"},
        {"month": "2020-01"},
        {"after": "never"},
        {"provider": "no-one", "places": "many"},
        {"provider": "999999999999999999999999", "places": "-3"},
        {"places": "²"},
    ],
)
def test_nonsense_in_the_address_counts_as_no_wish(client, company, service, query):
    response = client.get(url("offering", company, service.slug, **query))

    assert response.status_code == 200
    assert times(response)


def test_any_provider_is_free_when_one_of_them_is(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])
    book(service, ten, provider=provider)

    anybody = client.get(on(service, ten))
    ada = client.get(on(service, ten, provider=provider.pk))

    assert "10:00" in times(anybody)
    assert "10:00" not in times(ada)


def test_a_chosen_provider_goes_along_to_the_form(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])

    response = client.get(on(service, ten, provider=other.pk))

    [slot, *_rest] = response.context["picker"].slots
    assert slot.url.endswith(f"?provider={other.pk}")


def test_the_month_is_kept_when_another_provider_is_chosen(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])
    month = f"{ten:%Y-%m}"

    response = client.get(url("offering", company, service.slug, month=month))

    choices = response.context["choices"]
    assert [choice.provider for choice in choices] == [None, provider, other]
    assert choices[2].url == url("offering", company, service.slug, provider=other.pk, month=month)


def test_times_are_shown_in_the_visitors_zone(client, company, service, ten):
    chosen = client.post(
        url("time_zone", company), {"time_zone": "America/New_York", "next": on(service, ten)}
    )

    response = client.get(chosen["Location"])

    assert times(response)[0] == f"{at(9).astimezone(ZoneInfo('America/New_York')):%H:%M}"
    assert "New York time" in response.content.decode()


def test_an_unknown_zone_is_rejected(client, company):
    response = client.post(url("time_zone", company), {"time_zone": "Europe/Atlantis"})

    assert response.status_code == 422
    assert "time_zone" not in client.session


def test_choosing_a_zone_never_leads_to_another_site(client, company):
    response = client.post(
        url("time_zone", company), {"time_zone": "UTC", "next": "https://evil.example/"}
    )

    assert response["Location"] == url("offerings", company)


def test_a_full_day_names_the_next_free_date(client, company, provider, service, ten):
    day = ten.date()
    TimeOff.objects.create(company=company, provider=provider, first_day=day, last_day=day)

    response = client.get(on(service, ten))

    assert "no free time on this day" in response.content.decode()
    assert response.context["picker"].next_day == day + timedelta(days=1) or (
        response.context["picker"].search_url
    )


def test_a_far_free_date_is_found_on_demand(client, company, provider, service, ten):
    away = timezone.now().date()
    TimeOff.objects.create(
        company=company, provider=provider, first_day=away, last_day=away + timedelta(days=50)
    )
    month = f"{away:%Y-%m}"

    empty = client.get(url("offering", company, service.slug, month=month))
    found = client.get(empty.context["picker"].search_url)

    assert not empty.context["picker"].slots
    assert found.context["picker"].day > away + timedelta(days=50)
    assert times(found)


def test_when_nothing_is_free_any_more_the_page_says_so(client, company, provider, service):
    WeeklyHours.objects.all().delete()

    response = client.get(
        url("offering", company, service.slug, after=f"{timezone.now():%Y-%m-%d}")
    )

    assert "There is no free time until" in response.content.decode()
    assert not response.context["picker"].search_url


def test_a_group_shows_the_places_left(client, company, provider, ten):
    group = make_service(company, "Circle", [provider], seats=3, places_max=2)
    book(group, ten, places=2)

    one = client.get(on(group, ten)).context["picker"].slots
    two = client.get(on(group, ten, places=2)).context["picker"].slots

    left = {slot.starts_at: (slot.seats_left, bool(slot.url)) for slot in one}
    assert (left[at(9)], left[ten]) == ((3, True), (1, True))
    left = {slot.starts_at: (slot.seats_left, bool(slot.url)) for slot in two}
    assert (left[at(9)], left[ten]) == ((3, True), (1, False))


def test_a_class_lists_its_sessions_and_says_which_are_full(client, company, provider, ten):
    yoga = make_service(company, "Yoga", [provider], kind="class", seats=5)
    make_session(yoga, provider, ten, taken=2)
    make_session(yoga, provider, at(18), taken=5)

    response = client.get(on(yoga, ten))

    slots = response.context["picker"].slots
    assert [(slot.seats_left, bool(slot.url)) for slot in slots] == [(3, True), (0, False)]
    assert "Full" in response.content.decode()


def test_a_class_with_full_sessions_only_says_so(client, company, provider, ten):
    yoga = make_service(company, "Yoga", [provider], kind="class", seats=5)
    make_session(yoga, provider, ten, taken=5)

    response = client.get(url("offering", company, yoga.slug, month=f"{ten:%Y-%m}"))

    assert "All sessions are full" in response.content.decode()


def test_classes_cannot_be_booked_while_their_feature_is_off(client, company, provider):
    yoga = make_service(company, "Yoga", [provider], kind="class", seats=5)
    features.switch(company, features.CLASSES, on=False)

    assert client.get(url("offering", company, yoga.slug)).status_code == 404


def test_an_offering_without_providers_says_so(client, company):
    orphan = make_service(company, "Orphan", [])

    page = client.get(url("offering", company, orphan.slug)).content.decode()

    assert "cannot be booked online at the moment" in page


def test_htmx_gets_the_picker_alone(client, service, ten):
    response = client.get(on(service, ten), headers={"HX-Request-Type": "partial"})

    page = response.content.decode()
    assert '<div class="picker" id="picker"' in page
    assert "<html" not in page
    assert "HX-Request-Type" in response["Vary"]


def test_the_picker_asks_the_same_number_of_questions_whatever_it_shows(
    client, company, provider, ten, django_assert_max_num_queries
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service = make_service(company, "Talk", [provider], online=True)
    with django_assert_max_num_queries(11):
        client.get(on(service, ten))

    for number in range(4):
        other = make_provider(company, f"Provider{number} Demo")
        service.providers.add(other)
        book(service, ten, ALAN, provider=other)
    after = f"{timezone.now():%Y-%m-%d}"
    with django_assert_max_num_queries(11):
        client.get(url("offering", company, service.slug, after=after))


def test_a_visitor_who_only_looks_gets_no_session(client, company, service):
    client.get(url("offering", company, service.slug))

    assert "sessionid" not in client.cookies


def test_services_of_inactive_providers_are_not_offered(client, company, provider, service, ten):
    provider.active = False
    provider.save()

    assert "cannot be booked" in client.get(on(service, ten)).content.decode()


def test_a_booking_made_in_the_last_second_is_refused_in_words(client, company, service, ten):
    Offering.objects.update(day_limit=1)
    book(service, at(9))

    response = client.post(url("details", company, service.slug, ten), typed())

    assert response.status_code == 422
    assert "fully booked" in response.content.decode()


def test_the_horizon_bounds_the_months(client, company, service):
    Company.objects.update(horizon_days=5)

    response = client.get(url("offering", company, service.slug))

    assert response.context["picker"].last <= timezone.now().date() + timedelta(days=6)


def test_all_the_javascript_of_a_page_weighs_60_kilobytes_at_most(client, company, service):
    page = client.get(url("offering", company, service.slug)).content.decode()
    scripts = re.findall(r'<script src="/static/([^"]+)"', page)
    [entry] = [Path(finders.find(name)) for name in scripts if name.endswith("design.js")]

    files = {Path(finders.find(name)) for name in scripts} | set(entry.parent.glob("*.js"))

    assert len(files) > 2
    assert sum(file.stat().st_size for file in files) <= 60_000


def test_an_inactive_offering_is_not_found(client, company, provider):
    old = make_service(company, "Old talk", [provider], active=False)

    assert client.get(url("offering", company, old.slug)).status_code == 404


def test_a_start_that_is_full_at_one_provider_and_free_at_another_is_free(
    client, company, provider, ten
):
    other = make_provider(company, "Bea Demo")
    group = make_service(company, "Circle", [provider, other], seats=2, places_max=2)
    book(group, ten, places=2, provider=provider)

    slots = client.get(on(group, ten)).context["picker"].slots

    assert [bool(slot.url) for slot in slots if slot.starts_at == ten] == [True]
