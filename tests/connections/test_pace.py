"""One pace for all processes that ask the same account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from visavis.connections import pace
from visavis.connections import zoom as zoom_setup
from visavis.connections.models import CallPace
from visavis.gateways.video import Fault, TryLater
from visavis.gateways.video.zoom import users
from visavis.gateways.video.zoom.limits import RateClass

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
LIGHT, MEDIUM = RateClass.LIGHT, RateClass.MEDIUM


def taken(count, *, account="A", kind=MEDIUM, now=NOW):
    """Ask so often at one moment; return how many may go at once."""
    return [pace.take(account, kind, now=now) for _number in range(count)].count(0.0)


@pytest.mark.django_db
def test_a_second_of_calls_may_come_at_once_and_then_they_wait():
    assert taken(30) == 11
    assert 0 < pace.take("A", MEDIUM, now=NOW) <= 0.1


@pytest.mark.django_db
def test_time_brings_places_back():
    taken(30)

    assert taken(30, now=NOW + timedelta(seconds=0.5)) == 5
    assert taken(30, now=NOW + timedelta(minutes=1)) == 11


@pytest.mark.django_db
def test_accounts_and_classes_do_not_disturb_each_other():
    taken(30)

    assert taken(30, kind=LIGHT) == 21
    assert taken(30, account="B") == 11


@pytest.mark.django_db
def test_a_refusal_slows_everybody_down_for_a_day():
    taken(1)
    pace.slow_down("A", MEDIUM, limit=4, now=NOW)
    assert taken(30, now=NOW + timedelta(minutes=1)) == 4

    later = NOW + timedelta(days=1, minutes=1)
    taken(30, now=later)
    assert CallPace.objects.get().per_second == 10


@pytest.mark.django_db
def test_a_refusal_that_names_no_limit_halves_the_pace():
    taken(1)
    pace.slow_down("A", MEDIUM, limit=None, now=NOW)

    assert CallPace.objects.get().per_second == 5


@pytest.mark.django_db
def test_calls_that_are_refused_together_halve_it_once():
    taken(1)
    for _call in range(4):
        pace.slow_down("A", MEDIUM, limit=None, now=NOW)

    assert CallPace.objects.get().per_second == 5
    pace.slow_down("A", MEDIUM, limit=None, now=NOW + timedelta(minutes=1))
    assert CallPace.objects.get().per_second == 2


@pytest.mark.django_db(transaction=True)
def test_many_processes_share_one_pace():
    taken(1)

    def ask(number):
        try:
            return taken(4)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(6))) == 10


@pytest.mark.django_db
def test_a_call_waits_for_its_turn_and_is_then_made(connection, zoom):
    client = zoom_setup.client(connection, clock=timezone.now)
    for _number in range(25):
        users.me(client)

    assert [call["status"] for call in zoom.calls("GET", "/v2/users/me")] == [200] * 25


@pytest.mark.django_db
def test_a_turn_too_far_away_is_the_callers_to_wait_for(connection, zoom):
    client = zoom_setup.client(connection, clock=timezone.now)
    users.me(client)
    ahead = int((timezone.now() + timedelta(minutes=1)).timestamp() * 1_000_000)
    CallPace.objects.update(paid_until=ahead)

    with pytest.raises(TryLater) as refusal:
        users.me(client)

    assert refusal.value.fault is Fault.RATE_LIMITED
    assert refusal.value.wait > timedelta(seconds=50)
    assert len(zoom.calls("GET", "/v2/users/me")) == 1


@pytest.mark.django_db
def test_zooms_own_refusal_is_learnt_from(connection, zoom):
    client = zoom_setup.client(connection, clock=timezone.now)
    zoom.fault("too_many_per_second", times=1)

    users.me(client)

    assert CallPace.objects.get().slow_until is not None


@pytest.mark.django_db
def test_the_limit_of_a_day_does_not_slow_us_down(connection, zoom):
    client = zoom_setup.client(connection, clock=timezone.now)
    zoom.fault("too_many_per_day", times=1)

    with pytest.raises(TryLater):
        users.me(client)

    assert CallPace.objects.get().slow_until is None
