import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from gateways.zoom_simulator import CLIENT_ID, LIAM, OWNER
from visavis.companies.models import Company
from visavis.connections.models import (
    Connection,
    Mode,
    PlatformApp,
    PlatformEvent,
    PlatformUser,
    Webhook,
)
from visavis.meetings import operations as meetings
from visavis.meetings.models import PersonalLink, Presence, Room
from visavis.notifications.models import Message
from visavis.worker import events, sweeps, troubles

pytestmark = pytest.mark.django_db
SECRET = "visavis-demo-webhook-secret"


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.ZOOM_WEBHOOK_SECRET = SECRET


def deliver(client, body, *, secret=SECRET, age=0, address=""):
    raw = json.dumps(body).encode()
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
    return client.post(
        f"/inbound/zoom/{address}",
        raw,
        content_type="application/json",
        headers={"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={digest.hexdigest()}"},
    )


# In milliseconds, and of one moment for all tests: after whatever they connect.
LATER = 1000 * int(time.time() + 24 * 3600)


def deauthorisation(event_ts=LATER, **changes):
    payload = {"account_id": "A", "user_id": OWNER, "client_id": CLIENT_ID, "signature": "s"}
    return {"event": "app_deauthorized", "event_ts": event_ts, "payload": payload | changes}


def test_the_challenge_is_answered(client):
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}, "event_ts": 1}

    answer = deliver(client, body)

    expected = hmac.new(SECRET.encode(), b"abc", hashlib.sha256).hexdigest()
    assert answer.json() == {"plainToken": "abc", "encryptedToken": expected}


def test_what_zoom_did_not_sign_is_refused(client):
    answer = deliver(client, deauthorisation(), secret="another secret")

    assert answer.status_code == 401
    assert not PlatformEvent.objects.exists()


def test_an_old_delivery_is_refused(client):
    assert deliver(client, deauthorisation(), age=3 * 3600).status_code == 401


def test_nonsense_gets_a_clear_answer(client):
    assert deliver(client, ["nonsense"]).status_code == 400


def test_a_delivery_repeated_counts_once(client):
    deliver(client, deauthorisation())
    deliver(client, deauthorisation())

    assert PlatformEvent.objects.count() == 1


def test_removal_at_zoom_ends_the_connection_and_tells_administrators(client, connection, owner):
    deliver(client, deauthorisation())

    events.apply_open(timezone.now())
    troubles.tell(timezone.now())

    ended = Connection.objects.get(pk=connection.pk)
    assert ended.disconnected_because == "removed_at_platform"
    assert (ended.access_token, ended.refresh_token, ended.user_email) == ("", "", "")
    assert [one.recipient for one in Message.objects.all()] == [owner.email]


def test_removal_is_told_once(client, connection, owner):
    deliver(client, deauthorisation())
    events.apply_open(timezone.now())

    troubles.tell(timezone.now())
    troubles.tell(timezone.now())

    assert Message.objects.count() == 1


def test_removal_by_somebody_else_touches_nothing(client, connection):
    deliver(client, deauthorisation(user_id="somebody-else"))

    events.apply_open(timezone.now())

    assert Connection.objects.live().filter(pk=connection.pk).exists()


def test_a_removal_before_the_same_person_connected_again_ends_nothing(client, connection):
    before = connection.connected_at.timestamp() - 5

    deliver(client, deauthorisation(event_ts=int(before * 1000)))
    events.apply_open(timezone.now())

    fresh = Connection.objects.get()
    assert fresh.live
    # Zoom is asked instead.
    assert fresh.look_around_at <= timezone.now()


def test_a_removal_that_seems_early_by_our_clock_is_found_out_by_asking(client, connection, zoom):
    zoom.steer("DELETE", f"/grants/{CLIENT_ID}/{OWNER}")
    before = connection.connected_at.timestamp() - 5

    deliver(client, deauthorisation(event_ts=int(before * 1000)))
    events.apply_open(timezone.now())
    sweeps.refresh_hosts(timezone.now())

    assert Connection.objects.get().problem == "reconnect"


# People in rooms.


@pytest.fixture
def room(online, provider, connection):
    starts_at = timezone.now().replace(microsecond=0) - timedelta(minutes=40)
    meeting = meetings.want(
        company=online.company, provider=provider, topic="First talk", starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30), now=starts_at,
    )  # fmt: skip
    (link,) = meetings.invite(meeting, holder_id=1, name="Grace Demo", places=1)
    room = Room.objects.create(
        meeting=meeting, platform="zoom", host_id=LIAM, asked_at=starts_at, opened_at=starts_at,
        external_id="81234567890",
    )  # fmt: skip
    PersonalLink.objects.create(link=link, room=room, name="Grace Demo", made_at=starts_at)
    return room


def participant(what, room, minutes, *, name="Grace Demo", number="16778240", key="join_time"):
    moment = room.meeting.starts_at + timedelta(minutes=minutes)
    person = {
        "user_id": number,
        "user_name": name,
        "email": "grace@example.com",
        key: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    }
    return {
        "event": f"meeting.participant_{what}",
        "event_ts": int(moment.timestamp() * 1000),
        "payload": {"account_id": "A", "object": {"id": room.external_id, "participant": person}},
    }


def test_who_comes_and_goes_is_written_down_once(client, room):
    left = participant("left", room, 20, key="leave_time")
    for body in (left, participant("joined", room, 3), left):
        deliver(client, body)
    events.apply_open(timezone.now())

    stay = Presence.objects.get()
    minutes = [(moment - room.meeting.starts_at).seconds // 60 for moment in
               (stay.joined_at, stay.left_at)]  # fmt: skip
    assert (stay.name, stay.link.name, minutes) == ("Grace Demo", "Grace Demo", [3, 20])


def test_news_of_somebody_come_late_and_count_all_the_same(client, room):
    Room.objects.update(closed_at=timezone.now(), closed_because="ended")

    deliver(client, participant("joined", room, 3, key="date_time"))
    events.apply_open(timezone.now())

    assert Presence.objects.get().link is not None


def test_no_address_of_mail_is_kept(client, room):
    deliver(client, participant("joined", room, 3))

    assert "grace@example.com" not in str(PlatformEvent.objects.values())


def test_another_companys_app_tells_nothing_about_our_rooms(client, room, intruder):
    body = participant("joined", room, 3)

    deliver(client, body, secret=OWN_SECRET, address=f"{intruder.address}/")
    events.apply_open(timezone.now())

    assert not Presence.objects.exists()


# Apps of single companies.

OWN_SECRET = "the secret token of their own app"


def make_app(company, **fields):
    return PlatformApp.objects.create(
        company=company,
        platform="zoom",
        mode=Mode.OAUTH,
        client_id="own-app",
        client_secret="secret",
        webhook_secret=OWN_SECRET,
        entered_at=timezone.now(),
        **fields,
    )


@pytest.fixture
def intruder(db):
    """The app of another company, whose administrators know its secret token."""
    return make_app(Company.objects.create(slug="birch", name="Birch", time_zone="UTC"))


def test_each_app_is_challenged_at_its_own_address(client, intruder):
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}, "event_ts": 1}

    answer = deliver(client, body, secret=OWN_SECRET, address=f"{intruder.address}/")

    expected = hmac.new(OWN_SECRET.encode(), b"abc", hashlib.sha256).hexdigest()
    assert answer.json()["encryptedToken"] == expected
    assert deliver(client, body, address=f"{intruder.address}/").status_code == 401
    assert deliver(client, body, secret=OWN_SECRET).status_code == 401


def test_an_address_that_nobody_has_is_unknown(client):
    assert deliver(client, deauthorisation(), address="guessed/").status_code == 404


def test_an_own_app_ends_its_own_companys_connection(client, connection, company):
    app = make_app(company)
    Connection.objects.update(client_id="own-app")
    body = deauthorisation(client_id="own-app")

    deliver(client, body, secret=OWN_SECRET, address=f"{app.address}/")
    events.apply_open(timezone.now())

    assert not Connection.objects.live().exists()


def test_who_knows_one_apps_secret_cannot_end_anothers_connection(client, connection, intruder):
    deliver(client, deauthorisation(), secret=OWN_SECRET, address=f"{intruder.address}/")

    events.apply_open(timezone.now())

    assert Connection.objects.live().filter(pk=connection.pk).exists()


def test_nor_call_its_hosts_gone(client, connection, intruder):
    gone = {"event": "user.deleted", "event_ts": 1, "payload": {"object": {"id": OWNER}}}

    deliver(client, gone, secret=OWN_SECRET, address=f"{intruder.address}/")
    events.apply_open(timezone.now())

    assert PlatformUser.objects.get(external_id=OWNER).gone_at is None


def test_nor_keep_its_events_from_counting(client, connection, intruder):
    deliver(client, deauthorisation(), secret=OWN_SECRET, address=f"{intruder.address}/")
    deliver(client, deauthorisation())

    events.apply_open(timezone.now())

    assert not Connection.objects.live().filter(pk=connection.pk).exists()


def test_what_an_address_last_heard_is_remembered(client, intruder):
    deliver(client, deauthorisation(), secret=OWN_SECRET, address=f"{intruder.address}/")
    deliver(client, deauthorisation())
    deliver(client, deauthorisation(), secret="wrong")

    own, installations = Webhook.objects.order_by("-address")
    assert (own.verified_event, own.refused_at) == ("app_deauthorized", None)
    assert installations.verified_event == "app_deauthorized"
    assert installations.refused_at is not None
