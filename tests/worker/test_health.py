"""The health page: 200 while everything is alive, else 503, and which of it is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from visavis.worker import heart


@pytest.fixture
def health(db):
    def ask(*, host="book.example.org"):
        answer = Client(headers={"host": host}).get("/healthz")
        assert "no-store" in answer["Cache-Control"]
        return answer.status_code, answer.json()

    return ask


@pytest.fixture(autouse=True)
def under_a_name(settings):
    settings.ALLOWED_HOSTS = ["book.example.org", "localhost"]


def test_it_is_well_while_a_worker_beats(health):
    heart.beat("one", now=timezone.now())
    heart.beat("two", now=timezone.now())

    assert health() == (
        200,
        {"status": "ok", "web": True, "database": True, "worker": True, "workers": 2},
    )


def test_a_probe_may_ask_for_localhost(health):
    heart.beat("one", now=timezone.now())

    assert health(host="localhost")[0] == 200


def test_a_worker_that_died_is_missed_and_named(health, settings):
    limit = timedelta(seconds=settings.HEARTBEAT_LIMIT_SECONDS)
    heart.beat("killed", now=timezone.now() - limit - timedelta(seconds=1))

    assert health() == (
        503,
        {"status": "unwell", "web": True, "database": True, "worker": False, "workers": 0},
    )


def test_a_worker_that_ended_on_purpose_is_missed_at_once(health):
    heart.beat("one", now=timezone.now())
    heart.stop("one")

    status, body = health()

    assert (status, body["worker"]) == (503, False)


def test_one_of_two_workers_is_enough(health):
    heart.beat("killed", now=timezone.now() - timedelta(hours=1))
    heart.beat("alive", now=timezone.now())

    status, body = health()

    assert (status, body["workers"]) == (200, 1)


def test_a_database_out_of_reach_is_named(health):
    heart.beat("one", now=timezone.now())

    def ask_without_database():
        # A thread has a connection of its own.
        nowhere = {"NAME": "/nowhere/visavis", "HOST": "127.0.0.1", "PORT": "1"}
        own = connections["default"]
        own.settings_dict = own.settings_dict | nowhere
        try:
            return health()
        finally:
            own.close()

    with ThreadPoolExecutor(1) as elsewhere:
        found = elsewhere.submit(ask_without_database).result()

    assert found == (
        503,
        {"status": "unwell", "web": True, "database": False, "worker": False, "workers": 0},
    )
    assert health()[0] == 200
