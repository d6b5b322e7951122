from datetime import timedelta

import pytest

from gateways.zoom_simulator import LENA
from local_http import plain_http
from meetings.at_the_hour import Clock, book, links_of, room_of, tend
from visavis.bookings.actors import By
from visavis.bookings.operations import ending
from visavis.connections.models import Connection
from visavis.core.policies import Actor
from visavis.gateways.video import LONGEST_NAME
from visavis.gateways.video.zoom.scopes import INVITE_LINKS, names
from visavis.meetings import entering, personal
from visavis.meetings.models import JoinLink, MeetingProvider, MeetingSettings, PersonalLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def group(online):
    online.seats = 10
    online.places_max = 3
    online.save()
    return online


def open_room(booking, clock):
    clock.set(booking.appointment.starts_at - timedelta(minutes=1))
    return tend(booking.appointment.meeting, clock)


def way_in(link, clock):
    link = entering.find(link.token)
    return entering.let_in(entering.view(link, now=link.meeting.starts_at), now=clock())


def shown_in_zoom(address):
    """Enter as a person would, and return the page."""
    with plain_http(follow_redirects=True) as browser:
        return browser.get(address).text


def asked(zoom):
    return zoom.calls("POST", "/v2/meetings/")


def test_zoom_shows_the_name_that_was_booked(zoom, online, provider, clock):
    booking = book(online, provider, clock, "Zoé Demo")
    open_room(booking, clock)

    address = way_in(links_of(booking)[0], clock)

    assert "Zoé Demo" in shown_in_zoom(address)
    assert address != room_of(booking).join_url


def test_all_names_of_a_meeting_are_asked_for_at_once(zoom, group, provider, clock):
    bookings = [book(group, provider, clock, name) for name in ("Grace Demo", "Alan Demo")]

    open_room(bookings[0], clock)
    tend(bookings[0].appointment.meeting, clock)

    assert len(asked(zoom)) == 1
    assert len({way_in(links_of(one)[0], clock) for one in bookings}) == 2


def test_two_of_the_same_name_and_several_places_are_told_apart(group, provider, clock):
    first = book(group, provider, clock, "Grace Demo", places=2)
    book(group, provider, clock, "grace  demo", email="another@example.com")

    open_room(first, clock)

    shown = PersonalLink.objects.order_by("link__holder_id", "link__place")
    assert [one.name for one in shown] == ["Grace Demo", "Grace Demo (2)", "grace demo (3)"]


def test_a_very_long_name_is_cut_and_still_told_apart(group, provider, clock):
    long = "Wolfeschlegelsteinhausenbergerdorff " * 2
    first = book(group, provider, clock, long, places=2, email="w@example.com")

    open_room(first, clock)

    shown = [one.name for one in PersonalLink.objects.order_by("link__place")]
    assert len(set(shown)) == 2
    assert all(len(name) <= LONGEST_NAME for name in shown)


def test_who_books_late_gets_an_address_at_the_workers_next_look(zoom, group, provider, clock):
    first = book(group, provider, clock, "Grace Demo")
    open_room(first, clock)
    clock.set(clock() - timedelta(minutes=29))
    late = book(group, provider, clock, "Alan Demo", minutes=30)
    clock.set(first.appointment.starts_at)

    before = way_in(links_of(late)[0], clock)
    tend(first.appointment.meeting, clock)

    assert before == room_of(first).join_url
    assert way_in(links_of(late)[0], clock) != before
    assert PersonalLink.objects.get(link=links_of(first)[0]).name == "Grace Demo"


def test_the_provider_does_not_wait_for_names(zoom, online, provider, clock):
    booking = book(online, provider, clock)
    ours = booking.appointment.meeting.links.get(side=JoinLink.Side.PROVIDER)
    clock.set(booking.appointment.starts_at - timedelta(minutes=10))

    entering.start(entering.find(ours.token), clock=clock)
    names_at_start = PersonalLink.objects.count()
    meeting = booking.appointment.meeting
    meeting.refresh_from_db()
    tend(meeting, clock)

    assert names_at_start == 0
    assert meeting.look_at <= clock()
    assert PersonalLink.objects.count() == 1


@pytest.mark.parametrize("trouble", ["server_error", "missing_scope", "error_200"])
def test_without_names_everybody_enters_by_the_rooms_own_address(
    zoom, online, provider, clock, trouble
):
    booking = book(online, provider, clock)
    zoom.fault(trouble, path="*/invite_links")

    meeting = open_room(booking, clock)

    assert meeting.fault == ""
    assert way_in(links_of(booking)[0], clock) == room_of(booking).join_url


def test_what_zoom_does_not_offer_is_asked_for_once(zoom, online, provider, clock):
    booking = book(online, provider, clock)
    zoom.fault("missing_scope", path="*/invite_links")

    open_room(booking, clock)
    tend(booking.appointment.meeting, clock)

    assert len(asked(zoom)) == 1


def test_what_only_failed_is_asked_for_again(zoom, online, provider, clock):
    booking = book(online, provider, clock)
    zoom.fault("server_error", path="*/invite_links", times=1)

    open_room(booking, clock)
    tend(booking.appointment.meeting, clock)

    assert PersonalLink.objects.count() == 1


def test_an_app_without_the_scope_is_not_even_asked(zoom, online, provider, clock):
    granted = [one for one in names(whole_account=True) if not one.startswith(INVITE_LINKS)]
    Connection.objects.update(scopes=" ".join(granted))
    booking = book(online, provider, clock)

    open_room(booking, clock)

    assert asked(zoom) == []


def test_another_room_gives_other_addresses(zoom, online, provider, clock):
    booking = book(online, provider, clock)
    open_room(booking, clock)
    before = way_in(links_of(booking)[0], clock)
    MeetingProvider.objects.filter(provider=provider).update(host_id=LENA)

    tend(booking.appointment.meeting, clock)

    assert way_in(links_of(booking)[0], clock) != before


def test_addresses_are_forgotten_with_the_room_and_names_stay(online, provider, clock):
    booking = book(online, provider, clock)
    open_room(booking, clock)
    ending.cancel(booking, by=By(Actor.STAFF), now=clock())
    tend(booking.appointment.meeting, clock)

    personal.forget_closed(clock())

    kept = PersonalLink.objects.get()
    assert (kept.name, kept.url) == ("Grace Demo", "")


def test_addresses_of_open_rooms_are_kept(online, provider, clock):
    booking = book(online, provider, clock)
    open_room(booking, clock)

    personal.forget_closed(clock())

    assert PersonalLink.objects.get().url


def test_an_address_that_no_key_decrypts_is_done_without(settings, online, provider, clock):
    booking = book(online, provider, clock)
    open_room(booking, clock)
    room = room_of(booking)
    settings.ENCRYPTION_KEYS = ["another key"]

    assert personal.address(links_of(booking)[0], room, now=clock()) == room.join_url


def test_an_address_is_encrypted_in_the_database(online, provider, clock):
    from django.db import connection

    booking = book(online, provider, clock)
    open_room(booking, clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT url FROM meetings_personallink")
        ((stored,),) = cursor.fetchall()

    assert stored
    assert "tk=" not in stored


def test_elsewhere_nobody_has_an_address_of_their_own(zoom, company, online, provider, clock):
    MeetingSettings.objects.create(
        company=company, fallback="fixed", fallback_link="https://meet.example/room"
    )
    booking = book(online, provider, clock)
    zoom.fault("server_error", times=50, path="/v2/users/*")
    clock.set(booking.appointment.starts_at)
    for _look in range(3):
        tend(booking.appointment.meeting, clock)

    assert way_in(links_of(booking)[0], clock) == "https://meet.example/room"
    assert asked(zoom) == []


def test_no_client_is_ever_led_to_the_hosts_door(group, provider, clock):
    bookings = [book(group, provider, clock, f"Client{number} Demo") for number in range(3)]
    open_room(bookings[0], clock)

    for booking in bookings:
        address = way_in(links_of(booking)[0], clock)
        assert "/s/" not in address
        assert "zak" not in address
