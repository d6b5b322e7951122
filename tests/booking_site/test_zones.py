"""In which zone a visitor reads times: chosen by hand, the device's own, or the company's."""

from zoneinfo import ZoneInfo

import pytest

from booking_site.visits import at, book, mine, typed, url
from factories import make_service
from visavis.bookings.models import Booking
from visavis.companies import features
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db
FOLLOWS = "data-zone-follow"


@pytest.fixture
def video(company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video", [provider], online=True)


@pytest.fixture
def far(client):
    """A visitor whose browser has said that it is in New York."""
    client.cookies["own_zone"] = "America/New_York"
    return client


def read(client, offering):
    """Return the page of an offering, and the zone of its times."""
    page = client.get(url("offering", offering.company, offering.slug, day=at(9).date()))
    assert page.context["picker"].slots[0].starts_at == at(9)
    return page.content.decode(), page.context["picker"].zone


def choose(client, company, zone):
    client.post(url("time_zone", company), {"time_zone": zone})


def test_times_of_an_online_meeting_are_those_of_the_device(far, video):
    page, zone = read(far, video)

    local = at(9).astimezone(ZoneInfo("America/New_York"))
    assert zone == "America/New_York"
    assert f"{local.hour}:00" in page
    assert "as on your device" in page
    assert "Show times for Paris" in page


def test_times_of_an_appointment_in_person_are_those_of_the_place(far, service):
    page, zone = read(far, service)

    assert zone == "Europe/Paris"
    assert FOLLOWS not in page
    assert "data-zone-offer" in page


def test_while_online_meetings_are_switched_off_nobody_meets_online(far, company, video):
    features.switch(company, features.ONLINE_MEETINGS, on=False)

    assert read(far, video)[1] == "Europe/Paris"


@pytest.mark.parametrize("cookie", ["", "Europe/Atlantis", "<script>"])
def test_a_device_that_says_nothing_sensible_gets_the_companys_zone(client, video, cookie):
    client.cookies["own_zone"] = cookie

    page, zone = read(client, video)

    assert zone == "Europe/Paris"
    assert f'{FOLLOWS}="Europe/Paris"' in page
    assert "as on your device" not in page
    assert "Show times for Paris" not in page


@pytest.mark.parametrize("chosen", ["Europe/London", "Europe/Paris"])
def test_a_zone_chosen_by_hand_stays(far, company, video, chosen):
    choose(far, company, chosen)

    page, zone = read(far, video)

    assert zone == chosen
    assert FOLLOWS not in page
    assert "as on your device" not in page


def test_whoever_chose_a_zone_finds_the_way_back_to_the_companys(client, company, service):
    choose(client, company, "Europe/London")

    page, _zone = read(client, service)

    assert "Show times for Paris" in page


def test_the_question_for_a_zone_begins_with_the_devices_own(far, company):
    page = far.get(url("time_zone", company))

    assert page.context["form"]["time_zone"].value() == "America/New_York"


@pytest.mark.parametrize(
    ("kind", "zone"), [("video", "America/New_York"), ("service", "Europe/Paris")]
)
def test_booking_and_mails_are_in_the_zone_that_was_read(far, company, request, kind, zone):
    offering = request.getfixturevalue(kind)
    form = url("details", company, offering.slug, at(9))

    assert far.get(form).context["zone"] == zone
    far.post(form, typed())

    assert Booking.objects.get().time_zone == zone
    assert Message.objects.get(audience="client", event="confirmed").time_zone == zone


def test_a_booking_is_moved_in_the_zone_that_its_mails_have_named(far, video):
    booking = book(video, at(9))

    page = far.get(mine(booking, "rescheduling"))

    assert page.context["picker"].zone == "Europe/Paris"
    assert FOLLOWS not in page.content.decode()
