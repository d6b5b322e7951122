"""Two hundred appointments at one hour, a platform that fails at random, and workers that die.

Every meeting must end with exactly one room that people can be sent to, or with a named reason;
and the run tells how long people would have waited.
"""

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from gateways.zoom_simulator import ACCOUNT, LENA, LIAM, OWNER
from visavis.catalog.models import Provider
from visavis.connections.models import CallPace
from visavis.meetings.models import Meeting, MeetingProvider, Room
from visavis.meetings.operations import OPEN_AHEAD
from worker.killing import ROOT, surroundings

APPOINTMENTS, WORKERS, KILLS = 200, 2, 5
# The worst that may happen to a call, beside a call whose answer never comes.
FAULTS = (
    "lost_response", "server_error", "connection_dropped", "html_page", "error_200",
    "token_expired", "too_many_per_second", "pmi_capture",
)  # fmt: skip
PATIENCE = 150


@pytest.fixture
def meetings(company, connection):
    """Appointments of as many providers, who meet as three users of one account."""
    starts_at = timezone.now() + OPEN_AHEAD
    providers = Provider.objects.bulk_create(
        Provider(company=company, name=f"Provider {number}", time_zone="Europe/Paris")
        for number in range(APPOINTMENTS)
    )
    MeetingProvider.objects.bulk_create(
        MeetingProvider(provider=one, platform="zoom", host_id=(OWNER, LIAM, LENA)[number % 3])
        for number, one in enumerate(providers)
    )
    return Meeting.objects.bulk_create(
        Meeting(
            company=company,
            provider=one,
            topic=f"Talk {number}",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            look_at=starts_at - OPEN_AHEAD,
        )
        for number, one in enumerate(providers)
    )


@pytest.fixture
def crew(settings, zoom):
    """Real worker processes, of which some are killed and others follow."""
    address = zoom.url
    environment = surroundings(
        VISAVIS_ZOOM_OAUTH_URL=address,
        VISAVIS_ZOOM_API_URL=address,
        VISAVIS_ZOOM_CLIENT_ID=settings.ZOOM_CLIENT_ID,
        VISAVIS_ZOOM_CLIENT_SECRET=settings.ZOOM_CLIENT_SECRET,
        VISAVIS_LOG_LEVEL="CRITICAL",
        VISAVIS_SECRET_KEY=settings.SECRET_KEY,
    )
    crew = Crew(environment)
    yield crew
    crew.go_home()


class Crew:
    def __init__(self, environment):
        self.environment = environment
        self.workers = []

    def hire(self):
        command = [sys.executable, str(ROOT / "manage.py"), "worker"]
        self.workers.append(subprocess.Popen(command, env=self.environment))

    def kill_one(self):
        victim = self.workers.pop(random.randrange(len(self.workers)))
        victim.kill()
        victim.wait()

    def go_home(self):
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(30)


def settled():
    """Return how many meetings have a room, or a reason for having none."""
    opened = Room.objects.current().exclude(opened_at=None).values("meeting")
    return Meeting.objects.filter(pk__in=opened).count()


def until(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{settled()} of {APPOINTMENTS} are settled"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_everybody_meets_in_one_room_whatever_fails_and_whoever_dies(zoom, meetings, crew, capsys):
    # As on a large plan: the waiting shown is that of failures, not of a pace.
    for kind in ("light", "medium"):
        CallPace.objects.create(account=ACCOUNT, kind=kind, per_second=100)
    for _worker in range(WORKERS):
        crew.hire()

    for kill in range(1, KILLS + 1):
        for _fault in range(6):
            zoom.fault(random.choice(FAULTS), times=random.randint(1, 4), path="/v2/*")
        until(lambda kill=kill: settled() >= APPOINTMENTS * kill // (KILLS + 1))
        crew.kill_one()
        crew.hire()
    zoom.steer("DELETE", "/faults")
    until(lambda: settled() == APPOINTMENTS)

    rooms = list(Room.objects.current())
    standing = {
        str(one["id"]) for one in zoom.meetings() if one["status"] in {"waiting", "started"}
    }
    assert Counter(room.meeting_id for room in rooms) == Counter(one.pk for one in meetings)
    assert {room.external_id for room in rooms} <= standing
    with capsys.disabled():
        print(f"\n{waiting(rooms)}")


def waiting(rooms):
    """Say how long after the moment when it was due each room was open, and who had to wait."""
    due = Meeting.objects.first().starts_at - OPEN_AHEAD
    seconds = sorted((room.opened_at - due).total_seconds() for room in rooms)
    late = sum(one > OPEN_AHEAD.total_seconds() for one in seconds)
    middle, slow = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    return (
        f"rooms open after {middle:.1f} s (half), {slow:.1f} s (95 %), {seconds[-1]:.1f} s (all); "
        f"{late} of {len(seconds)} appointments waited at the hour"
    )
