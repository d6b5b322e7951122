from datetime import UTC, datetime, timedelta

import pytest

from factories import make_service
from visavis.bookings import online, sessions
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.catalog.models import ClassSchedule
from visavis.companies import features
from visavis.meetings.models import JoinLink, Meeting
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def feature(company):
    features.switch(company, features.ONLINE_MEETINGS, on=True)


def book(offering, now, name="Grace", starts_at=TEN, **wish):
    return making.book(
        Wish(offering=offering, starts_at=starts_at, **wish),
        ClientDetails(name=name, email=f"{name.lower()}@example.com", time_zone="Europe/Paris"),
        by=by_client(name),
        now=now,
    )


def told_of_links():
    return sorted(Message.objects.filter(event="link_changed").values_list("audience", "about_id"))


def test_switching_on_makes_links_for_what_is_booked_and_tells_everybody(
    company, provider, owner, feature, now
):
    group = make_service(company, "Yoga", [provider], seats=5, places_max=2)
    first, second = book(group, now, places=2), book(group, now, "Alan")

    touched = online.switch_online(group, True, by=by_staff(owner), now=now)

    group.refresh_from_db()
    assert (touched, group.online) == (2, True)
    assert Meeting.objects.wanted().count() == 1
    links = JoinLink.objects.standing().order_by("side", "holder_id", "place")
    assert list(links.values_list("side", "holder_id", "place")) == [
        ("client", first.pk, 1),
        ("client", first.pk, 2),
        ("client", second.pk, 1),
        ("provider", provider.pk, 1),
    ]
    assert told_of_links() == [
        ("client", first.pk),
        ("client", second.pk),
        # Whoever leads it is told of all of it at once.
        ("provider", first.appointment_id),
    ]


def test_switching_off_withdraws_every_link_and_says_why(
    company, provider, service, owner, feature, now
):
    online.switch_online(service, True, by=by_staff(owner), now=now)
    book(service, now)

    touched = online.switch_online(service, False, by=by_staff(owner), now=now)

    assert touched == 1
    assert not Meeting.objects.wanted().exists()
    assert set(JoinLink.objects.values_list("revoked_because", flat=True)) == {"not_online"}
    assert len(told_of_links()) == 2


def test_switching_on_again_wants_the_same_meeting_with_new_links(service, owner, feature, now):
    online.switch_online(service, True, by=by_staff(owner), now=now)
    booking = book(service, now)
    online.switch_online(service, False, by=by_staff(owner), now=now)

    online.switch_online(service, True, by=by_staff(owner), now=now)

    assert Meeting.objects.wanted().count() == Meeting.objects.count() == 1
    standing = JoinLink.objects.standing().order_by("side").values_list("side", "holder_id")
    assert list(standing) == [
        ("client", booking.pk),
        ("provider", booking.appointment.provider_id),
    ]


def test_whoever_joins_a_session_after_switching_on_again_gets_a_link(
    company, provider, owner, feature, now
):
    yoga = make_service(company, "Yoga", [provider], kind="class", seats=8, online=True)
    weekly = ClassSchedule(
        offering=yoga, provider=provider, first_day=TEN.date(), starts=600, rule="FREQ=WEEKLY"
    )
    sessions.save_schedule(weekly, now=now)
    ending.cancel(book(yoga, now), by=by_staff(owner), now=now)
    online.switch_online(yoga, False, by=by_staff(owner), now=now)
    online.switch_online(yoga, True, by=by_staff(owner), now=now)

    booking = book(yoga, now, "Alan")

    links = JoinLink.objects.standing().order_by("side").values_list("side", "holder_id")
    assert list(links) == [("client", booking.pk), ("provider", provider.pk)]


def test_moving_what_is_no_longer_online_wants_no_meeting_again(service, owner, feature, now):
    online.switch_online(service, True, by=by_staff(owner), now=now)
    booking = book(service, now)
    online.switch_online(service, False, by=by_staff(owner), now=now)

    moving.move(
        booking, starts_at=TEN + timedelta(hours=1), provider=None, by=by_staff(owner), now=now
    )

    assert not Meeting.objects.wanted().exists()


def test_what_is_over_or_cancelled_is_left_alone(service, owner, feature, now):
    book(service, now)
    ending.cancel(
        book(service, now, starts_at=TEN + timedelta(hours=1)), by=by_staff(owner), now=now
    )
    later = TEN + timedelta(days=1)

    assert online.switch_online(service, True, by=by_staff(owner), now=later) == 0
    assert not JoinLink.objects.exists()


def test_while_the_feature_is_off_only_the_switch_changes(service, owner, now):
    book(service, now)

    touched = online.switch_online(service, True, by=by_staff(owner), now=now)

    assert (touched, Booking.objects.get().sequence) == (0, 0)
    assert Appointment.objects.get().meeting is None


def test_the_history_says_who_switched(service, owner, feature, now):
    booking = book(service, now)

    online.switch_online(service, True, by=by_staff(owner), now=now)

    last = booking.changes.order_by("pk").last()
    assert (last.what, last.by_user) == ("edited", owner)
