import pytest

from back_office.staff import at, book, sign_in
from factories import make_service
from visavis.bookings.models import Client
from visavis.companies.models import Company
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/clients/"


@pytest.fixture
def grace(company, now):
    return make_client(company, now)


def make_client(company, now, name="Grace Demo", **fields):
    defaults = {"email": f"{name.split()[0].lower()}@example.com", "phone": "+33 6 12 34"}
    return Client.objects.create(company=company, name=name, created_at=now, **defaults | fields)


def typed(**fields):
    return {"name": "Alan Demo", "email": "alan@example.com", "language": "en"} | fields


@pytest.mark.parametrize("sought", ["grace", "GRACE@EX", "6 12"])
def test_a_client_is_found_by_name_address_and_phone(client, company, now, grace, sought):
    make_client(company, now, "Alan Demo", phone="")
    sign_in(client, company, "owner")

    found = client.get(PAGE, {"q": sought}).context["page"].object_list

    assert list(found) == [grace]


def test_a_client_is_found_by_the_code_of_a_booking(client, company, service):
    booking = book(service)
    sign_in(client, company, "owner")

    found = client.get(PAGE, {"q": booking.code.lower()}).context["page"].object_list

    assert list(found) == [booking.client]


def test_nobody_found_is_said(client, company, grace):
    sign_in(client, company, "owner")

    assert "Nobody found" in client.get(PAGE, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("number", [1, 5])
def test_the_list_takes_the_same_queries_however_long(
    client, company, now, django_assert_max_num_queries, number
):
    for place in range(number):
        make_client(company, now, f"Client{place} Demo")
    sign_in(client, company, "owner")

    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_a_new_client_is_written_down(client, company):
    sign_in(client, company, "owner")

    answer = client.post(f"{PAGE}new/", typed(blocked="on"))

    made = Client.objects.get()
    assert answer["Location"] == f"{PAGE}{made.pk}/"
    assert (made.company, made.email, made.blocked) == (company, "alan@example.com", True)


def test_an_address_belongs_to_one_client(client, company, grace):
    sign_in(client, company, "owner")

    answer = client.post(f"{PAGE}new/", typed(email="GRACE@example.com", notes="Keep me"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Another client has this e-mail address." in page
    assert "Keep me" in page


def test_a_client_is_changed(client, company, grace):
    sign_in(client, company, "owner")

    client.post(f"{PAGE}{grace.pk}/edit/", typed(name="Grace Hopper"))

    grace.refresh_from_db()
    assert (grace.name, grace.blocked) == ("Grace Hopper", False)


def test_the_page_of_a_client_tells_what_they_booked(client, company, provider, service):
    booking = book(service, at(10))
    book(make_service(company, "Massage", [provider]), at(11))
    sign_in(client, company, "owner")

    answer = client.get(f"{PAGE}{booking.client_id}/")

    assert len(answer.context["upcoming"]) == 2
    assert "Massage" in answer.content.decode()


def test_the_link_to_my_bookings_is_sent(client, company, grace):
    sign_in(client, company, "owner")

    client.post(f"{PAGE}{grace.pk}/send-link/")

    message = Message.objects.get(event="my_bookings")
    assert message.recipient == "grace@example.com"
    assert grace.token in message.details["my_bookings_link"]


def test_without_an_address_no_link_is_sent(client, company, now):
    nobody = make_client(company, now, email="")
    sign_in(client, company, "owner")

    answer = client.post(f"{PAGE}{nobody.pk}/send-link/", follow=True)

    assert "no e-mail address" in answer.content.decode()


def test_clients_of_another_company_do_not_exist(client, company, grace):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    sign_in(client, oak, "owner")

    assert client.get(f"/office/oak/clients/{grace.pk}/").status_code == 404
    assert client.get(f"{PAGE}{grace.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["provider", "viewer"])
def test_not_everybody_sees_the_clients(client, company, grace, role):
    sign_in(client, company, role)

    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}{grace.pk}/").status_code == 403


def test_the_clients_ask_for_a_sign_in(client, company):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
