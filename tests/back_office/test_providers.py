"""Providers: adding, changing, linking and letting go."""

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import book, sign_in
from factories import make_member, make_provider
from visavis.bookings.actors import by_staff
from visavis.bookings.operations import ending
from visavis.catalog.models import Provider, WeeklyHours
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Bea Demo",
    "email": "bea@willow.example",
    "phone": "",
    "description": "",
    "time_zone": "America/Montreal",
    "language": "fr",
    "colour": "#be123c",
}


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def test_a_new_provider_works_office_hours_until_somebody_says_otherwise(client, company):
    sign_in(client, company, "scheduling_administrator")

    response = client.post(page("new_provider", company), TYPED)

    bea = Provider.objects.get()
    assert response.url == page("provider_hours", company, bea.pk)
    assert (bea.company, bea.time_zone, bea.language) == (company, "America/Montreal", "fr")
    assert WeeklyHours.objects.filter(provider=bea).count() == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("email", "bea"), ("time_zone", "Nowhere"), ("colour", "pink")],
)
def test_nonsense_is_refused_beside_its_field(client, company, provider, field, value):
    sign_in(client, company, "owner")

    response = client.post(page("provider", company, provider.pk), TYPED | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    provider.refresh_from_db()
    assert provider.name == "Ada Demo"


def test_a_member_is_one_provider_at_most(client, company, provider):
    sign_in(client, company, "owner")
    vera = make_member(company, "provider", "vera@willow.example")
    bea = make_provider(company, "Bea Demo", member=vera)

    client.post(page("link_provider", company, provider.pk), {"member": vera.pk})

    provider.refresh_from_db(), bea.refresh_from_db()
    assert (provider.member, bea.member) == (vera, None)


def test_members_of_other_companies_cannot_be_linked(client, company, provider):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    stranger = make_member(other, "owner", "mallory@oak.example")
    sign_in(client, company, "owner")

    client.post(page("link_provider", company, provider.pk), {"member": stranger.pk})

    provider.refresh_from_db()
    assert provider.member is None


def test_a_provider_with_bookings_ahead_stays_and_the_page_shows_which(
    client, company, provider, service
):
    sign_in(client, company, "owner")
    booking = book(service)

    response = client.post(page("remove_provider", company, provider.pk))

    assert response.status_code == 422
    assert response.context["count"] == 1
    assert page("booking", company, booking.code) in response.text
    provider.refresh_from_db()
    assert provider.active


def test_a_provider_goes_once_nothing_lies_ahead(client, company, provider, service):
    member = sign_in(client, company, "owner")
    provider.member = member
    provider.save()
    ending.cancel(book(service), by=by_staff(member.user), now=timezone.now())

    response = client.post(page("remove_provider", company, provider.pk))

    provider.refresh_from_db()
    assert response.url == page("providers", company)
    assert (provider.active, provider.member) == (False, None)


def test_a_provider_comes_back(client, company, provider):
    sign_in(client, company, "owner")
    client.post(page("remove_provider", company, provider.pk))

    client.post(page("restore_provider", company, provider.pk))

    provider.refresh_from_db()
    assert provider.active


def test_providers_are_put_in_order(client, company, provider):
    sign_in(client, company, "owner")
    bea = make_provider(company, "Bea Demo")

    client.post(page("provider_up", company, bea.pk))

    listed = client.get(page("providers", company)).context["providers"]
    assert listed == [bea, provider]


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_as_many_queries_for_one_as_for_many(
    client, company, count, django_assert_max_num_queries
):
    sign_in(client, company, "owner")
    for number in range(count):
        make_provider(company, f"Provider {number}")

    with django_assert_max_num_queries(7):
        client.get(page("providers", company))


def test_who_does_not_manage_the_catalogue_stays_outside(client, company, provider):
    sign_in(client, company, "receptionist")

    assert client.get(page("provider", company, provider.pk)).status_code == 403


def test_providers_of_other_companies_are_not_found(client, company, provider):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    for name in ("provider", "remove_provider"):
        assert client.get(page(name, other, provider.pk)).status_code == 404
