import hashlib
import hmac
import json
import time

import pytest
from django.utils import timezone

from gateways.zoom_simulator import CLIENT_ID, OWNER
from visavis.connections.models import Connection, PlatformEvent
from visavis.notifications.models import Message
from visavis.worker import events, troubles

pytestmark = pytest.mark.django_db
SECRET = "visavis-demo-webhook-secret"


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.ZOOM_WEBHOOK_SECRET = SECRET


def deliver(client, body, *, secret=SECRET, age=0):
    raw = json.dumps(body).encode()
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
    return client.post(
        "/inbound/zoom/",
        raw,
        content_type="application/json",
        headers={"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={digest.hexdigest()}"},
    )


def deauthorisation(**changes):
    payload = {"account_id": "A", "user_id": OWNER, "client_id": CLIENT_ID, "signature": "s"}
    return {"event": "app_deauthorized", "event_ts": 1740439732278, "payload": payload | changes}


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
