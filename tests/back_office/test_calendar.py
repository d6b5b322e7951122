import json
from datetime import timedelta

import pytest
from django.utils.formats import reset_format_cache

from back_office.staff import at, book, sign_in, working_day
from factories import make_provider, make_service
from visavis.companies import features
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/calendar/"
EVENTS = "/office/willow/calendar/events/"


def events(client, **query):
    day = working_day()
    window = {"start": f"{day}T00:00:00", "end": f"{day + timedelta(days=1)}T00:00:00"}
    return json.loads(client.get(EVENTS, window | query).content)


def test_the_agenda_shows_the_days_appointments_with_their_zone(client, company, service):
    book(service)
    sign_in(client, company, "owner")

    page = client.get(PAGE, {"day": working_day()}).content.decode()

    assert "Grace Demo" in page
    assert "Paris time (UTC" in page


def strip(client, **query):
    return [each.day for each in client.get(PAGE, query).context["week"]]


def test_the_strip_above_the_agenda_is_the_week_around_its_day(client, company):
    monday, sunday = working_day(weekday=0), working_day(weekday=0) + timedelta(days=6)
    sign_in(client, company, "owner")

    for day in (monday, sunday):
        week = strip(client, day=day)
        assert (week[0], week[-1], len(week)) == (monday, sunday, 7)


@pytest.fixture
def _sunday_first(settings):
    """Without our own formats, Django's hold: its English week starts on Sunday."""
    settings.FORMAT_MODULE_PATH = None
    reset_format_cache()
    yield
    reset_format_cache()


@pytest.mark.usefixtures("_sunday_first")
def test_where_weeks_start_on_sunday_the_strip_does_too(client, company):
    sunday, saturday = working_day(weekday=6), working_day(weekday=6) + timedelta(days=6)
    sign_in(client, company, "owner")

    for day in (sunday, saturday):
        week = strip(client, day=day)
        assert (week[0], week[-1], len(week)) == (sunday, saturday, 7)


def test_an_event_has_wall_times_of_the_companys_zone(client, company, service, provider):
    booking = book(service, at(10))
    sign_in(client, company, "owner")

    (event,) = events(client)

    assert event["start"] == f"{working_day()}T10:00:00"
    assert event["resourceIds"] == [provider.pk]
    assert event["title"] == "Grace Demo"
    assert event["extendedProps"]["url"] == f"/office/willow/bookings/{booking.code}/"


def test_the_calendar_can_be_read_in_a_providers_zone(client, company):
    far = make_provider(company, "Far Demo", time_zone="America/New_York")
    book(make_service(company, "Talk", [far]), at(16))
    sign_in(client, company, "owner")

    (event,) = events(client, zone="America/New_York")

    assert event["start"][11:13] in ("09", "10", "11")
    assert events(client)[0]["start"][11:13] == "16"


def test_an_unknown_zone_is_the_companys(client, company, service):
    book(service, at(10))
    sign_in(client, company, "owner")

    (event,) = events(client, zone="Mars/Olympus")

    assert event["start"].endswith("T10:00:00")


def test_filters_let_only_the_chosen_service_through(client, company, provider, service):
    other = make_service(company, "Massage", [provider])
    book(service, at(10))
    book(other, at(11), "Alan Demo")
    sign_in(client, company, "owner")

    titles = [event["title"] for event in events(client, offering=other.pk)]

    assert titles == ["Alan Demo"]


def test_filters_find_the_online_meetings(client, company, provider, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    online = make_service(company, "Video talk", [provider], online=True)
    book(service, at(10))
    book(online, at(11), "Alan Demo")
    sign_in(client, company, "owner")

    (event,) = events(client, offering="online")

    assert event["title"] == "Alan Demo"
    assert event["extendedProps"]["online"] is True


def test_filters_of_another_company_are_passed_over(client, company, service):
    stranger = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    theirs = make_provider(stranger, "Strange Demo")
    make_provider(company, "Bea Demo")
    book(service)
    sign_in(client, company, "owner")

    assert len(events(client, provider=theirs.pk)) == 1


def test_where_there_is_one_calendar_nobody_chooses_among_providers(client, company, provider):
    other = make_provider(company, "Bea Demo")
    sign_in(client, company, "owner")
    assert 'name="provider"' in client.get(PAGE).text

    other.member = sign_in(client, company, "provider")
    other.save()

    assert 'name="provider"' not in client.get(PAGE).text


def test_a_provider_sees_only_their_own_appointments(client, company, provider, service):
    other = make_provider(company, "Bea Demo")
    book(service, at(10))
    book(make_service(company, "Talk", [other]), at(10), "Alan Demo")
    provider.member = sign_in(client, company, "provider")
    provider.save()

    assert [event["title"] for event in events(client)] == ["Grace Demo"]
    assert "Alan Demo" not in client.get(PAGE, {"day": working_day()}).content.decode()


def test_a_group_is_one_event_with_its_places(client, company, provider):
    yoga = make_service(company, "Yoga", [provider], seats=8)
    book(yoga)
    book(yoga, name="Alan Demo")
    sign_in(client, company, "owner")

    (event,) = events(client)

    assert (event["title"], event["extendedProps"]["detail"]) == ("Yoga", "2 of 8 places")


def test_a_viewer_cannot_drag(client, company, service):
    book(service)
    sign_in(client, company, "viewer")

    (event,) = events(client)

    assert event["editable"] is False


def test_the_window_is_bounded(client, company, service):
    book(service, at(10, day=working_day(weeks=1)))
    sign_in(client, company, "owner")

    found = events(client, start="1990-01-01T00:00:00", end="2190-01-01T00:00:00")

    assert found == []


@pytest.mark.parametrize(
    "query",
    [
        {"day": "nonsense", "view": "x", "provider": "x", "offering": "99999999"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31", "provider": "9" * 40},
    ],
)
def test_a_wrong_address_shows_the_defaults(client, company, query):
    sign_in(client, company, "owner")

    assert client.get(PAGE, query).status_code == 200


@pytest.mark.parametrize("start", ["", "x", "2027-13-45T00:00:00", "0001-01-01T00:00:00"])
def test_a_wrong_window_takes_its_default(client, company, start):
    sign_in(client, company, "owner")

    assert client.get(EVENTS, {"start": start, "end": start}).status_code == 200


@pytest.mark.parametrize("number", [1, 6])
def test_events_take_the_same_queries_however_many_there_are(
    client, company, provider, django_assert_num_queries, number
):
    service = make_service(company, "Short talk", [provider], duration_minutes=30)
    for place in range(number):
        book(service, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    # Session, user, member; providers, offerings; appointments, bookings.
    with django_assert_num_queries(7):
        assert len(events(client)) == number


def test_strangers_learn_nothing(client, company, service):
    stranger = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    sign_in(client, stranger, "owner")

    assert client.get(PAGE).status_code == 404
    assert client.get(EVENTS).status_code == 404


def test_the_calendar_asks_for_a_sign_in(client, company):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
