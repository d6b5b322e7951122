from datetime import timedelta

import pytest
from django.db.models import F

from back_office.staff import IN_DIALOG, at, book, sign_in, told
from factories import make_provider, make_service
from visavis.bookings.models import Appointment, Booking
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(company, service):
    return book(service)


@pytest.fixture
def waiting(company, provider):
    """A booking that awaits approval."""
    features.switch(company, features.APPROVAL, on=True)
    return book(make_service(company, "Plan", [provider], approval_wanted=True), at(14))


def url(booking, page=""):
    return f"/office/willow/bookings/{booking.code}/{page}"


def status_of(booking):
    return Booking.objects.get(pk=booking.pk).status


def test_the_page_of_a_booking_tells_who_what_and_when(client, company, booking):
    sign_in(client, company, "owner")

    page = client.get(url(booking)).content.decode()

    for fact in ("Grace Demo", "grace@example.com", "First talk", "Paris time", booking.code):
        assert fact in page


def test_an_online_booking_opens_the_meeting_by_the_providers_link(client, company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    online = book(make_service(company, "Video talk", [provider], online=True))
    sign_in(client, company, "owner")

    page = client.get(url(online)).content.decode()

    link = JoinLink.objects.get(side="provider")
    assert f"/meet/{link.token}/" in page
    assert "Open meeting" in page


def test_the_page_of_a_booking_says_what_is_wrong_with_its_meeting(client, company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    online = book(make_service(company, "Video talk", [provider], online=True))
    Meeting.objects.update(fault="host_taken", notices="basic")
    sign_in(client, company, "receptionist")

    page = client.get(url(online)).content.decode()

    assert "cannot be opened as things are" in page
    assert "Zoom lets a user lead one at a time" in page
    assert "ends meetings after 40 minutes" in page


def test_what_was_noted_of_a_meeting_does_not_outlive_it(client, company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    online = book(make_service(company, "Video talk", [provider], online=True))
    Meeting.objects.update(notices="basic", wanted=False)
    sign_in(client, company, "receptionist")

    assert "40 minutes" not in client.get(url(online)).content.decode()


def test_a_dialog_gets_the_content_without_the_page_around(client, company, booking):
    sign_in(client, company, "owner")

    answer = client.get(url(booking), headers=IN_DIALOG)

    assert answer.content.decode().lstrip().startswith('<div class="dialog-header">')
    assert "HX-Request" in answer["Vary"]


def test_a_group_lists_everybody_in_it(client, company, provider):
    yoga = make_service(company, "Yoga", [provider], seats=8)
    first, _second = book(yoga), book(yoga, name="Alan Demo")
    sign_in(client, company, "owner")

    page = client.get(f"/office/willow/appointments/{first.appointment_id}/").content.decode()

    assert "Grace Demo" in page
    assert "Alan Demo" in page


def test_a_provider_does_not_find_other_peoples_bookings(client, company, booking):
    make_provider(company, "Bea Demo", member=sign_in(client, company, "provider"))

    assert client.get(url(booking)).status_code == 404
    assert client.get(f"/office/willow/appointments/{booking.appointment_id}/").status_code == 404
    assert client.post(url(booking, "cancel/")).status_code == 404


def test_strangers_do_not_find_a_booking(client, company, booking):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    sign_in(client, oak, "owner")

    assert client.get(url(booking)).status_code == 404
    assert client.get(f"/office/oak/bookings/{booking.code}/").status_code == 404


@pytest.mark.parametrize(
    "page", ["move/", "cancel/", "approve/", "decline/", "complete/", "no-show/", "note/"]
)
def test_a_viewer_changes_nothing(client, company, booking, page):
    sign_in(client, company, "viewer")

    assert client.post(url(booking, page)).status_code == 403


def test_a_booking_asks_for_a_sign_in(client, booking):
    assert client.get(url(booking))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["approve/", "complete/", "no-show/", "note/"])
def test_a_change_is_a_post(client, company, booking, page):
    sign_in(client, company, "owner")

    assert client.get(url(booking, page)).status_code == 405


def test_approving_confirms(client, company, waiting):
    sign_in(client, company, "owner")

    answer = client.post(url(waiting, "approve/"))

    assert answer["Location"] == url(waiting)
    assert status_of(waiting) == "confirmed"


def test_declining_tells_the_reason(client, company, waiting):
    sign_in(client, company, "owner")

    client.post(url(waiting, "decline/"), {"why": "We are full."})

    assert status_of(waiting) == "cancelled"
    assert waiting.changes.latest("pk").why == "We are full."


def test_what_waits_is_listed(client, company, waiting, booking):
    sign_in(client, company, "owner")

    page = client.get("/office/willow/bookings/pending/").content.decode()

    assert waiting.code in page
    assert booking.code not in page


def test_cancelling_asks_first(client, company, booking):
    sign_in(client, company, "owner")

    page = client.get(url(booking, "cancel/"))

    assert "Cancel this booking?" in page.content.decode()
    assert status_of(booking) == "confirmed"


def test_cancelling_keeps_the_reason(client, company, booking):
    sign_in(client, company, "owner")

    client.post(url(booking, "cancel/"), {"why": "Ada is ill.", "tell_client": "on"})

    assert status_of(booking) == "cancelled"
    assert booking.changes.latest("pk").why == "Ada is ill."
    assert ("client", "grace@example.com") in told("cancelled")


@pytest.mark.parametrize("whole", [False, True])
def test_without_the_tick_the_provider_is_told_of_the_end_and_the_client_is_not(
    client, company, booking, whole
):
    sign_in(client, company, "owner")
    appointment = f"/office/willow/appointments/{booking.appointment_id}/cancel/"

    client.post(appointment if whole else url(booking, "cancel/"), {"why": "Ada is ill."})

    assert status_of(booking) == "cancelled"
    assert told("cancelled") == {("provider", "ada@willow.example")}


def test_a_reason_that_is_too_long_is_kept_in_the_form(client, company, booking):
    sign_in(client, company, "owner")

    answer = client.post(url(booking, "cancel/"), {"why": "x" * 501})

    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()
    assert status_of(booking) == "confirmed"


def test_what_is_cancelled_already_is_said(client, company, booking):
    sign_in(client, company, "owner")
    client.post(url(booking, "cancel/"), {"tell_client": "on"})

    answer = client.post(url(booking, "cancel/"), {"tell_client": "on"}, follow=True)

    assert "not possible any more" in answer.content.decode()


def begin():
    """Let what is booked lie in the past."""
    times = ("starts_at", "ends_at", "blocked_from", "blocked_until")
    Appointment.objects.update(**{name: F(name) - timedelta(weeks=8) for name in times})


def test_before_the_start_nothing_is_noted_of_it(client, company, booking):
    sign_in(client, company, "owner")

    client.post(url(booking, "no-show/"))

    assert status_of(booking) == "confirmed"


def test_noting_that_the_client_did_not_come(client, company, booking):
    sign_in(client, company, "owner")
    begin()

    client.post(url(booking, "no-show/"))

    assert status_of(booking) == "no_show"


def test_a_note_for_staff_is_kept_and_leaves_a_line_of_history(client, company, booking):
    sign_in(client, company, "owner")

    client.post(url(booking, "note/"), {"staff_note": "Comes by bike."})

    booking.refresh_from_db()
    assert booking.staff_note == "Comes by bike."
    assert booking.changes.latest("pk").what == "edited"


def test_a_change_leads_back_to_where_it_was_asked_for(client, company, booking):
    sign_in(client, company, "owner")
    calendar = "/office/willow/calendar/?view=day"
    begin()

    answer = client.post(url(booking, "complete/"), {"next": calendar})

    assert answer["Location"] == calendar


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "x"])
def test_a_change_never_leads_out_of_the_house(client, company, booking, elsewhere):
    sign_in(client, company, "owner")
    begin()

    answer = client.post(url(booking, "complete/"), {"next": elsewhere})

    assert answer["Location"] == url(booking)


def test_a_whole_appointment_is_cancelled_with_everybody_in_it(client, company, provider):
    yoga = make_service(company, "Yoga", [provider], seats=8)
    first, second = book(yoga), book(yoga, name="Alan Demo")
    sign_in(client, company, "owner")

    client.post(f"/office/willow/appointments/{first.appointment_id}/cancel/", {"why": "Flood"})

    assert status_of(first) == status_of(second) == "cancelled"


@pytest.mark.parametrize("number", [1, 4])
def test_pending_bookings_take_the_same_queries_however_many_there_are(
    client, company, provider, django_assert_max_num_queries, number
):
    features.switch(company, features.APPROVAL, on=True)
    service = make_service(company, "Plan", [provider], approval_wanted=True)
    for place in range(number):
        book(service, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    with django_assert_max_num_queries(8):
        client.get("/office/willow/bookings/pending/")
