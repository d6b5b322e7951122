"""What can be set about the company itself."""

import pytest
from django.urls import reverse

from back_office.staff import sign_in
from visavis.companies.models import Company, FormerSlug

pytestmark = pytest.mark.django_db


@pytest.fixture
def details(company):
    return {
        "name": "Willow Practice",
        "slug": "willow",
        "description": "",
        "email": "office@willow.example",
        "phone": "",
        "address": "",
        "time_zone": "Europe/Paris",
        "language": "en",
        "currency": "EUR",
        "accent_colour": "#0f766e",
    }


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def test_details_are_saved(client, company, details):
    sign_in(client, company, "owner")

    client.post(
        page("company_settings", company),
        details | {"name": "Willow & Oak", "accent_colour": "#be123c", "currency": "CHF"},
    )

    company.refresh_from_db()
    assert (company.name, company.accent_colour, company.currency) == (
        "Willow & Oak",
        "#be123c",
        "CHF",
    )


def test_a_changed_address_goes_on_leading_here(client, company, details):
    sign_in(client, company, "owner")

    response = client.post(page("company_settings", company), details | {"slug": "willow-oak"})

    assert response.url == "/office/willow-oak/company/"
    assert client.get("/office/willow/company/").url == "/office/willow-oak/company/"


def test_going_back_to_an_address_one_had_is_possible(client, company, details):
    sign_in(client, company, "owner")
    client.post(page("company_settings", company), details | {"slug": "willow-oak"})

    client.post("/office/willow-oak/company/", details)

    company.refresh_from_db()
    assert company.slug == "willow"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["willow-oak"]


def test_nobody_takes_an_address_another_company_had(client, company, details):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    FormerSlug.objects.create(company=other, slug="old-oak")
    sign_in(client, company, "owner")

    response = client.post(page("company_settings", company), details | {"slug": "old-oak"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["slug"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("accent_colour", "red"), ("time_zone", "Mars/Olympus"), ("email", "nobody"), ("name", "")],
)
def test_nonsense_is_refused_and_the_page_keeps_its_company(client, company, details, field, value):
    sign_in(client, company, "owner")

    response = client.post(page("company_settings", company), details | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["company"].name == "Willow Practice"


def test_booking_rules_are_saved(client, company):
    sign_in(client, company, "owner")

    client.post(
        page("booking_rules", company),
        {
            "notice_minutes": "240",
            "horizon_days": "90",
            "cancel_notice_minutes": "2880",
            "move_notice_minutes": "1440",
            "moves_allowed": "0",
            "recipients": "both",
        },
    )

    company.refresh_from_db()
    assert (company.notice_minutes, company.horizon_days, company.cancel_notice_minutes) == (
        240,
        90,
        2880,
    )
    assert (company.moves_allowed, company.recipients) == (0, "both")


def test_a_value_that_is_not_among_the_usual_ones_is_kept(client, company):
    sign_in(client, company, "owner")
    Company.objects.update(notice_minutes=77)

    response = client.get(page("booking_rules", company))

    assert '<option value="77" selected>' in response.text


def test_messages_cannot_go_to_an_address_that_is_missing(client, company):
    sign_in(client, company, "owner")
    Company.objects.update(email="")

    response = client.post(
        page("booking_rules", company),
        {
            "notice_minutes": "0",
            "horizon_days": "90",
            "cancel_notice_minutes": "0",
            "move_notice_minutes": "0",
            "moves_allowed": "0",
            "recipients": "company",
        },
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["recipients"]


def test_privacy_terms_are_saved(client, company):
    sign_in(client, company, "owner")

    client.post(page("privacy_terms", company), {"privacy_terms": "We keep it to ourselves."})

    company.refresh_from_db()
    assert company.privacy_terms == "We keep it to ourselves."


def test_the_booking_site_is_opened_and_closed(client, company):
    sign_in(client, company, "owner")

    client.post(page("unpublish", company))
    closed = Company.objects.get().published
    client.post(page("publish", company))

    assert (closed, Company.objects.get().published) == (False, True)


def test_publishing_takes_more_than_looking(client, company):
    sign_in(client, company, "owner")

    assert client.get(page("unpublish", company)).status_code == 405


@pytest.mark.parametrize("name", ["company_settings", "booking_rules", "privacy_terms"])
def test_scheduling_administrators_do_not_change_the_company(client, company, name):
    sign_in(client, company, "scheduling_administrator")

    assert client.get(page(name, company)).status_code == 403


def test_strangers_do_not_find_it(client, company):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    assert client.get(page("company_settings", company)).status_code == 404
