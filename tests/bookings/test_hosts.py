"""Two providers who meet clients as one Zoom user: that user leads one meeting at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings import availability, queries, sessions
from visavis.bookings.actors import by_client
from visavis.bookings.availability import Question
from visavis.bookings.clashes import clashes, clashes_with
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.catalog.models import ClassSchedule
from visavis.companies import features
from visavis.core.refusals import Refusal
from visavis.meetings.models import MeetingProvider, MeetingSettings, Platform

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def other(company):
    return make_provider(company, "Bea Demo")


@pytest.fixture
def one_host(company, provider, other):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    for each in (provider, other):
        meet_as(each, "one-host")


@pytest.fixture
def talk(company, provider):
    return make_service(company, "Talk", [provider], online=True)


@pytest.fixture
def yoga(company, other):
    return make_service(company, "Yoga", [other], kind="class", seats=8, online=True)


def meet_as(provider, host):
    MeetingProvider.objects.update_or_create(
        provider=provider, defaults={"platform": Platform.ZOOM, "host_id": host}
    )


def every_day_at_ten(yoga, provider, now):
    schedule = ClassSchedule(
        offering=yoga,
        provider=provider,
        first_day=date(2027, 3, 2),
        last_day=date(2027, 3, 2),
        starts=600,
        rule="FREQ=DAILY",
    )
    return sessions.save_schedule(schedule, now=now).made


def book(offering, now, name="Grace"):
    return making.book(
        Wish(offering=offering, starts_at=TEN),
        ClientDetails(name=name, email=f"{name.lower()}@example.com", time_zone="Europe/Paris"),
        by=by_client(name),
        now=now,
    )


def free(offering, now):
    question = Question(offering=offering, places=1, now=now)
    since, until = availability.day_bounds(date(2027, 3, 2), date(2027, 3, 2), TEN.tzinfo)
    providers = list(offering.providers.all())
    return queries.free_starts(question, providers, since=since, until=until)


def test_an_online_session_that_nobody_booked_yet_keeps_its_host(one_host, talk, yoga, other, now):
    every_day_at_ten(yoga, other, now)

    assert TEN not in free(talk, now)
    with pytest.raises(StartRefused) as refused:
        book(talk, now)
    assert refused.value.why == Refusal.MEETING_HOST_BUSY


def test_sessions_are_joined_in_spite_of_their_own_meeting(one_host, yoga, other, now):
    every_day_at_ten(yoga, other, now)

    assert book(yoga, now).appointment.pk == book(yoga, now, "Alan").appointment.pk
    assert free(yoga, now) == [TEN]


def test_no_session_is_made_while_its_host_leads_another_meeting(one_host, talk, yoga, other, now):
    book(talk, now)

    made = every_day_at_ten(yoga, other, now)

    assert (made.sessions, made.skipped) == ([], [TEN])


def test_a_session_that_is_not_online_needs_no_host(one_host, talk, yoga, other, now):
    yoga.online = False
    yoga.save()
    book(talk, now)

    assert every_day_at_ten(yoga, other, now).skipped == []


def test_nobody_joins_a_session_whose_host_was_given_to_another_meeting(
    one_host, talk, yoga, other, now
):
    meet_as(other, "host-of-her-own")
    every_day_at_ten(yoga, other, now)
    book(talk, now)
    meet_as(other, "one-host")

    assert free(yoga, now) == []
    with pytest.raises(StartRefused) as refused:
        book(yoga, now)
    assert refused.value.why == Refusal.MEETING_HOST_BUSY
    assert Appointment.objects.get(offering=yoga).seats_taken == 0


def test_a_host_who_may_lead_two_meetings_is_busy_from_the_second_on(
    company, one_host, talk, provider, other, now
):
    MeetingSettings.objects.create(company=company, meetings_at_once=2)
    third = make_provider(company, "Cleo Demo")
    meet_as(third, "one-host")
    talk.providers.add(other, third)

    assert book(talk, now).appointment.provider != book(talk, now, "Alan").appointment.provider
    assert TEN not in free(talk, now)
    with pytest.raises(StartRefused) as refused:
        book(talk, now, "Ed")
    assert refused.value.why == Refusal.MEETING_HOST_BUSY


def test_sessions_of_one_host_are_joined_up_to_as_many_as_it_may_lead(
    company, one_host, talk, yoga, other, now
):
    MeetingSettings.objects.create(company=company, meetings_at_once=2)
    every_day_at_ten(yoga, other, now)
    book(talk, now)

    assert free(yoga, now) == [TEN]


def ends_of(found):
    return [(one.offering.name, one.starts_at) for one in found]


def test_switching_an_offering_on_would_give_a_host_two_meetings(
    company, one_host, talk, other, now
):
    advice = make_service(company, "Advice", [other])
    book(talk, now), book(advice, now, "Alan")

    assert clashes(company, now=now) == []
    assert ends_of(clashes_with(advice, now=now)) == [("Talk", TEN), ("Advice", TEN)]


def test_what_a_host_may_lead_at_a_time_is_no_clash(company, one_host, talk, other, now):
    MeetingSettings.objects.create(company=company, meetings_at_once=2)
    advice = make_service(company, "Advice", [other])
    book(talk, now), book(advice, now, "Alan")

    assert clashes_with(advice, now=now) == []


def test_a_host_given_to_somebody_else_too_is_seen_to_clash(company, one_host, talk, other, now):
    meet_as(other, "host-of-her-own")
    talk.providers.add(other)
    book(talk, now), book(talk, now, "Alan")
    meet_as(other, "one-host")

    assert ends_of(clashes(company, now=now)) == [("Talk", TEN), ("Talk", TEN)]
    assert clashes(company, now=TEN + timedelta(minutes=30)) == []
