"""The page that says why a time is not free, and what can be done about it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from back_office.staff import PARIS, at, book, sign_in, working_day
from factories import make_provider, make_service
from gateways.zoom_simulator import LIAM
from visavis.bookings.models import Appointment
from visavis.catalog import operations as catalog
from visavis.catalog.models import ClassSchedule, TimeOff
from visavis.catalog.operations import Hours, Interval
from visavis.core.holidays import public_holidays
from visavis.core.refusals import Refusal
from visavis.meetings.models import MeetingProvider

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/why-not/"


def ask(client, asked_offering, moment=None, **query):
    local = (moment or at(10)).astimezone(PARIS)
    asked = {
        "offering": asked_offering.pk,
        "day": local.date(),
        "time": local.strftime("%H:%M"),
        "places": 1,
        "zone": "Europe/Paris",
    }
    return client.get(PAGE, asked | query)


def reasons(response):
    """What is said of each provider, by name."""
    return {
        shown.answer.provider.name: list(shown.answer.reasons)
        for shown in response.context["answers"]
    }


def links(response):
    return [
        cure.url
        for shown in response.context["answers"]
        for reason in shown.reasons
        for cure in reason.cures
    ]


def url(name, *args):
    return reverse(f"back_office:{name}", args=["willow", *args])


def test_the_page_asks_before_it_answers(client, company, service):
    sign_in(client, company, "owner")

    response = client.get(PAGE, {"offering": service.pk, "day": "2027-03-02"})

    assert response.status_code == 200
    assert "answers" not in response.context
    assert 'value="2027-03-02"' in response.text


def test_a_free_time_can_be_booked_at_once(client, company, service):
    sign_in(client, company, "owner")

    response = ask(client, service)

    assert reasons(response) == {"Ada Demo": []}
    (shown,) = response.context["answers"]
    times = client.get(shown.book_url).context["form"].chosen
    assert times == at(10).isoformat(timespec="minutes")


def test_each_provider_has_reasons_of_their_own(client, company, service, provider):
    sign_in(client, company, "owner")
    bea, cyd = make_provider(company, "Bea Demo"), make_provider(company, "Cyd Demo")
    service.providers.add(bea, cyd)
    book(service, at(10), provider=provider)
    TimeOff.objects.create(
        company=company, provider=bea, first_day=working_day(), last_day=working_day()
    )

    response = ask(client, service)

    assert reasons(response) == {
        "Ada Demo": [Refusal.TAKEN],
        "Bea Demo": [Refusal.TIME_OFF],
        "Cyd Demo": [],
    }
    assert url("provider_time_off", bea.pk) in links(response)
    assert "Grace Demo" in response.text


def test_one_provider_alone_can_be_asked_about(client, company, service, provider):
    sign_in(client, company, "owner")
    service.providers.add(make_provider(company, "Bea Demo"))

    assert list(reasons(ask(client, service, provider=provider.pk))) == ["Ada Demo"]


@pytest.mark.parametrize(
    ("moment", "why", "page"),
    [
        (at(20), Refusal.PROVIDER_NOT_WORKING, "provider_hours"),
        (at(16, 45), Refusal.DOES_NOT_FIT, "provider_hours"),
        (at(10, 10), Refusal.OFF_GRID, "service"),
        (at(10, day=working_day(weeks=20)), Refusal.TOO_FAR_AHEAD, "booking_rules"),
    ],
)
def test_rules_can_be_set_aside_and_lead_to_where_they_are_made(
    client, company, service, provider, moment, why, page
):
    sign_in(client, company, "owner")

    response = ask(client, service, moment)

    assert why in reasons(response)["Ada Demo"]
    owned = {"provider_hours": [provider.pk], "service": [service.pk], "booking_rules": []}
    assert url(page, *owned[page]) in links(response)
    assert "Book anyway" in response.text


def test_the_time_that_has_passed_can_be_asked_about_too(client, company, service):
    sign_in(client, company, "owner")

    response = ask(client, service, at(10) - timedelta(weeks=4))

    assert reasons(response)["Ada Demo"] == [Refusal.IN_THE_PAST]


@pytest.mark.parametrize("whose", ["company", "provider", "service"])
def test_a_closed_day_leads_to_the_page_of_whoever_closed_it(
    client, company, service, provider, whose
):
    sign_in(client, company, "owner")
    owner, page = {
        "company": (Hours(company), url("company_special_days")),
        "provider": (Hours(company, provider), url("special_days", provider.pk)),
        "service": (Hours(company, offering=service), url("service_special_days", service.pk)),
    }[whose]
    catalog.set_special_day(owner, working_day(), [])

    response = ask(client, service)

    assert reasons(response)["Ada Demo"] == [Refusal.SPECIAL_DAY_CLOSED]
    assert links(response) == [page]


def test_who_closes_for_one_reason_together_is_named_once(client, company, service, provider):
    sign_in(client, company, "owner")
    for owner in (Hours(company), Hours(company, provider)):
        catalog.set_special_day(owner, working_day(), [])

    response = ask(client, service)

    assert reasons(response)["Ada Demo"] == [Refusal.SPECIAL_DAY_CLOSED]
    assert links(response) == [url("company_special_days"), url("special_days", provider.pk)]


def test_a_public_holiday_is_named_in_the_readers_language(client, company, service):
    sign_in(client, company, "owner")
    today = datetime.now(PARIS).date()
    years = [today.year, today.year + 1]
    named = public_holidays("FR", None, years, language="fr")
    day = next(day for day in named if day > today and day.weekday() < 5)
    catalog.set_holidays(Hours(company), country="FR")
    moment = at(10, day=day)

    english = ask(client, service, moment)
    client.cookies["django_language"] = "fr"
    french = ask(client, service, moment)

    assert Refusal.PUBLIC_HOLIDAY in reasons(english)["Ada Demo"]
    assert url("company_holidays") in links(english)
    assert named[day] not in english.text
    assert named[day].replace("'", "&#x27;") in french.text


def test_a_neighbours_buffer_shows_the_neighbour(client, company, provider):
    sign_in(client, company, "owner")
    talk = make_service(company, "Talk", [provider], buffer_after_minutes=15, step_minutes=15)
    booking = book(talk, at(10))

    response = ask(client, talk, at(10, 30))

    assert reasons(response)["Ada Demo"] == [Refusal.BUFFER]
    assert booking.code in response.text
    assert "Book anyway" in response.text


def test_a_full_day_leads_to_its_limit(client, company, provider):
    sign_in(client, company, "owner")
    talk = make_service(company, "Talk", [provider], day_limit=1)
    book(talk, at(9))

    response = ask(client, talk, at(15))

    assert reasons(response)["Ada Demo"] == [Refusal.DAY_LIMIT_REACHED]
    assert links(response) == [url("service", talk.pk)]


def test_a_full_class_shows_its_session_and_cannot_be_booked_anyway(client, company, provider):
    sign_in(client, company, "owner")
    yoga = make_service(company, "Yoga", [provider], kind="class", seats=2)
    schedule = ClassSchedule.objects.create(
        offering=yoga, provider=provider, first_day=working_day(), starts=600
    )
    session = Appointment.objects.create(
        company=company, offering=yoga, provider=provider, schedule=schedule, starts_at=at(10),
        ends_at=at(11), blocked_from=at(10), blocked_until=at(11), seats=2, created_at=at(9),
    )  # fmt: skip
    book(yoga, at(10), places=1), book(yoga, at(10), name="Alan Demo")

    response = ask(client, yoga)
    elsewhere = ask(client, yoga, at(14))

    assert reasons(response)["Ada Demo"] == [Refusal.NOT_ENOUGH_SEATS]
    assert url("appointment", session.pk) in response.text
    assert "Book anyway" not in response.text
    assert reasons(elsewhere)["Ada Demo"] == [Refusal.NO_SESSION]
    assert links(elsewhere) == [url("sessions", yoga.pk)]


def test_a_meeting_host_that_two_share_is_busy_for_the_other(client, company, online, provider):
    sign_in(client, company, "owner")
    bea = make_provider(company, "Bea Demo")
    online.providers.add(bea)
    MeetingProvider.objects.create(provider=bea, platform="zoom", host_id=LIAM)
    booking = book(online, at(10), provider=provider)

    response = ask(client, online, provider=bea.pk)

    assert reasons(response) == {"Bea Demo": [Refusal.MEETING_HOST_BUSY]}
    assert url("meeting_providers") in links(response)
    assert booking.code in response.text


def test_the_nearest_free_times_are_offered(client, company, service):
    sign_in(client, company, "owner")
    book(service, at(10))

    (shown,) = ask(client, service).context["answers"]

    assert [start for _url, start in shown.nearest] == [at(9), at(9, 30), at(10, 30)]


def test_a_provider_sees_their_own_calendar_and_nobody_elses(client, company, service, provider):
    service.providers.add(make_provider(company, "Bea Demo"))
    provider.member = sign_in(client, company, "provider")
    provider.save()

    response = ask(client, service, at(20))

    assert list(reasons(response)) == ["Ada Demo"]
    assert links(response) == [url("my_hours")]


def test_cures_are_for_those_who_may_apply_them(client, company, service):
    sign_in(client, company, "receptionist")

    response = ask(client, service, at(20))

    assert reasons(response)["Ada Demo"] == [Refusal.PROVIDER_NOT_WORKING]
    assert links(response) == []
    assert "Book anyway" in response.text


def test_what_nobody_provides_is_said(client, company):
    sign_in(client, company, "owner")

    assert "Nobody provides this" in ask(client, make_service(company, "Talk", [])).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2027-02-30"}, "day"),
        ({"day": "1027-02-03"}, "day"),
        ({"time": "25:00"}, "time"),
        ({"places": "0"}, "places"),
        ({"offering": "999"}, "offering"),
        ({"zone": "Europe/Atlantis"}, "zone"),
    ],
)
def test_a_question_that_makes_no_sense_is_not_answered(client, company, service, typed, field):
    sign_in(client, company, "owner")

    response = ask(client, service, **typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_providers_cost_no_further_queries(client, company, service, provider):
    sign_in(client, company, "owner")

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(client, service)
        return len(queries)

    alone = count()
    service.providers.add(*(make_provider(company, f"P{number} Demo") for number in range(6)))
    assert count() == alone


def test_the_answer_agrees_with_what_is_offered(client, company, service):
    sign_in(client, company, "owner")
    service.day_limit, service.buffer_before_minutes = 3, 20
    service.save()
    catalog.set_weekly_hours(Hours(company), {1: [Interval(585, 720), Interval(800, 960)]})
    book(service, at(10, 45))

    offered = {
        moment
        for quarter in range(96)
        for moment in [at(quarter // 4, quarter % 4 * 15)]
        if not reasons(ask(client, service, moment))["Ada Demo"]
    }

    times = client.get(f"/office/willow/bookings/new/?offering={service.pk}&day={working_day()}")
    assert offered == {
        start
        for start in times.context["times"].moments
        if start.astimezone(PARIS).minute % 15 == 0
    }
    assert offered
