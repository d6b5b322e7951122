"""A whole life of a connection, and none of its secrets in any log, mail, report or page."""

import io
import logging
import re
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from back_office.test_access import ROUTES, World
from back_office.zoom_person import depart
from factories import make_member
from gateways.zoom_simulator import LIAM
from visavis.bookings.actors import BY_CLOCK
from visavis.bookings.online import switch_online
from visavis.companies import features
from visavis.connections.models import Connection
from visavis.gateways.mail.memory import MemorySender
from visavis.meetings import tending
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider, PersonalLink
from visavis.worker import events, mail, sweeps, troubles

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CLIENT_SECRET = "marked-client-secret-0123456789"
WEBHOOK_SECRET = "marked-secret-token-0123456789"
# The code and key of a consent, and what hosts start with, whoever's they are.
SHAPES = (
    r"[?&]zak=",
    r"[?&]tk=",
    r"eyJ[\w-]{8,}",
    r"/s/\d{9,}\?",
    r"\"start_url\"",
    r"Bearer [\w.-]{16}",
    r"Basic [\w+/=]{16}",
)


class Ear:
    """Hears what everybody may read, and knows what nobody may."""

    def __init__(self, client):
        self.client = client
        self.heard = {}
        self.secrets = {CLIENT_SECRET, WEBHOOK_SECRET}

    def hear(self, where, content):
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
        self.heard[where] = self.heard.get(where, "") + text

    def learn(self):
        """Note the tokens that are in use at this moment."""
        for connection in Connection.objects.all():
            self.secrets |= {connection.access_token, connection.refresh_token} - {""}
        self.secrets |= {one.url for one in PersonalLink.objects.all()} - {""}

    def page(self, address, method="get", **data):
        response = getattr(self.client, method)(address, data or None)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.hear(address, _unpacked(body))
        self.learn()
        return response

    def leaks(self):
        found = []
        for where, text in self.heard.items():
            found += [(where, secret[:12]) for secret in self.secrets if secret in text]
            found += [(where, match[0]) for shape in SHAPES if (match := re.search(shape, text))]
        return found


def _unpacked(body):
    """Return a body as it is read: a sheet is a packed folder of texts."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as sheet:
        return b"\n".join(sheet.read(name) for name in sheet.namelist())


@pytest.fixture
def ear(client):
    return Ear(client)


@pytest.fixture
def world(client, zoom, ear, person):
    """A company that entered its own app, authorised it, and has a meeting right now."""
    made = World("mine")
    client.force_login(make_member(made.company, "owner", "owner@mine.example").user)
    zoom.steer("PUT", "/apps/own-app", client_secret=CLIENT_SECRET)
    ear.page(
        "/office/mine/online-meetings/zoom/app/",
        "post",
        mode="oauth",
        client_id="own-app",
        client_secret=CLIENT_SECRET,
        webhook_secret=WEBHOOK_SECRET,
    )
    back = person.authorise(depart(client, "mine"))
    ear.secrets.add(re.search(r"code=([^&]+)", back)[1])
    ear.page(back)
    features.switch(made.company, features.ONLINE_MEETINGS, on=True)
    MeetingProvider.objects.create(provider=made.provider, platform="zoom", host_id=LIAM)
    switch_online(made.service, on=True, by=BY_CLOCK, now=timezone.now())
    made.booking.appointment.refresh_from_db()
    now = timezone.now()
    Meeting.objects.filter(pk=made.booking.appointment.meeting_id).update(
        starts_at=now, ends_at=now + timedelta(hours=1), look_at=now
    )
    return made


def tend(now):
    for meeting in tending.claim_due(now=now, limit=50):
        tending.tend(meeting, clock=timezone.now)


def work(ear):
    """Let a worker do a round, and read the mail it sends."""
    now = timezone.now()
    tend(now)
    events.apply_open(now)
    sweeps.keep_grants_alive(now)
    troubles.tell(now)
    line = MemorySender()
    while mail.send_due(line, clock=lambda: now + timedelta(days=1)):
        pass
    for number, sent in enumerate(line.sent):
        whole = "\n".join(part.get_content() for part in sent.message.walk() if _readable(part))
        ear.hear(f"mail {number} to {sent.to}", f"{sent.message.as_string()}\n{whole}")
    ear.learn()
    return line.sent


def _readable(part):
    return part.get_content_maintype() == "text"


def look_everywhere(ear, world):
    """Open every page of the back office, the reports' files and the ways in."""
    for route in ROUTES:
        ear.page(world.address(route))
    reports = "/office/mine/reports/bookings/export/"
    for kind in ("csv", "xlsx"):
        ear.page(reports, format=kind)
        ear.page("/office/mine/reports/meetings/export/", format=kind)
    for link in JoinLink.objects.all():
        ear.page(reverse("entrance:door", args=[link.token]))
    ear.page("/healthz")
    ear.page("/help/online-meetings/")
    ear.page("/office/mine/online-meetings/zoom/check/", "post")


def be_host(ear, world):
    """Start as the provider; the address is where the answer leads and nowhere else."""
    link = JoinLink.objects.get(meeting=world.booking.appointment.meeting_id, side="provider")
    response = ear.page(reverse("entrance:start", args=[link.token]), "post")
    assert "zak=" in response.headers["Location"]
    ear.secrets |= {response.headers["Location"], response.headers["Location"].split("zak=")[1]}


def test_no_secret_of_a_connection_is_ever_seen(world, ear, zoom, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    be_host(ear, world)
    assert work(ear)
    look_everywhere(ear, world)
    for fault in ("missing_scope", "server_error", "html_page", "error_200", "lost_response"):
        zoom.fault(fault, times=2)
        Meeting.objects.update(look_at=timezone.now(), claimed_until=None)
        work(ear)
    Connection.objects.update(expires_at=timezone.now())
    ear.page("/office/mine/online-meetings/zoom/users/", "post")
    zoom.fault("invalid_grant")
    Connection.objects.update(expires_at=timezone.now())
    Meeting.objects.update(look_at=timezone.now(), claimed_until=None)
    work(ear)
    look_everywhere(ear, world)
    for command in ("doctor", "rotate_keys"):
        said = StringIO()
        try:
            call_command(command, stdout=said)
        except SystemExit:
            said.write("ended with 1")
        ear.hear(command, said.getvalue())
    ear.page("/office/mine/online-meetings/zoom/disconnect/", "post")
    out, err = capfd.readouterr()
    ear.hear("log", caplog.text + out + err)

    assert len(ear.secrets) > 6
    assert any("tk=" in secret for secret in ear.secrets)
    assert len(ear.heard) > 60
    assert "zoom POST /users/{user}/meetings: 201" in ear.heard["log"]
    assert any("needs attention" in text for text in ear.heard.values())
    assert ear.leaks() == []


def test_a_secret_that_did_leak_would_be_found(world, ear):
    work(ear)
    ear.hear("somewhere", f"the answer was {Connection.objects.get().access_token}")
    ear.hear("elsewhere", "https://zoom.example/s/81234567890?zak=abc")

    assert {where for where, _what in ear.leaks()} >= {"somewhere", "elsewhere"}
