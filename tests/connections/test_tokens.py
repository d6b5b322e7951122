"""Keeping a grant alive: one process refreshes, dead grants are noted once, secrets are hidden."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import connections
from django.utils import timezone

from gateways.zoom_simulator import ACCOUNT, CLIENT_ID, OWNER
from visavis.connections import encryption, hosts, operations, tokens
from visavis.connections import zoom as zoom_setup
from visavis.connections.models import Connection
from visavis.gateways.video import Fault, NeedsReconnect, TryLater
from visavis.gateways.video.zoom import users


@pytest.fixture
def expired(connection):
    """A connection whose access token has just run out."""
    connection.expires_at = timezone.now()
    connection.save()
    return connection


def token_of(connection, *, force=False):
    fresh = Connection.objects.get(pk=connection.pk)
    return zoom_setup.access_token(fresh, force=force, clock=timezone.now)


def refreshes(zoom):
    return [call for call in zoom.calls("POST", "/oauth/token") if call["status"] == 200]


def in_threads(count, work):
    """Run `work` in so many threads at once, each with a database connection of its own."""

    def run(number):
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db
def test_a_token_that_still_works_is_used_as_it_is(connection, zoom):
    assert token_of(connection) == connection.access_token

    assert refreshes(zoom) == []


@pytest.mark.django_db
def test_a_token_that_ran_out_is_renewed_and_both_halves_are_kept(expired):
    token = token_of(expired)

    kept = Connection.objects.get(pk=expired.pk)
    assert kept.access_token == token != expired.access_token
    assert kept.refresh_token != expired.refresh_token
    assert kept.expires_at > timezone.now() + timedelta(minutes=50)
    assert kept.refreshing_until is None


@pytest.mark.django_db
def test_a_token_that_is_about_to_run_out_is_renewed(connection):
    Connection.objects.update(expires_at=timezone.now() + timedelta(minutes=2))

    assert token_of(connection) != connection.access_token


@pytest.mark.django_db
def test_a_refused_token_is_renewed_although_it_has_not_run_out(connection):
    assert token_of(connection, force=True) != connection.access_token


@pytest.mark.django_db(transaction=True)
def test_many_at_once_refresh_only_once(expired, zoom):
    found = in_threads(8, lambda number: token_of(expired))

    assert len(set(found)) == 1
    assert found[0] != expired.access_token
    assert len(refreshes(zoom)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_wait_for_a_slow_zoom(expired, zoom):
    zoom.fault("slow", path="/oauth/token", ms=700, times=1)

    found = in_threads(5, lambda number: token_of(expired))

    assert len(set(found)) == 1
    assert len(refreshes(zoom)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_whose_token_was_refused_refresh_only_once(connection, zoom):
    starting = [Connection.objects.get(pk=connection.pk) for _number in range(6)]

    found = in_threads(
        6,
        lambda number: zoom_setup.access_token(starting[number], force=True, clock=timezone.now),
    )

    assert len(set(found)) == 1
    assert len(refreshes(zoom)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_fetch_one_server_to_server_token(expired, zoom, settings):
    settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "visavis-server", "visavis-server-secret"
    settings.ZOOM_ACCOUNT_ID, settings.ZOOM_ACCOUNT_COMPANY = ACCOUNT, "willow"
    Connection.objects.update(mode="server", client_id="visavis-server", refresh_token="")

    found = in_threads(6, lambda number: token_of(expired))

    assert len(set(found)) == 1
    assert len(refreshes(zoom)) == 1


@pytest.mark.django_db
def test_the_lease_of_one_who_died_runs_out(expired):
    Connection.objects.update(refreshing_until=timezone.now() + timedelta(seconds=0.5))

    assert token_of(expired) != expired.access_token


@pytest.mark.django_db
def test_who_waits_too_long_for_another_process_is_told_to_try_later(expired, monkeypatch):
    monkeypatch.setattr(tokens, "PATIENCE_SECONDS", 0.1)
    Connection.objects.update(refreshing_until=timezone.now() + timedelta(minutes=1))

    with pytest.raises(TryLater):
        token_of(expired)


@pytest.mark.django_db
def test_a_dead_grant_is_noted_once(expired, zoom):
    zoom.fault("invalid_grant")

    for _time in range(3):
        with pytest.raises(NeedsReconnect):
            token_of(expired)

    kept = Connection.objects.get(pk=expired.pk)
    assert kept.attention == Fault.RECONNECT
    assert kept.attention_since is not None
    tried = zoom.calls("POST", "/oauth/token")
    assert len(tried) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        {"status": 400, "error": "invalid_grant"},
        {"status": 401, "error": "invalid_grant"},
        {"status": 401, "error": "invalid_request"},
        {"status": 400, "error": "invalid_request"},
    ],
)
def test_a_dead_grant_is_known_by_all_the_words_that_zoom_had_for_it(expired, zoom, words):
    zoom.fault("invalid_grant", **words)

    with pytest.raises(NeedsReconnect):
        token_of(expired)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-2, 2])
def test_clocks_that_differ_cost_a_refresh_at_most(connection, zoom, hours):
    zoom.steer("POST", "/clock", advance=hours * 3600)

    client = zoom_setup.client(connection, clock=timezone.now)

    assert users.me(client).id == OWNER
    assert len(refreshes(zoom)) == (1 if hours > 0 else 0)


@pytest.mark.django_db
def test_a_dead_grant_that_was_told_of_is_not_told_of_again(expired, zoom):
    told = timezone.now()
    tokens.needs_attention(expired, Fault.RECONNECT, now=told - timedelta(hours=1))
    Connection.objects.update(attention_told_at=told)

    tokens.needs_attention(expired, Fault.RECONNECT, now=told)

    kept = Connection.objects.get(pk=expired.pk)
    assert kept.attention_told_at == told
    assert kept.attention_since == told - timedelta(hours=1)


@pytest.mark.django_db
def test_zoom_being_down_lets_the_old_pair_be_tried_again(expired, zoom):
    zoom.fault("token_server_error", status=503, times=1)
    with pytest.raises(TryLater):
        token_of(expired)

    assert token_of(expired) != expired.access_token
    assert Connection.objects.get(pk=expired.pk).attention == ""


@pytest.mark.django_db
def test_a_lost_answer_to_a_refresh_ends_in_a_request_for_attention(expired, zoom):
    zoom.fault("refresh_lost", times=1)
    with pytest.raises(TryLater):
        token_of(expired)

    # Zoom has rotated the token, and we never saw the new one: only people can mend that.
    with pytest.raises(NeedsReconnect):
        token_of(expired)

    assert Connection.objects.get(pk=expired.pk).attention == Fault.RECONNECT


@pytest.mark.django_db
def test_an_ended_connection_gives_no_tokens(connection):
    operations.end(connection, because="disconnected", now=timezone.now())

    with pytest.raises(NeedsReconnect):
        token_of(connection)


@pytest.mark.django_db
def test_no_token_stands_in_the_database_as_it_is(connection):
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM connections_connection")
        row = " ".join(str(value) for value in cursor.fetchone())

    for secret in (connection.access_token, connection.refresh_token):
        assert secret not in row
        assert base64.b64encode(secret.encode()).decode() not in row


@pytest.mark.django_db
def test_nothing_of_zoom_is_kept_after_the_end(connection):
    operations.end(connection, because="disconnected", now=timezone.now())

    with database.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token, user_id FROM connections_connection")
        assert cursor.fetchone() == ("", "", "")
    assert connection.users.count() == 0


@pytest.mark.django_db
def test_a_new_key_in_front_keeps_old_tokens_readable(connection, settings):
    settings.ENCRYPTION_KEYS = ["new key", settings.SECRET_KEY]

    assert Connection.objects.get(pk=connection.pk).access_token == connection.access_token


@pytest.mark.django_db
def test_what_is_saved_after_a_rotation_needs_the_old_key_no_more(connection, settings):
    settings.ENCRYPTION_KEYS = ["new key", settings.SECRET_KEY]
    Connection.objects.get(pk=connection.pk).save()

    settings.ENCRYPTION_KEYS = ["new key"]

    assert Connection.objects.get(pk=connection.pk).access_token == connection.access_token


def test_encryption_gives_another_text_each_time():
    field = encryption.EncryptedTextField()

    assert field.get_prep_value("secret") != field.get_prep_value("secret")
    assert field.get_prep_value("") == ""


@pytest.mark.django_db
def test_what_was_removed_at_zoom_is_ended_and_said_once(connection):
    now, everywhere = timezone.now(), Connection.objects.all()

    whose = {"client_id": CLIENT_ID, "user_id": OWNER, "at": now, "now": now}
    first = operations.deauthorised(everywhere, **whose)
    second = operations.deauthorised(everywhere, **whose)

    assert [one.pk for one in first] == [connection.pk]
    assert second == []
    assert not Connection.objects.get(pk=connection.pk).live


@pytest.mark.django_db
def test_users_who_left_the_account_are_kept_as_gone(connection, zoom):
    hosts.look_around(connection, clock=timezone.now)
    zoom.steer("DELETE", "/users/DemoLicensed0000000003")

    hosts.look_around(connection, clock=timezone.now)

    gone = connection.users.exclude(gone_at=None)
    assert [user.external_id for user in gone] == ["DemoLicensed0000000003"]
