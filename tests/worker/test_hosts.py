"""Who may be host follows Zoom: by what it tells, by asking, and by what it refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import book, sign_in
from gateways.zoom_simulator import LIAM, OWNER
from inbound.test_zoom import deliver
from visavis.bookings.models import Booking
from visavis.connections.models import Connection, PlatformUser
from visavis.meetings import tending
from visavis.meetings.models import Meeting, MeetingProvider
from visavis.meetings.readiness import BASIC_HOST, HOST_GONE, readiness
from visavis.notifications.models import Message
from visavis.worker import events, sweeps, troubles

pytestmark = pytest.mark.django_db
PROVIDERS = "/office/willow/online-meetings/providers/"


@pytest.fixture
def meeting(online, provider):
    starts_at = timezone.now() + timedelta(days=2)
    return Meeting.objects.create(
        company=provider.company, provider=provider, topic="Talk",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
    )  # fmt: skip


def told(client, event, user=LIAM):
    body = {"event": event, "event_ts": 1, "payload": {"account_id": "A", "object": {"id": user}}}
    assert deliver(client, body).status_code == 200
    events.apply_open(timezone.now())


def sweep():
    Connection.objects.update(look_around_at=None)
    sweeps.refresh_hosts(timezone.now())


def look_at(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(claimed_until=None)
    assert tending.claim_one(meeting, now=timezone.now())
    tending.tend(meeting, clock=timezone.now)


@pytest.mark.parametrize("event", ["user.deactivated", "user.deleted", "user.disassociated"])
def test_what_zoom_tells_of_a_user_who_is_gone_flags_the_mapping(
    client, company, online, meeting, event
):
    told(client, event)

    assert [gap.kind for gap in readiness(online)] == [HOST_GONE]
    meeting.refresh_from_db()
    assert meeting.look_at <= timezone.now()
    sign_in(client, company, "owner")
    assert "no longer on the account" in client.get(PROVIDERS).content.decode()


def test_bookings_stay_when_a_host_is_gone(client, online, provider):
    booking = book(online, provider=provider)
    told(client, "user.deleted")

    assert Booking.objects.get().status == booking.status


@pytest.mark.parametrize("event", ["user.created", "user.activated", "user.updated"])
def test_what_zoom_tells_of_a_user_who_came_has_the_list_fetched(client, connection, zoom, event):
    Connection.objects.update(look_around_at=timezone.now() + timedelta(hours=20))
    new = zoom.steer("POST", "/accounts/DemoPracticeAccount01/users", email="nora@example.com")

    told(client, event, user=new["id"])
    sweeps.refresh_hosts(timezone.now())

    assert PlatformUser.objects.filter(external_id=new["id"], gone_at=None).exists()


def test_without_any_webhook_it_is_noticed_by_asking(online, zoom, meeting):
    zoom.steer("PATCH", f"/users/{LIAM}", status="inactive")

    sweep()

    assert [gap.kind for gap in readiness(online)] == [HOST_GONE]
    meeting.refresh_from_db()
    assert meeting.look_at <= timezone.now()


def test_who_comes_back_can_be_host_again(online, zoom):
    zoom.steer("PATCH", f"/users/{LIAM}", status="inactive")
    sweep()
    zoom.steer("PATCH", f"/users/{LIAM}", status="active")

    sweep()

    assert readiness(online) == []


def test_the_list_is_asked_for_once_a_day(connection, zoom):
    sweep()
    asked = len(zoom.calls("GET", "/v2/users"))

    sweeps.refresh_hosts(timezone.now())

    assert len(zoom.calls("GET", "/v2/users")) == asked


def test_zoom_being_away_loses_nobody(connection, zoom):
    sweep()
    zoom.fault("server_error", path="/v2/users")

    sweep()

    assert connection.users.filter(gone_at=None).count() == 5


def test_a_long_list_is_fetched_page_by_page(connection, zoom):
    for number in range(310):
        zoom.steer(
            "POST", "/accounts/DemoPracticeAccount01/users", email=f"user{number}@example.com"
        )

    sweep()

    assert connection.users.filter(gone_at=None).count() == 315
    assert len([one for one in zoom.calls("GET", "/v2/users") if one["path"] == "/v2/users"]) == 3


def test_a_refusal_for_want_of_shared_access_reaches_drop_down_and_banner(
    client, company, zoom, meeting, connection
):
    Connection.objects.update(look_around_at=timezone.now() + timedelta(hours=20))
    zoom.steer("PATCH", f"/grants/visavis-demo/{OWNER}", shared_access=False)

    look_at(meeting)
    sweeps.refresh_hosts(timezone.now())

    fresh = Connection.objects.get()
    assert fresh.shared_access == "no"
    assert [user.external_id for user in fresh.users.filter(gone_at=None)] == [OWNER]
    sign_in(client, company, "owner")
    assert "can be chosen as Zoom user" in client.get(PROVIDERS).content.decode()


def test_the_licence_of_who_authorised_is_known_also_if_access_is_not_shared(
    online, provider, zoom, connection
):
    MeetingProvider.objects.filter(provider=provider).update(host_id=OWNER)
    online.duration_minutes = 50
    online.save()
    zoom.steer("PATCH", f"/users/{OWNER}", type=1)
    zoom.steer("PATCH", f"/grants/visavis-demo/{OWNER}", shared_access=False)

    sweep()

    assert connection.users.filter(gone_at=None).get().external_id == OWNER
    assert [gap.kind for gap in readiness(online)] == [BASIC_HOST]


def test_a_refusal_soon_after_the_list_was_fetched_is_looked_into_a_little_later(
    connection, zoom, meeting
):
    sweep()
    zoom.steer("PATCH", f"/grants/visavis-demo/{OWNER}", shared_access=False)

    look_at(meeting)

    fresh = Connection.objects.get()
    assert fresh.shared_access == "no"
    assert fresh.look_around_at < timezone.now() + timedelta(minutes=11)


def test_a_dead_grant_fails_no_booking_and_is_told_once(connection, zoom, online, provider, owner):
    zoom.fault("invalid_grant")
    Connection.objects.update(expires_at=timezone.now())
    booking = book(online, provider=provider)
    meeting = booking.appointment.meeting

    for _time in range(3):
        Meeting.objects.filter(pk=meeting.pk).update(look_at=timezone.now())
        look_at(meeting)
        troubles.tell(timezone.now())

    assert Booking.objects.get().status == "confirmed"
    about = Message.objects.filter(event="connection_attention")
    assert [one.recipient for one in about] == [owner.email]


def test_a_grant_that_zoom_renews_is_not_given_up_because_of_refused_calls(connection, zoom):
    zoom.fault("token_expired", times=2, path="/v2/users")

    sweep()
    sweep()

    connection.refresh_from_db()
    assert connection.attention == ""
    assert connection.users.filter(gone_at=None).count() == 5


def test_trouble_that_could_not_be_told_is_told_later(company, online, provider, owner):
    book(online, provider=provider)
    now = timezone.now()
    Meeting.objects.update(
        fault="no_host", fault_since=now - timedelta(minutes=5), starts_at=now + timedelta(hours=1)
    )
    type(company).objects.update(time_zone="Europe/Nowhere")

    with pytest.raises(LookupError):
        troubles.tell(now)

    assert Meeting.objects.get().fault_told_at is None


def test_grants_that_nobody_used_for_weeks_are_kept_alive(connection, zoom):
    before = connection.refresh_token
    long_ago = timezone.now() - timedelta(days=25)
    Connection.objects.update(refreshed_at=long_ago, expires_at=long_ago)

    sweeps.keep_grants_alive(timezone.now())
    sweeps.keep_grants_alive(timezone.now())

    fresh = Connection.objects.get()
    assert fresh.refresh_token != before
    assert len(zoom.calls("POST", "/oauth/token")) == 1
