"""Classes, their schedules and their sessions."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import PARIS, at, book, sign_in
from factories import make_provider, make_service
from visavis.back_office.recurrences import choice_of, in_words, rule_of
from visavis.bookings.models import Appointment, Booking
from visavis.catalog.models import ClassSchedule, Offering, TimeOff
from visavis.companies.models import Company
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def yoga(company):
    return make_service(
        company, "Yoga", [], kind="class", seats=8, duration_minutes=60, horizon_days=21
    )


@pytest.fixture
def typed(provider):
    tomorrow = timezone.now().date() + timedelta(days=1)
    return {
        "provider": provider.pk,
        "repeats": "weekly",
        "weekdays": ["0", "3"],
        "every": "1",
        "at": "18:00",
        "first_day": tomorrow.isoformat(),
        "last_day": "",
    }


@pytest.fixture
def scheduled(client, company, yoga, typed):
    sign_in(client, company, "scheduling_administrator")
    client.post(page("new_class_schedule", company, yoga.pk), typed)
    return ClassSchedule.objects.get()


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def coming():
    return Appointment.objects.active().order_by("starts_at")


def test_a_new_class_has_seats_and_is_not_online(client, company):
    sign_in(client, company, "owner")

    client.post(
        page("new_class", company),
        {
            "name": "Yoga",
            "duration_minutes": "60",
            "buffer_before_minutes": "0",
            "buffer_after_minutes": "0",
            "seats": "8",
            "places_max": "2",
            "listed": "on",
        },
    )

    made = Offering.objects.get()
    assert (made.kind, made.seats, made.places_max, made.online) == ("class", 8, 2, False)


def test_the_switch_of_a_class_says_class(client, company, yoga):
    sign_in(client, company, "owner")

    text = client.get(page("class", company, yoga.pk)).text

    assert "Enable as online meeting class" in text


def test_a_schedule_makes_sessions_and_its_provider_offers_the_class(scheduled, yoga, provider):
    assert scheduled.rule == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert {one.starts_at.weekday() for one in coming()} == {0, 3}
    assert coming().count() in (6, 5)
    assert list(yoga.providers.all()) == [provider]


def test_clients_join_a_session(scheduled, yoga):
    session = coming()[1]

    booking = book(yoga, session.starts_at)

    assert booking.appointment == session


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"at": "later"}, "at"),
        ({"every": "0"}, "every"),
        ({"repeats": "hourly"}, "repeats"),
        ({"last_day": "2001-01-01"}, "last_day"),
        ({"provider": "999"}, "provider"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(client, company, yoga, typed, changed, field):
    sign_in(client, company, "owner")

    response = client.post(page("new_class_schedule", company, yoga.pk), typed | changed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ClassSchedule.objects.exists()


def test_a_session_that_would_overlap_is_left_out_and_reported(
    client, company, yoga, typed, scheduled
):
    other = make_service(company, "Pilates", [], kind="class", seats=8, horizon_days=21)

    response = client.post(
        page("new_class_schedule", company, other.pk), typed | {"weekdays": ["0"]}, follow=True
    )

    assert "left out because" in response.text
    assert not other.appointments.exists()
    assert response.context["left_out"]


def test_a_changed_schedule_says_which_sessions_stay(client, company, yoga, typed, scheduled):
    kept = book(yoga, coming()[1].starts_at).appointment

    response = client.post(
        page("class_schedule", company, yoga.pk, scheduled.pk),
        typed | {"at": "20:00"},
        follow=True,
    )

    assert "1 session with bookings stays as it was" in response.text
    old = kept.starts_at.time()
    assert [one for one in coming() if one.starts_at.time() == old] == [kept]


def test_the_form_shows_what_was_chosen(client, company, yoga, scheduled):
    response = client.get(page("class_schedule", company, yoga.pk, scheduled.pk))

    form = response.context["form"]
    assert form["repeats"].value() == "weekly"
    assert form["weekdays"].value() == [0, 3]


def test_an_ended_schedule_leaves_only_booked_sessions(client, company, yoga, scheduled):
    kept = book(yoga, coming()[1].starts_at).appointment

    client.post(page("end_class_schedule", company, yoga.pk, scheduled.pk))

    assert list(coming()) == [kept]


def test_cancelling_a_session_cancels_each_booking_with_the_reason(
    client, company, yoga, scheduled
):
    session = coming()[1]
    book(yoga, session.starts_at), book(yoga, session.starts_at, name="Alan Demo")

    response = client.post(
        page("cancel_session", company, yoga.pk, session.pk), {"why": "The teacher is ill."}
    )

    assert response.url == page("sessions", company, yoga.pk)
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}
    told = Message.objects.filter(event="cancelled", audience="client")
    assert [one.details["reason"] for one in told] == ["The teacher is ill."] * 2
    assert session not in coming()


def test_cancelling_needs_a_reason(client, company, yoga, scheduled):
    session = coming()[1]

    response = client.post(page("cancel_session", company, yoga.pk, session.pk), {"why": ""})

    assert response.status_code == 422
    assert session in coming()


def test_a_session_is_moved_with_everybody_in_it(client, company, yoga, provider, scheduled):
    session = coming()[1]
    booking = book(yoga, session.starts_at)
    day = session.starts_at.date()

    client.post(
        page("move_session", company, yoga.pk, session.pk),
        {"day": day, "at": "11:15", "provider": provider.pk, "why": "Room taken"},
    )

    booking.refresh_from_db()
    assert booking.appointment.starts_at == at(11, 15, day)


def test_a_session_is_moved_beside_another_one_and_not_onto_it(
    client, company, yoga, provider, scheduled
):
    session, other = coming()[1], coming()[2]
    local = other.starts_at

    response = client.post(
        page("move_session", company, yoga.pk, session.pk),
        {"day": local.date(), "at": "18:00", "provider": provider.pk},
    )

    assert response.status_code == 422
    assert "another appointment" in response.text
    session.refresh_from_db()
    assert session.starts_at != other.starts_at
    [nearest, *_rest] = response.context["refused"].instead
    assert f'name="start" value="{nearest[0]}"' in response.text
    client.post(
        page("move_session", company, yoga.pk, session.pk),
        {"day": local.date(), "at": "18:00", "provider": provider.pk, "start": nearest[0]},
    )
    session.refresh_from_db()
    assert session.starts_at == nearest[1]


def test_a_session_goes_to_a_substitute_who_never_led_the_class(client, company, yoga, scheduled):
    bea, session = make_provider(company, "Bea Demo"), coming()[1]
    booking = book(yoga, session.starts_at)
    local = session.starts_at.astimezone(PARIS)
    same_time = {"day": local.date(), "at": local.strftime("%H:%M"), "provider": bea.pk}
    TimeOff.objects.create(
        company=company, provider=bea, first_day=local.date(), last_day=local.date()
    )

    asked = client.post(page("move_session", company, yoga.pk, session.pk), same_time)
    client.post(
        page("move_session", company, yoga.pk, session.pk),
        same_time | {"overriding": asked.context["refused"].overriding},
    )

    assert "The provider is away." in asked.text
    assert "Move anyway" in asked.text
    booking.refresh_from_db()
    assert booking.appointment.provider == bea
    assert [one.provider for one in coming()].count(bea) == 1


def test_another_provider_takes_a_class_over_from_a_day_on(client, company, yoga, scheduled):
    bea, third = make_provider(company, "Bea Demo"), coming()[2]
    count = coming().count()
    day = third.starts_at.date()

    response = client.post(
        page("hand_over_class_schedule", company, yoga.pk, scheduled.pk),
        {"provider": bea.pk, "since": day},
        follow=True,
    )

    assert f"Bea Demo takes over. {count - 2} sessions changed hands." in response.text
    assert [one.provider.name.split()[0] for one in coming()] == ["Ada"] * 2 + ["Bea"] * (count - 2)
    assert len(response.context["schedules"]) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"since": "2001-01-01"}, "since"),
        ({"since": "9999-12-31"}, "since"),
        ({"since": timezone.now().date() + timedelta(days=90)}, "since"),
        ({"since": ""}, "since"),
        ({"provider": ""}, "provider"),
    ],
)
def test_a_class_is_not_handed_over_to_nobody_or_after_its_end(
    client, company, yoga, scheduled, changed, field
):
    bea = make_provider(company, "Bea Demo")
    scheduled.last_day = timezone.now().date() + timedelta(days=60)
    scheduled.save()
    typed = {"provider": bea.pk, "since": timezone.now().date().isoformat()}

    response = client.post(
        page("hand_over_class_schedule", company, yoga.pk, scheduled.pk), typed | changed
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert {one.provider.name for one in coming()} == {"Ada Demo"}


def test_a_class_cannot_be_handed_to_somebody_of_another_company(client, company, yoga, scheduled):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    mallory = make_provider(oak, "Mallory Demo")
    typed = {"provider": mallory.pk, "since": timezone.now().date().isoformat()}

    response = client.post(page("hand_over_class_schedule", company, yoga.pk, scheduled.pk), typed)

    assert response.status_code == 422


def test_removing_a_class_keeps_what_was_booked(client, company, yoga, scheduled):
    kept = book(yoga, coming()[1].starts_at).appointment

    client.post(page("remove_class", company, yoga.pk))

    assert list(coming()) == [kept]
    assert not Offering.objects.get().active


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_sessions_takes_as_many_queries_for_one_as_for_many(
    client, company, yoga, scheduled, count, django_assert_max_num_queries
):
    keep = [one.pk for one in coming()[:count]]
    Appointment.objects.exclude(pk__in=keep).delete()

    with django_assert_max_num_queries(9):
        client.get(page("sessions", company, yoga.pk))


def test_who_does_not_manage_the_catalogue_stays_outside(client, company, yoga):
    sign_in(client, company, "receptionist")

    assert client.get(page("new_class_schedule", company, yoga.pk)).status_code == 403


def test_classes_and_sessions_of_others_are_not_found(client, company, yoga, scheduled):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    dance = make_service(other, "Dance", [make_provider(other, "Mallory")], kind="class")
    sign_in(client, other, "owner")

    assert client.get(page("class", other, yoga.pk)).status_code == 404
    assert client.get(page("class_schedule", other, dance.pk, scheduled.pk)).status_code == 404
    assert client.get(page("cancel_session", other, dance.pk, coming()[0].pk)).status_code == 404


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        (("weekly", 2, [1, 3]), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        (("daily", 1, []), "FREQ=DAILY"),
        (("date", 1, []), "FREQ=MONTHLY;BYMONTHDAY=9"),
        (("weekday", 1, []), "FREQ=MONTHLY;BYDAY=2TU"),
        (("once", 1, []), "FREQ=DAILY;COUNT=1"),
    ],
)
def test_a_choice_becomes_a_rule_and_comes_back(choice, rule):
    repeats, every, weekdays = choice

    made = rule_of(repeats, every=every, weekdays=weekdays, first_day=date(2027, 3, 9))

    assert made == rule
    assert choice_of(rule) == {"repeats": repeats, "every": every, "weekdays": weekdays}


def test_a_fifth_weekday_means_the_last_one():
    made = rule_of("weekday", every=1, weekdays=[], first_day=date(2027, 3, 30))

    assert made == "FREQ=MONTHLY;BYDAY=-1TU"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", "Every week on Monday and Thursday at 6:00 PM"),
        ("FREQ=WEEKLY", "Every week on Tuesday at 6:00 PM"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "Every 2 weeks on Monday at 6:00 PM"),
        ("FREQ=DAILY", "Every day at 6:00 PM"),
        ("FREQ=MONTHLY;BYMONTHDAY=9", "Every month on day 9 at 6:00 PM"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday at 6:00 PM"),
        ("FREQ=DAILY;COUNT=1", "Once, on 9 March 2027 at 6:00 PM"),
    ],
)
def test_a_rule_reads_like_a_sentence(rule, words):
    schedule = ClassSchedule(rule=rule, first_day=date(2027, 3, 9), starts=18 * 60)

    # The sign before PM does not break.
    assert in_words(schedule).replace("\xa0", " ") == words


def test_a_day_is_left_out_and_put_back(client, company, yoga, scheduled):
    session = coming()[1]
    day = session.starts_at.astimezone(PARIS).date()
    schedule = page("class_schedule", company, yoga.pk, scheduled.pk)

    left = client.post(
        page("leave_day_out", company, yoga.pk, scheduled.pk), {"day": day}, follow=True
    )

    assert left.redirect_chain[0][0] == schedule
    assert left.context["days_left_out"] == [day]
    assert session not in coming()

    client.post(page("put_day_back", company, yoga.pk, scheduled.pk), {"day": day})

    assert session.starts_at in {one.starts_at for one in coming()}
    assert client.get(schedule).context["days_left_out"] == []


@pytest.mark.parametrize(
    ("days", "words"), [(0, "This session is booked."), (1, "does not take place on this day")]
)
def test_a_day_that_cannot_be_left_out_says_why(client, company, yoga, scheduled, days, words):
    session = coming()[1]
    book(yoga, session.starts_at)
    day = session.starts_at.astimezone(PARIS).date() + timedelta(days=days)

    response = client.post(page("leave_day_out", company, yoga.pk, scheduled.pk), {"day": day})

    assert response.status_code == 422
    assert words in response.text
    assert session in coming()
