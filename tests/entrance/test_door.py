from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import make_member, make_service
from visavis.bookings.actors import By, by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, holds, making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.core.policies import Actor
from visavis.meetings import tending
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider, Room

pytestmark = pytest.mark.django_db


def book(offering, provider, *, minutes, name="Grace Demo"):
    """Book so many minutes from now; negative ones have begun."""
    now = timezone.now()
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return making.book(
        Wish(offering=offering, starts_at=starts_at, provider=provider),
        ClientDetails(name=name, email=f"{name.split()[0]}@example.com", time_zone="Asia/Tokyo"),
        by=by_client(name),
        now=min(now, starts_at - timedelta(hours=1)),
        overriding=STAFF_OVERRIDES,
    )


def door(booking, side="client", page="door"):
    holder = booking.pk if side == "client" else booking.appointment.provider_id
    link = booking.appointment.meeting.links.get(side=side, holder_id=holder)
    return reverse(f"entrance:{page}", args=[link.token])


def open_room(booking):
    meeting = Meeting.objects.select_related("provider__company", "company").get(
        pk=booking.appointment.meeting.pk
    )
    assert tending.claim_one(meeting, now=timezone.now())
    tending.tend(meeting, clock=timezone.now)
    return meeting.rooms.current().get()


def number_in(address):
    """Return the number of the meeting that an address of Zoom leads into."""
    return urlsplit(address).path.rsplit("/", 1)[-1]


def test_an_unknown_link_says_so(client, db):
    response = client.get(reverse("entrance:door", args=["no-such-token"]))

    assert response.status_code == 404
    assert "not known" in response.content.decode()


def test_a_client_who_is_early_sees_when_it_starts_in_their_zone(client, online, provider):
    booking = book(online, provider, minutes=40)

    page = client.get(door(booking)).content.decode()

    assert "Keep this page open" in page
    assert "Tokyo time" in page


@pytest.mark.parametrize(
    ("platform", "said"), [("zoom", True), ("jitsi", False), ("fixed", False), ("none", False)]
)
def test_only_who_meets_on_zoom_reads_about_its_app(client, online, provider, platform, said):
    MeetingProvider.objects.update(platform=platform, fixed_link="https://meet.example/ada")
    booking = book(online, provider, minutes=40)

    page = client.get(door(booking)).content.decode()

    assert "How to prepare" in page
    assert ("Zoom" in page) is said


def test_a_client_is_taken_to_the_room_at_the_hour(client, online, provider):
    booking = book(online, provider, minutes=-1)
    room = open_room(booking)

    response = client.get(door(booking))

    assert response.status_code == 302
    assert number_in(response["Location"]) == room.external_id


def test_the_waiting_page_takes_a_client_in_by_itself(client, online, provider):
    booking = book(online, provider, minutes=-1)
    open_room(booking)

    response = client.get(door(booking, page="state"))

    assert response["HX-Redirect"] == door(booking)


def test_who_waits_when_the_provider_starts_goes_in_by_name(client, online, provider):
    booking = book(online, provider, minutes=5)
    client.post(door(booking, "provider", "start"))

    at_once = client.get(door(booking, page="state"))
    room = open_room(booking)
    then = client.get(door(booking, page="state"))

    assert (at_once.status_code, at_once.headers.get("HX-Redirect")) == (204, None)
    assert room.personal_links.get().name == "Grace Demo"
    assert then["HX-Redirect"] == door(booking)


def test_nobody_waits_long_for_a_name(client, online, provider):
    booking = book(online, provider, minutes=5)
    client.post(door(booking, "provider", "start"))
    Room.objects.update(opened_at=timezone.now() - timedelta(seconds=4))

    response = client.get(door(booking, page="state"))

    assert response["HX-Redirect"] == door(booking)


def test_the_provider_becomes_host_by_a_post(client, zoom, online, provider):
    booking = book(online, provider, minutes=5)

    response = client.post(door(booking, "provider", "start"))

    assert response.status_code == 302
    assert "/s/" in response["Location"]
    assert len(zoom.meetings()) == 1


def test_opening_a_link_starts_nothing(client, zoom, online, provider):
    booking = book(online, provider, minutes=5)

    client.get(door(booking, "provider"))
    client.get(door(booking))
    client.get(door(booking, "provider", "start"))

    assert zoom.meetings() == []


def test_a_client_cannot_start(client, zoom, online, provider):
    booking = book(online, provider, minutes=5)

    response = client.post(door(booking, "client", "start"))

    assert response.status_code == 403
    assert zoom.meetings() == []


def test_the_provider_cannot_start_long_before(client, zoom, online, provider):
    booking = book(online, provider, minutes=60)

    client.post(door(booking, "provider", "start"))

    assert zoom.meetings() == []


def test_the_provider_sees_who_is_waiting(client, online, provider):
    booking = book(online, provider, minutes=5)
    client.get(door(booking))

    page = client.get(door(booking, "provider")).content.decode()

    assert "Grace Demo" in page
    assert "Nobody yet" not in page


def test_a_cancelled_booking_says_so(client, online, provider):
    booking = book(online, provider, minutes=40)
    ending.cancel(booking, by=By(Actor.STAFF), now=timezone.now())

    assert "was cancelled" in client.get(door(booking)).content.decode()


def test_a_provider_with_an_account_must_sign_in(client, company, online, provider):
    provider.member = make_member(company, "provider", "ada@willow.example")
    provider.save()
    booking = book(online, provider, minutes=5)

    response = client.get(door(booking, "provider"))

    assert response["Location"].startswith("/accounts/login/?next=/meet/")


def test_a_stranger_who_signed_in_is_not_let_in_as_the_provider(client, company, online, provider):
    provider.member = make_member(company, "provider", "ada@willow.example")
    provider.save()
    client.force_login(make_member(company, "viewer", "viewer@willow.example").user)
    booking = book(online, provider, minutes=5)

    assert client.get(door(booking, "provider")).status_code == 403
    assert client.post(door(booking, "provider", "start")).status_code == 403


def test_clients_of_a_class_have_links_of_their_own_to_one_room(client, company, online, provider):
    group = make_service(company, "Group", [provider], seats=3, online=True)
    bookings = [
        book(group, provider, minutes=-1, name=name)
        for name in ("Grace Demo", "Alan Demo", "Hedy Demo")
    ]
    open_room(bookings[0])

    doors = JoinLink.objects.filter(side="client")
    reached = {client.get(f"/meet/{link.token}/")["Location"] for link in doors}

    assert len({link.token for link in doors}) == 3
    assert len({number_in(address) for address in reached}) == 1
    assert len(reached) == 3


def test_the_provider_reads_who_has_booked_and_of_no_seat_that_is_held(
    client, company, online, provider
):
    group = make_service(company, "Group", [provider], seats=3, online=True)
    booking = book(group, provider, minutes=120)
    wish = Wish(
        offering=group, starts_at=booking.appointment.starts_at, provider=provider, visitor="one"
    )
    assert holds.hold(wish, address="here", now=timezone.now()).appointment == booking.appointment

    page = client.get(door(booking, "provider"))

    assert page.context["page"].with_whom == "Grace Demo"


def test_trouble_is_told_to_the_provider_with_the_cure(client, zoom, online, provider):
    zoom.fault("server_error", times=20)
    booking = book(online, provider, minutes=5)

    response = client.post(door(booking, "provider", "start"))

    assert response.status_code == 503
    assert "We keep trying" in response.content.decode()


def test_the_page_keeps_its_address_from_other_sites(client, online, provider):
    response = client.get(door(book(online, provider, minutes=40)))

    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_a_door_costs_the_same_number_of_queries_however_full(
    client, company, online, provider, django_assert_max_num_queries
):
    group = make_service(company, "Group", [provider], seats=9, online=True)
    names = ("Grace Demo", "Alan Demo", "Hedy Demo", "Mary Demo")
    bookings = [book(group, provider, minutes=5, name=name) for name in names]

    with django_assert_max_num_queries(9):
        client.get(door(bookings[0], "provider"))
