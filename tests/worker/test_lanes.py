import threading
import time

import pytest
from django.db import OperationalError, connection

from gateways import mail_server
from meetings.at_the_hour import Clock, book
from visavis.meetings.models import Meeting, Room
from visavis.notifications.models import Message
from visavis.worker import lanes
from visavis.worker.lanes import Lane
from visavis.worker.management.commands import worker
from visavis.worker.models import Heartbeat


def until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def working():
    """Let a worker's lanes run beside the test, as its process does."""
    stopping, threads = threading.Event(), []

    def work(all_lanes):
        worker._work(all_lanes, stopping)
        connection.close()

    def start(all_lanes):
        threads.append(threading.Thread(target=work, args=(all_lanes,)))
        threads[0].start()

    yield start
    stopping.set()
    for thread in threads:
        thread.join(20)


@pytest.fixture
def hanging_server(settings):
    server = mail_server.MailServer()
    controller = mail_server.start(server)
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    settings.EMAIL_TIMEOUT = 1
    yield server
    controller.stop()


# Sockets that earlier tests left to the garbage collector may be found while this one waits.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_keeps_no_room_from_opening(
    zoom, online, provider, hanging_server, working
):
    booked = book(online, provider, Clock(), minutes=1)
    hanging_server.replies["MAIL"].append(mail_server.HANG)

    working(lanes.all_lanes())

    until(lambda: Room.objects.exclude(opened_at=None).exists())
    assert Message.objects.filter(about_id=booked.pk, status="planned").exists()
    assert Meeting.objects.get().fault == ""


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [OperationalError("away"), ValueError("a mistake of ours")])
def test_a_round_that_fails_is_not_the_last(trouble, caplog):
    rounds = []

    def work():
        rounds.append(1)
        if len(rounds) == 1:
            raise trouble
        return True

    lane = Lane("some work", work)

    assert [lane.round(), lane.round()] == [False, True]
    assert "some work" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_well_shows_it(working):
    working([Lane("idle", lambda: False)])

    until(Heartbeat.objects.exists)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_on_purpose_is_not_missed(working):
    stopping = threading.Event()
    stopping.set()

    worker._work([Lane("idle", lambda: False)], stopping)

    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_hangs_does_not_say_that_it_is_well(working, monkeypatch):
    monkeypatch.setattr(lanes, "HANGING_SECONDS", 0.05)
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.02)
    hanging, hangs = threading.Event(), Lane("hangs", lambda: hanging.wait(10))
    working([hangs])
    until(lambda: hangs.hangs)
    Heartbeat.objects.all().delete()

    time.sleep(0.2)

    beaten = Heartbeat.objects.exists()
    hanging.set()
    assert not beaten


@pytest.mark.django_db
def test_until_idle_everything_that_is_due_is_done_first():
    left = {"many": 3, "few": 1}

    def work(name):
        def one():
            left[name] -= 1 if left[name] else 0
            return left[name] > 0

        return one

    worker._work_until_idle([Lane(name, work(name)) for name in left], threading.Event())

    assert left == {"many": 0, "few": 0}
