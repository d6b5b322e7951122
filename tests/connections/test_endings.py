"""What ends stays ended and empty, also if Zoom was just being asked something."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from gateways.zoom_simulator import ACCOUNT, OWNER
from visavis.connections import authorising, hosts, operations
from visavis.connections import zoom as zoom_setup
from visavis.connections.models import Connection, PlatformUser
from visavis.gateways.video import NeedsReconnect


def end(connection):
    return operations.end(
        Connection.objects.get(pk=connection.pk), because="disconnected", now=timezone.now()
    )


def while_zoom_thinks(zoom, path, work, meanwhile):
    """Do `work` in a thread, and `meanwhile` after it has asked Zoom for `path`; return both."""
    before = len(zoom.calls("", path))
    zoom.fault("slow", path=path, ms=700, times=1)

    def run():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        deadline = time.monotonic() + 5
        while zoom.steer("GET", "/faults")["faults"] and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(zoom.calls("", path)) == before, "Zoom has answered already"
        done = meanwhile()
        return future.exception() or future.result(), done


@pytest.mark.django_db(transaction=True)
def test_a_refresh_under_way_writes_no_tokens_back(connection, zoom):
    Connection.objects.update(expires_at=timezone.now())
    fresh = Connection.objects.get()

    outcome, _ended = while_zoom_thinks(
        zoom,
        "/oauth/token",
        lambda: zoom_setup.access_token(fresh, force=False, clock=timezone.now),
        lambda: end(connection),
    )

    assert isinstance(outcome, NeedsReconnect)
    kept = Connection.objects.get()
    assert (kept.access_token, kept.refresh_token, kept.scopes) == ("", "", "")
    assert kept.disconnected_because == "disconnected"


@pytest.mark.django_db(transaction=True)
def test_a_look_around_under_way_brings_nobody_back(connection, zoom):
    # Of a Server-to-Server app the list is all that is asked for.
    Connection.objects.update(mode="server")
    fresh = Connection.objects.get()

    while_zoom_thinks(
        zoom,
        "/v2/users",
        lambda: hosts.look_around(fresh, clock=timezone.now),
        lambda: end(connection),
    )

    assert not PlatformUser.objects.exists()
    assert Connection.objects.get().users_fetched_at is None


@pytest.mark.django_db(transaction=True)
def test_who_connects_anew_while_the_connection_is_ended_gets_another(
    connection, zoom, company, owner, settings
):
    settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "visavis-server", "visavis-server-secret"
    settings.ZOOM_ACCOUNT_ID, settings.ZOOM_ACCOUNT_COMPANY = ACCOUNT, "willow"
    Connection.objects.update(mode="server", client_id="visavis-server", user_id="")

    outcome, ended = while_zoom_thinks(
        zoom,
        "/oauth/token",
        lambda: authorising.connect_account(company, by=owner, clock=timezone.now),
        lambda: end(connection),
    )

    assert ended
    former = Connection.objects.get(pk=connection.pk)
    assert (former.live, former.access_token) == (False, "")
    assert Connection.objects.live().get() == outcome


@pytest.mark.django_db
def test_an_end_comes_once(connection):
    assert end(connection)
    assert not end(connection)


@pytest.mark.django_db
def test_nothing_that_zoom_told_stays_in_an_ended_connection(connection):
    Connection.objects.update(user_email="olivia.owner@example.com", scopes="user:read")

    end(connection)

    row = Connection.objects.values_list().get()
    for fact in (OWNER, "Demo Owner", "olivia.owner@example.com", "DemoPracticeAccount01"):
        assert fact not in row


@pytest.mark.django_db
def test_a_look_that_failed_is_made_again_soon(connection, zoom):
    zoom.fault("server_error", path="/v2/users")

    hosts.look_around(connection, clock=timezone.now)

    fresh = Connection.objects.get()
    assert fresh.look_around_at < timezone.now() + timedelta(minutes=11)
    assert [user.external_id for user in fresh.users.filter(gone_at=None)] == [OWNER]


@pytest.mark.django_db
def test_a_later_look_that_failed_is_made_again_soon_too(connection, zoom):
    hosts.look_around(connection, clock=timezone.now)
    zoom.fault("server_error", path="/v2/users")

    hosts.look_around(connection, clock=timezone.now)

    fresh = Connection.objects.get()
    assert fresh.look_around_at < timezone.now() + timedelta(minutes=11)
    assert fresh.shared_access == "yes"
