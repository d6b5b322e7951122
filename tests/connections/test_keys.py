"""Keys that change: secrets go on being read, are written anew, and a lost key breaks no page."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from back_office.staff import book, sign_in
from factories import make_member
from gateways.zoom_simulator import LIAM
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Booking
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.connections import keys
from visavis.connections import zoom as zoom_setup
from visavis.connections.encryption import is_unreadable
from visavis.connections.models import Connection, Mode, PlatformApp
from visavis.gateways.video import NeedsReconnect
from visavis.meetings import rooms, tending
from visavis.meetings.models import Room
from visavis.notifications.models import Message
from visavis.worker import troubles

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/online-meetings/"


@pytest.fixture
def rotated(settings):
    settings.ENCRYPTION_KEYS = ["a new key", settings.SECRET_KEY]


@pytest.fixture
def lost(connection, settings):
    settings.ENCRYPTION_KEYS = ["another key"]
    return connection


def fresh(connection):
    return Connection.objects.get(pk=connection.pk)


def doctor():
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    return next(line for line in out.getvalue().splitlines() if line.startswith("Keys"))


def test_rotating_writes_every_secret_with_the_first_key(connection, company, settings, rotated):
    app = PlatformApp.objects.create(
        company=company, platform="zoom", mode=Mode.OAUTH, client_id="x",
        client_secret="theirs", entered_at=timezone.now(),
    )  # fmt: skip

    call_command("rotate_keys", stdout=StringIO())

    settings.ENCRYPTION_KEYS = ["a new key"]
    assert fresh(connection).access_token == connection.access_token
    assert fresh(connection).refresh_token == connection.refresh_token
    assert PlatformApp.objects.get(pk=app.pk).client_secret == "theirs"


def test_rotating_goes_through_all_batches_and_may_be_repeated(
    connection, settings, rotated, monkeypatch
):
    monkeypatch.setattr(keys, "BATCH", 1)
    Connection.objects.update(disconnected_at=timezone.now())
    for number in range(3):
        copy = fresh(connection)
        copy.pk, copy.disconnected_at = None, timezone.now()
        settings.ENCRYPTION_KEYS = [settings.SECRET_KEY]
        copy.save()
        assert number < 3
    settings.ENCRYPTION_KEYS = ["a new key", settings.SECRET_KEY]

    assert keys.rotate().written == 8
    assert keys.rotate().written == 0


def test_every_table_with_secrets_is_known():
    found = {(place.model.__name__, place.field) for place in keys.places()}

    assert {
        ("Connection", "access_token"), ("Connection", "refresh_token"),
        ("PlatformApp", "client_secret"), ("PlatformApp", "webhook_secret"),
        ("Room", "join_url"), ("Room", "passcode"),
    } <= found  # fmt: skip


def test_a_secret_that_changed_meanwhile_is_left_alone(connection, rotated):
    place = next(one for one in keys.places() if one.field == "access_token")
    ((key, raw),) = place.outdated()
    Connection.objects.update(access_token="a newer one")

    assert place.replace(key, raw, "overwritten") == 0
    assert fresh(connection).access_token == "a newer one"


def test_the_doctor_says_what_an_old_key_is_still_needed_for(connection, rotated):
    assert "2 secrets do not use the first key" in doctor()

    keys.rotate()

    assert doctor().endswith("ok")


def test_rotating_says_what_no_key_reads(lost):
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("rotate_keys", stdout=out)

    assert "2 secrets fit none of the keys" in out.getvalue()


def test_a_lost_key_is_noted_before_anybody_needs_the_connection(lost):
    keys.notice_unreadable(timezone.now())

    assert fresh(lost).attention == "key"


def test_a_lost_key_is_told_once(lost, company):
    make_member(company, "owner", "owner@willow.example")

    for _time in range(3):
        keys.notice_unreadable(timezone.now())
        with pytest.raises(NeedsReconnect):
            zoom_setup.access_token(fresh(lost), force=False, clock=timezone.now)
        troubles.tell(timezone.now())

    assert [one.recipient for one in Message.objects.all()] == ["owner@willow.example"]


def test_saving_does_not_destroy_what_cannot_be_read(lost, settings):
    fresh(lost).save()

    settings.ENCRYPTION_KEYS = []
    assert fresh(lost).access_token == lost.access_token


def test_when_the_key_is_back_the_connection_works_again(lost, settings):
    keys.notice_unreadable(timezone.now())
    settings.ENCRYPTION_KEYS = []

    keys.notice_unreadable(timezone.now())

    assert fresh(lost).attention == ""
    token = zoom_setup.access_token(fresh(lost), force=False, clock=timezone.now)
    assert token == lost.access_token


def test_the_settings_say_to_authorise_anew(client, company, lost):
    sign_in(client, company, "owner")

    for page in (PAGE, f"{PAGE}zoom/app/", f"{PAGE}providers/", "/office/willow/"):
        assert client.get(page).status_code == 200, page
    assert "authorise anew" in client.get(PAGE).content.decode()


def test_disconnecting_works_with_a_lost_key(client, company, lost):
    sign_in(client, company, "owner")

    client.post(f"{PAGE}zoom/disconnect/")

    assert not Connection.objects.live().exists()


def test_a_lost_secret_of_an_own_app_breaks_no_page(client, company, zoom, settings):
    PlatformApp.objects.create(
        company=company, platform="zoom", mode=Mode.OAUTH, client_id="x",
        client_secret="theirs", webhook_secret="theirs", entered_at=timezone.now(),
    )  # fmt: skip
    settings.ENCRYPTION_KEYS = ["another key"]
    sign_in(client, company, "owner")

    assert "cannot be read" in client.get(PAGE).content.decode()
    assert "enter it once more" in client.get(f"{PAGE}zoom/app/").content.decode()
    assert "cannot be read" in client.post(f"{PAGE}zoom/check/").content.decode()
    assert client.post(f"{PAGE}zoom/authorise/").status_code == 302


@pytest.fixture
def open_room(online, provider):
    """A meeting whose room was opened some minutes ago."""
    now = timezone.now()
    booking = making.book(
        Wish(offering=online, starts_at=now + timedelta(minutes=1), provider=provider),
        ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris"),
        by=by_client("Grace"),
        now=now,
        overriding=STAFF_OVERRIDES,
    )
    Room.objects.create(
        meeting=booking.appointment.meeting, platform="zoom", host_id=LIAM, asked_at=now,
        external_id="81234567890", opened_at=now, join_url="https://zoom.example/j/81234567890",
    )  # fmt: skip
    return booking.appointment.meeting


def test_with_a_lost_key_clients_wait_and_providers_are_told(client, open_room, lost):
    guest, host = (open_room.links.get(side=side) for side in ("client", "provider"))

    assert client.get(f"/meet/{guest.token}/").status_code == 200
    assert client.get(f"/meet/{host.token}/").status_code == 200
    answer = client.post(f"/meet/{host.token}/start/")
    assert answer.status_code == 503
    assert "authorise anew" in answer.content.decode()


def test_a_room_that_cannot_be_read_is_replaced_when_zoom_is_connected_again(
    open_room, lost, zoom, settings
):
    Connection.objects.update(
        access_token=zoom.tokens["access_token"], refresh_token=zoom.tokens["refresh_token"]
    )
    tending.claim_one(open_room, now=timezone.now())
    tending.tend(open_room, clock=timezone.now)

    assert is_unreadable(Room.objects.get(external_id="81234567890").join_url)
    assert rooms.usable_room(open_room) is not None


def test_booking_asks_for_no_key(client, online, provider, lost):
    book(online, provider=provider)

    assert Booking.objects.count() == 1
