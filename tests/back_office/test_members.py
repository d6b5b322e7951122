"""The team: roles, and the owners who keep it."""

import pytest
from django.urls import reverse

from back_office.staff import sign_in
from factories import make_member
from visavis.companies.models import Company, Member
from visavis.companies.permissions import PERMISSIONS_OF, Permission, Role

pytestmark = pytest.mark.django_db


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def role_of(member):
    return Member.objects.get(pk=member.pk).role


def test_the_team_is_listed_the_most_powerful_first(client, company):
    sign_in(client, company, "administrator")
    make_member(company, "viewer", "anna@willow.example")
    make_member(company, "owner", "zoe@willow.example")

    response = client.get(page("members", company))

    roles = [one.role for one in response.context["members"]]
    assert roles == ["owner", "administrator", "viewer"]


@pytest.mark.parametrize(
    "role", [role for role in Role if Permission.MANAGE_MEMBERS not in PERMISSIONS_OF[role]]
)
def test_only_who_manages_members_opens_the_team(client, company, role):
    sign_in(client, company, role)

    assert client.get(page("members", company)).status_code == 403
    assert client.get(page("invite_member", company)).status_code == 403


def test_a_member_gets_another_role(client, company):
    sign_in(client, company, "administrator")
    vera = make_member(company, "viewer", "vera@willow.example")

    response = client.post(page("member", company, vera.pk), {"role": "receptionist"})

    assert response.url == page("members", company)
    assert role_of(vera) == "receptionist"


def test_a_role_that_does_not_exist_is_refused(client, company):
    sign_in(client, company, "owner")
    vera = make_member(company, "viewer", "vera@willow.example")

    response = client.post(page("member", company, vera.pk), {"role": "emperor"})

    assert response.status_code == 422
    assert role_of(vera) == "viewer"


def test_the_last_owner_stays_owner(client, company):
    owner = sign_in(client, company, "owner")

    response = client.post(page("member", company, owner.pk), {"role": "viewer"})

    assert response.status_code == 422
    assert "at least one owner" in response.text
    assert role_of(owner) == "owner"


def test_the_last_owner_cannot_leave(client, company):
    owner = sign_in(client, company, "owner")

    response = client.post(page("remove_member", company, owner.pk))

    assert response.url == page("member", company, owner.pk)
    assert Member.objects.filter(pk=owner.pk).exists()


def test_one_of_two_owners_can_leave(client, company):
    owner = sign_in(client, company, "owner")
    make_member(company, "owner", "zoe@willow.example")

    response = client.post(page("remove_member", company, owner.pk))

    assert response.url == "/office/"
    assert not Member.objects.filter(pk=owner.pk).exists()


@pytest.mark.parametrize("name", ["member", "remove_member"])
def test_administrators_touch_no_owner(client, company, name):
    sign_in(client, company, "administrator")
    make_member(company, "owner", "second@willow.example")
    zoe = make_member(company, "owner", "zoe@willow.example")

    client.post(page(name, company, zoe.pk), {"role": "viewer"})

    assert role_of(zoe) == "owner"


def test_administrators_make_no_owner(client, company):
    sign_in(client, company, "administrator")
    vera = make_member(company, "viewer", "vera@willow.example")

    response = client.post(page("member", company, vera.pk), {"role": "owner"})

    assert response.status_code == 422
    assert role_of(vera) == "viewer"


def test_whoever_is_removed_loses_access_and_their_calendar_stays(client, company, provider):
    sign_in(client, company, "owner")
    provider.member = make_member(company, "provider", "ada@willow.example")
    provider.save()

    client.post(page("remove_member", company, provider.member.pk))

    provider.refresh_from_db()
    assert (provider.member, provider.active) == (None, True)


def test_members_of_other_companies_are_not_found(client, company):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    vera = make_member(other, "viewer", "vera@oak.example")
    sign_in(client, company, "owner")

    assert client.get(page("member", company, vera.pk)).status_code == 404
    assert client.post(page("remove_member", company, vera.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_team_takes_as_many_queries_for_one_as_for_many(
    client, company, count, django_assert_max_num_queries
):
    sign_in(client, company, "owner")
    for number in range(count):
        make_member(company, "viewer", f"vera{number}@willow.example")

    with django_assert_max_num_queries(8):
        client.get(page("members", company))
