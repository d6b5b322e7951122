from datetime import timedelta

import pytest
from django.utils import timezone

from booking_site.visits import ALAN, at, book, mine, path_of, url
from factories import make_provider, make_service
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import ending, moving
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db

PAGES = ["my_booking", "cancellation", "rescheduling", "calendar_file"]


@pytest.fixture
def online(company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video talk", [provider], online=True, seats=3, places_max=3)


def listing(booking):
    return url("my_bookings", booking.company, booking.client.token)


def test_my_bookings_lists_what_is_ahead_and_what_is_over(client, service, ten):
    ahead, gone = book(service, ten), book(service, at(11))
    ending.cancel(gone, by=by_client("Grace"), now=timezone.now())

    response = client.get(listing(ahead))

    assert [one[0] for one in response.context["upcoming"]] == [ahead]
    assert [one[0] for one in response.context["past"]] == [gone]
    assert mine(ahead) in response.content.decode()


def test_an_online_booking_shows_a_link_for_each_place(client, online, ten):
    booking = book(online, ten, places=2)
    tokens = JoinLink.objects.filter(side="client").values_list("token", flat=True)

    pages = [client.get(page).content.decode() for page in (listing(booking), mine(booking))]

    assert len(tokens) == 2
    assert all(f"/meet/{token}" in page for token in tokens for page in pages)


def test_a_cancelled_booking_shows_no_way_in(client, online, ten):
    booking = book(online, ten)
    ending.cancel(booking, by=by_client("Grace"), now=timezone.now())

    pages = [client.get(page).content.decode() for page in (listing(booking), mine(booking))]

    assert all("/meet/" not in page for page in pages)


def test_a_cancelled_online_booking_names_no_place(client, company, online, ten):
    Company.objects.filter(pk=company.pk).update(address="1 Sample Street")
    booking = book(online, ten)
    ahead = client.get(mine(booking)).text
    ending.cancel(booking, by=by_client("Grace"), now=timezone.now())

    cancelled = client.get(mine(booking)).text

    assert "<dt>Where</dt><dd>Online meeting</dd>" in ahead
    assert "<dt>Where</dt>" not in cancelled


def test_the_list_asks_the_same_number_of_questions_for_many_bookings(
    client, online, ten, django_assert_num_queries
):
    booking = book(online, ten)
    with django_assert_num_queries(5):
        client.get(listing(booking))

    for hour in (11, 12, 13):
        book(online, at(hour))
    with django_assert_num_queries(5):
        client.get(listing(booking))


def test_a_client_without_bookings_is_invited_to_book(client, service, ten):
    booking = book(service, ten)
    token = booking.client.token
    booking.changes.all().delete()
    booking.delete()

    page = client.get(url("my_bookings", service.company, token)).content.decode()

    assert "Nothing ahead" in page


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_a_booking_open_with_its_clients_token_alone(client, service, ten, page):
    booking, other = book(service, ten), book(service, at(11), ALAN)
    company = booking.company
    elm = Company.objects.create(slug="elm", name="Elm", time_zone="UTC", published=True)
    token = booking.client.token

    assert client.get(mine(booking, page)).status_code == 200
    assert client.get(url(page, company, token, other.code)).status_code == 404
    assert client.get(url(page, company, "guess", booking.code)).status_code == 404
    assert client.get(url(page, elm, token, booking.code)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_secret_pages_are_kept_from_caches_search_engines_and_other_sites(
    client, service, ten, page
):
    response = client.get(mine(book(service, ten), page))

    assert "no-store" in response["Cache-Control"]
    # Not no-referrer: browsers then send their forms with an origin of "null", and all fail.
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


def test_my_bookings_stay_reachable_while_the_site_is_not_public(client, service, ten):
    booking = book(service, ten)
    Company.objects.update(published=False)

    assert client.get(mine(booking)).status_code == 200


def test_details_tell_the_history(client, service, ten, owner):
    booking = book(service, ten)
    moving.move(
        booking, starts_at=at(11), provider=None, by=by_staff(owner), now=timezone.now(), why="Ill"
    )

    page = client.get(mine(booking)).content.decode()

    assert "Booked" in page
    assert "Moved" in page
    assert "Ill" in page


def test_the_calendar_file_leads_back_to_the_booking(client, service, ten):
    booking = book(service, ten)

    response = client.get(mine(booking, "calendar_file"))

    assert mine(booking) in response.content.decode().replace("\r\n ", "")


def test_cancelling_is_asked_first_and_then_done(client, service, ten):
    booking = book(service, ten)

    asked = client.get(mine(booking, "cancellation"))
    before = Booking.objects.get().status
    done = client.post(mine(booking, "cancellation"), {"reason": "I am ill"})

    assert "Cancel this booking?" in asked.content.decode()
    assert before == "confirmed"
    assert path_of(done) == mine(booking)
    assert Booking.objects.get().status == "cancelled"
    assert booking.changes.get(what="cancelled").why == "I am ill"
    assert not Appointment.objects.active().exists()


def test_a_reason_that_is_too_long_is_rejected(client, service, ten):
    booking = book(service, ten)

    response = client.post(mine(booking, "cancellation"), {"reason": "x" * 501})

    assert response.status_code == 422
    assert Booking.objects.get().status == "confirmed"


def test_it_is_too_late_to_cancel_within_the_companys_notice(client, company, service, ten):
    booking = book(service, ten)
    Company.objects.update(cancel_notice_minutes=60 * 24 * 30)

    asked = client.get(mine(booking, "cancellation"))
    sent = client.post(mine(booking, "cancellation"), {"reason": "Let me"})

    assert "too late" in asked.content.decode()
    assert "That was possible until" in asked.content.decode()
    assert company.email in asked.content.decode()
    assert sent.status_code == 422
    assert Booking.objects.get().status == "confirmed"


def test_cancelling_twice_changes_nothing(client, service, ten):
    booking = book(service, ten)
    client.post(mine(booking, "cancellation"), {})

    again = client.post(mine(booking, "cancellation"), {})

    assert again.status_code == 422
    assert "cancelled already" in again.content.decode()
    assert booking.changes.filter(what="cancelled").count() == 1


def test_moving_starts_with_the_picker(client, service, ten):
    booking = book(service, ten)

    page = client.get(mine(booking, "rescheduling", day=f"{ten:%Y-%m-%d}"))

    starts = [slot.starts_at for slot in page.context["picker"].slots]
    assert ten not in starts
    assert at(11) in starts


def test_a_long_appointment_may_move_by_less_than_its_length(client, company, provider, ten):
    service = make_service(company, "Long", [provider], duration_minutes=60, step_minutes=30)
    booking = book(service, ten)

    page = client.get(mine(booking, "rescheduling", day=f"{ten:%Y-%m-%d}"))

    assert at(10, 30) in [slot.starts_at for slot in page.context["picker"].slots]


def test_other_times_are_first_looked_for_on_the_day_of_the_booking(client, service):
    booking = book(service, at(10, days=7))

    page = client.get(mine(booking, "rescheduling"))

    assert page.context["picker"].day == at(10, days=7).date()


def move_to(booking, start, **query):
    return mine(booking, "rescheduling", start=f"{start:%Y%m%dT%H%MZ}", **query)


def test_a_chosen_time_is_confirmed_before_the_booking_moves(client, service, ten):
    booking = book(service, ten)

    asked = client.get(move_to(booking, at(11)))
    before = Booking.objects.get().appointment.starts_at
    done = client.post(move_to(booking, at(11)))

    assert "Move this booking?" in asked.content.decode()
    assert before == ten
    assert path_of(done) == mine(booking)
    assert Booking.objects.get().appointment.starts_at == at(11)
    assert Booking.objects.get().moves == 1


def test_a_booking_stays_with_its_provider_unless_another_is_chosen(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])
    booking = book(service, ten, provider=provider)

    client.post(move_to(booking, at(11)))
    stayed = Booking.objects.get().appointment.provider
    client.post(move_to(booking, at(12), provider=other.pk))

    assert stayed == provider
    assert Booking.objects.get().appointment.provider == other


def test_any_provider_may_take_a_moved_booking(client, company, provider, ten):
    other = make_provider(company, "Bea Demo")
    service = make_service(company, "Talk", [provider, other])
    booking = book(service, ten, provider=provider)
    book(service, at(11), ALAN, provider=provider)

    client.post(move_to(booking, at(11), provider="any"))

    assert Booking.objects.get(pk=booking.pk).appointment.provider == other


def test_a_time_taken_meanwhile_leaves_the_booking_where_it_is(client, service, ten):
    booking = book(service, ten)
    book(service, at(11), ALAN)

    response = client.post(move_to(booking, at(11)))

    page = response.content.decode()
    assert response.status_code == 422
    assert "just taken" in page
    assert "Your booking stays as it is" in page
    assert Booking.objects.get(pk=booking.pk).appointment.starts_at == ten


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"move_notice_minutes": 60 * 24 * 30}, "too late"),
        ({"moves_allowed": 0}, "as often as is possible"),
    ],
)
def test_the_companys_rules_end_moving(client, service, ten, setting, words):
    booking = book(service, ten)
    Company.objects.update(**setting)

    asked, sent = client.get(move_to(booking, at(11))), client.post(move_to(booking, at(11)))

    assert words in asked.content.decode()
    assert sent.status_code == 422
    assert Booking.objects.get().appointment.starts_at == ten


def test_nothing_is_moved_where_the_feature_is_off(client, company, service, ten):
    booking = book(service, ten)
    features.switch(company, features.RESCHEDULING, on=False)

    response = client.post(move_to(booking, at(11)))

    assert response.status_code == 422
    assert "cannot be made online" in response.content.decode()
    assert mine(booking, "rescheduling") not in client.get(mine(booking)).content.decode()


def test_a_start_that_is_none_shows_the_picker(client, service, ten):
    booking = book(service, ten)

    response = client.get(mine(booking, "rescheduling", start="20269999T9999Z"))

    assert response.status_code == 200
    assert response.context["picker"].slots


def test_a_lost_link_is_mailed_to_a_client_we_know(client, company, service, ten):
    booking = book(service, ten)

    client.post(url("lost_link", company), {"email": "GRACE@example.com"})

    message = Message.objects.get(event="my_bookings")
    assert (message.recipient, message.about_id) == ("grace@example.com", booking.client.pk)
    assert message.details["my_bookings_link"].endswith(listing(booking))


def test_the_answer_does_not_tell_whether_an_address_is_known(client, company, service, ten):
    book(service, ten)

    known = client.post(url("lost_link", company), {"email": "grace@example.com"})
    unknown = client.post(url("lost_link", company), {"email": "nobody@example.com"})

    assert known["Location"] == unknown["Location"]
    assert "on its way" in client.get(known["Location"]).content.decode()
    assert Message.objects.filter(event="my_bookings").count() == 1


def test_another_companys_client_gets_no_link(client, company, service, ten):
    book(service, ten)
    elm = Company.objects.create(slug="elm", name="Elm", time_zone="UTC", published=True)

    client.post(url("lost_link", elm), {"email": "grace@example.com"})

    assert not Message.objects.filter(event="my_bookings").exists()


def test_asking_for_a_link_is_limited(client, company):
    answers = [client.post(url("lost_link", company), {"email": "x"}) for _n in range(11)]

    assert [answer.status_code for answer in answers[-2:]] == [422, 429]


def test_a_past_booking_cannot_be_changed(client, service, ten):
    booking = book(service, ten)
    Appointment.objects.update(
        blocked_from=ten - timedelta(days=60),
        starts_at=ten - timedelta(days=60),
        ends_at=ten - timedelta(days=60, minutes=-30),
        blocked_until=ten - timedelta(days=60, minutes=-30),
    )

    details = client.get(mine(booking)).content.decode()
    cancelled = client.post(mine(booking, "cancellation"), {})

    assert mine(booking, "cancellation") not in details
    assert "Book again" in details
    assert cancelled.status_code == 422
