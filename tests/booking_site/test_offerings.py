import pytest
from django.urls import reverse

from booking_site.visits import url
from factories import make_member, make_provider, make_service
from visavis.catalog.models import Category
from visavis.companies import features
from visavis.companies.models import Company, FormerSlug

pytestmark = pytest.mark.django_db


def test_the_front_page_leads_to_sign_in_and_sign_up(client):
    page = client.get("/").content.decode()

    assert reverse("account_login") in page
    assert reverse("account_signup") in page


def test_a_closed_installation_offers_no_sign_up(client, settings):
    settings.SIGN_UP_OPEN = False

    page = client.get("/").content.decode()

    assert reverse("account_signup") not in page


def test_the_landing_page_shows_what_is_listed(client, company, service, provider):
    make_service(company, "Secret talk", [provider], listed=False)
    make_service(company, "Old talk", [provider], active=False)

    page = client.get(url("offerings", company)).content.decode()

    assert url("offering", company, service.slug) in page
    assert "Secret talk" not in page
    assert "Old talk" not in page


def test_classes_are_shown_while_their_feature_is_on(client, company, provider):
    make_service(company, "Yoga", [provider], kind="class", seats=5)

    shown = client.get(url("offerings", company)).content.decode()
    features.switch(company, features.CLASSES, on=False)
    hidden = client.get(url("offerings", company)).content.decode()

    assert "Yoga" in shown
    assert "Yoga" not in hidden


def test_offerings_stand_under_their_category(client, company, service):
    service.category = Category.objects.create(company=company, name="Talks")
    service.save()

    response = client.get(url("offerings", company))

    [shelf] = response.context["shelves"]
    assert (shelf.category.name, shelf.offerings) == ("Talks", [service])


def test_many_offerings_can_be_searched(client, company, provider):
    for number in range(9):
        make_service(company, f"Talk {number}", [provider], description="Bring paper")

    found = client.get(url("offerings", company, q="paper talk 7"))
    nothing = client.get(url("offerings", company, q="piano")).content.decode()

    assert [one.name for shelf in found.context["shelves"] for one in shelf.offerings] == ["Talk 7"]
    assert "Nothing found" in nothing


def test_a_company_without_offerings_says_so(client, company):
    page = client.get(url("offerings", company)).content.decode()

    assert "Nothing to book yet" in page


def test_the_landing_page_asks_the_same_number_of_questions_for_many_offerings(
    client, company, provider, django_assert_num_queries
):
    make_service(company, "Talk", [provider], category=Category.objects.create(company=company))
    with django_assert_num_queries(3):
        client.get(url("offerings", company))

    for number in range(3):
        category = Category.objects.create(company=company, name=f"Shelf {number}")
        make_service(company, f"Talk {number}", [provider], category=category)
    with django_assert_num_queries(3):
        client.get(url("offerings", company))


def test_strangers_learn_that_an_unpublished_site_is_not_open(client, company, service):
    Company.objects.update(published=False)

    landing = client.get(url("offerings", company))
    offering = client.get(url("offering", company, service.slug))

    assert (landing.status_code, offering.status_code) == (404, 404)
    assert "not open yet" in landing.content.decode()
    assert "First talk" not in landing.content.decode()


def test_members_preview_an_unpublished_site(client, company, service, owner):
    Company.objects.update(published=False)
    client.force_login(owner)

    page = client.get(url("offerings", company)).content.decode()

    assert "First talk" in page
    assert "not public yet" in page


def test_members_of_another_company_get_no_preview(client, company, service):
    other = Company.objects.create(slug="elm", name="Elm", time_zone="Europe/Paris")
    Company.objects.update(published=False)
    client.force_login(make_member(other, "owner", "owner@elm.example").user)

    response = client.get(url("offerings", company))

    assert response.status_code == 404


def test_a_former_address_leads_to_the_new_one(client, company, service):
    FormerSlug.objects.create(company=company, slug="poplar")

    response = client.get("/poplar/s/first-talk/?day=2027-03-02")

    assert response["Location"] == "/willow/s/first-talk/?day=2027-03-02"


def test_an_unknown_company_is_not_found(client, db):
    assert client.get("/nobody/").status_code == 404


def test_privacy_terms_are_shown_where_there_are_some(client, company):
    without = client.get(url("privacy", company))
    Company.objects.update(privacy_terms="We keep <nothing>.")
    page = client.get(url("privacy", company)).content.decode()

    assert without.status_code == 404
    assert "We keep &lt;nothing&gt;." in page


@pytest.mark.parametrize(
    ("accepts", "cookie", "spoken"),
    [
        ("", "", "fr"),
        ("de-DE,de;q=0.9", "", "fr"),
        ("en-GB,en;q=0.9", "", "en"),
        ("en-GB,en;q=0.9", "fr", "fr"),
        ("*", "", "fr"),
    ],
)
def test_the_visitors_choice_wins_then_the_browsers_then_the_companys(
    client, company, accepts, cookie, spoken
):
    Company.objects.update(language="fr")
    if cookie:
        client.cookies["django_language"] = cookie

    response = client.get(url("offerings", company), headers={"Accept-Language": accepts})

    assert f'<html lang="{spoken}"' in response.content.decode()


def test_a_hidden_offering_is_reached_by_its_direct_link(client, company, provider):
    secret = make_service(company, "Secret talk", [provider], listed=False)

    assert client.get(url("offering", company, secret.slug)).status_code == 200


def test_another_companys_offering_is_not_found(client, company):
    other = Company.objects.create(slug="elm", name="Elm", time_zone="Europe/Paris", published=True)
    make_service(other, "Elm talk", [make_provider(other, "Eve Demo")])

    assert client.get(url("offering", company, "elm-talk")).status_code == 404
