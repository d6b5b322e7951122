"""Zoom waits three seconds for an answer and repeats what fails: a delivery is only stored."""

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gateways.zoom_simulator import LIAM, OWNER
from inbound.test_zoom import deauthorisation, deliver, make_app
from visavis.connections.models import Connection, PlatformEvent, PlatformUser, Webhook
from visavis.meetings.models import Meeting, MeetingProvider, Room
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db
SECRET = "visavis-demo-webhook-secret"
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
CHALLENGE = {"event": "endpoint.url_validation", "payload": {"plainToken": "a"}, "event_ts": 1}


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.ZOOM_WEBHOOK_SECRET = SECRET


def about_meeting(name, number=81234567890):
    payload = {"account_id": "A", "object": {"id": str(number), "uuid": "u", "host_id": LIAM}}
    return {"event": name, "event_ts": 1740439732278, "payload": payload}


def about_user(name):
    return {"event": name, "event_ts": 1740439732278, "payload": {"object": {"id": LIAM}}}


def asked(client, body, **delivery):
    """Deliver; return what was asked of the database, by the tables' names."""
    with CaptureQueriesContext(database) as queries:
        assert deliver(client, body, **delivery).status_code == 200
    texts = [query["sql"] for query in queries if not query["sql"].startswith(TRANSACTION)]
    return [re.match(r'(\w+) .*?"((?:connections)_\w+)"', text).groups() for text in texts]


HEARD = ("UPDATE", "connections_webhook")
KNOWN = ("SELECT", "connections_platformevent")
KEPT = ("INSERT", "connections_platformevent")


@pytest.fixture
def heard_before(client):
    deliver(client, CHALLENGE)


@pytest.mark.parametrize(
    "body",
    [
        deauthorisation(),
        about_meeting("meeting.started"),
        about_meeting("meeting.ended"),
        about_meeting("meeting.participant_joined"),
        about_user("user.deactivated"),
    ],
    ids=lambda body: body["event"],
)
def test_an_event_costs_three_questions(client, heard_before, body):
    found = asked(client, body)

    assert found == [HEARD, KNOWN, KEPT]


def test_a_repetition_costs_two(client, heard_before):
    body = about_meeting("meeting.started")
    deliver(client, body)

    assert len(asked(client, body)) == 2


def test_a_challenge_and_what_nobody_wants_cost_one(client, heard_before):
    assert asked(client, CHALLENGE) == [HEARD]
    assert asked(client, about_meeting("meeting.sharing_started")) == [HEARD]


def test_an_app_of_its_own_costs_one_more(client, company):
    app = make_app(company)
    own = {"secret": app.webhook_secret, "address": f"{app.address}/"}
    deliver(client, CHALLENGE, **own)

    assert len(asked(client, about_meeting("meeting.started"), **own)) == 4


def test_it_costs_the_same_however_much_there_is_to_do(client, online, provider, heard_before):
    now = timezone.now()
    for number in range(5):
        meeting = Meeting.objects.create(
            company=provider.company, provider=provider, topic="Talk", starts_at=now,
            ends_at=now + timedelta(hours=1),
        )  # fmt: skip
        Room.objects.create(
            meeting=meeting, platform="zoom", host_id=LIAM, asked_at=now, external_id=str(number)
        )

    assert len(asked(client, about_meeting("meeting.started", 3))) == 3


def test_nothing_is_done_but_storing(client, connection, online, owner, zoom):
    before = [list(model.objects.order_by("pk").values()) for model in UNTOUCHED]
    calls = len(zoom.calls())

    for body in (deauthorisation(), about_user("user.deleted"), about_meeting("meeting.ended")):
        deliver(client, body)

    assert [list(model.objects.order_by("pk").values()) for model in UNTOUCHED] == before
    assert not Message.objects.exists()
    assert len(zoom.calls()) == calls
    assert PlatformEvent.objects.filter(done_at=None).count() == 3
    assert Webhook.objects.count() == 1
    assert PlatformUser.objects.get(external_id=OWNER).gone_at is None


UNTOUCHED = (Connection, PlatformUser, Meeting, MeetingProvider, Room)
