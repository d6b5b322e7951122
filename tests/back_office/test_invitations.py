"""Invitations: making, sending, accepting and spoiling them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import sign_in
from factories import make_member
from visavis.companies import operations
from visavis.companies.models import Company, Invitation, Member, User
from visavis.companies.permissions import Role
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(company):
    owner = make_member(company, "owner", "olive@willow.example")
    return operations.offer_membership(
        company, email="new@example.com", role=Role.RECEPTIONIST, by=owner, now=timezone.now()
    )


@pytest.fixture
def newcomer():
    return User.objects.create_user("new@example.com", "correct horse", name="Nora New")


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def link(offer):
    return reverse("back_office:invitation", args=[offer.token])


def test_an_invitation_is_mailed_with_its_link_and_only_a_hash_is_kept(client, company):
    sign_in(client, company, "owner")

    response = client.post(
        page("invite_member", company), {"email": "New@Example.com", "role": "provider"}
    )

    assert response.url == page("members", company)
    invitation, message = Invitation.objects.get(), Message.objects.get(event="invitation")
    assert (invitation.email, invitation.role) == ("new@example.com", "provider")
    assert set(message.details) == {"inviter", "company", "role", "link", "expires"}
    token = message.details["link"].rstrip("/").rpartition("/")[2]
    assert operations.find_invitation(token) == invitation
    assert invitation.token_hash != token


def test_a_wrong_address_is_refused_beside_its_field(client, company):
    sign_in(client, company, "owner")

    response = client.post(page("invite_member", company), {"email": "nobody", "role": "viewer"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email"]
    assert 'value="nobody"' in response.text


def test_a_member_is_not_invited_again(client, company):
    sign_in(client, company, "owner")
    make_member(company, "viewer", "vera@willow.example")

    response = client.post(
        page("invite_member", company), {"email": "VERA@willow.example", "role": "viewer"}
    )

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_administrators_invite_no_owners(client, company):
    sign_in(client, company, "administrator")

    response = client.post(
        page("invite_member", company), {"email": "new@example.com", "role": "owner"}
    )

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_who_is_not_signed_in_signs_up_first_and_comes_back(client, offer):
    shown = client.get(link(offer))

    assert shown.status_code == 200
    assert client.session["invitation"] == offer.token
    assert "/accounts/signup/" in shown.text
    assert not Member.objects.filter(user__email="new@example.com").exists()


def test_who_signs_up_finds_the_invited_address_filled_in(client, offer):
    shown = client.get(link(offer)).text
    sign_up = unescape(re.search(r'href="(/accounts/signup/[^"]+)"', shown)[1])

    form = client.get(sign_up)

    assert form.context["form"]["email"].value() == "new@example.com"
    assert f'name="next" value="{link(offer)}"' in form.text


def test_who_signs_up_is_reminded_whom_they_join(client, offer):
    assert "Willow Practice" not in client.get("/accounts/signup/").text

    client.get(link(offer))

    assert "Then you join Willow Practice." in client.get("/accounts/signup/").text


def test_after_signing_up_the_invitation_waits_at_the_door(client, offer, newcomer):
    client.get(link(offer))
    client.force_login(newcomer)

    response = client.get("/office/")

    assert response.url == link(offer)


def test_looking_at_an_invitation_accepts_nothing(client, offer, newcomer):
    client.force_login(newcomer)

    client.get(link(offer))

    assert not Member.objects.filter(user=newcomer).exists()


def test_accepting_makes_a_member_in_the_role_that_was_offered(client, company, offer, newcomer):
    client.force_login(newcomer)

    response = client.post(link(offer))

    assert response.url == page("dashboard", company)
    assert Member.objects.get(user=newcomer).role == "receptionist"
    assert client.get("/office/").url == page("dashboard", company)


def test_a_member_who_accepts_keeps_the_role_they_have(client, company, offer):
    member = sign_in(client, company, "administrator")

    client.post(link(offer))

    member.refresh_from_db()
    assert member.role == "administrator"


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ({"withdrawn_at": timezone.now()}, "no longer holds"),
        ({"accepted_at": timezone.now()}, "was used"),
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "has expired"),
    ],
)
def test_a_spent_invitation_says_why_and_lets_nobody_in(client, offer, newcomer, spoilt, says):
    Invitation.objects.update(**spoilt)
    client.force_login(newcomer)

    response = client.post(link(offer))

    assert response.status_code == 410
    assert says in response.text
    assert not Member.objects.filter(user=newcomer).exists()


def test_a_token_nobody_made_says_so(client):
    response = client.get(reverse("back_office:invitation", args=["made-up"]))

    assert response.status_code == 404
    assert "do not know this invitation" in response.text


def test_an_invitation_is_used_once(offer, newcomer, company):
    now = timezone.now()
    operations.accept_invitation(offer.invitation, by=newcomer, now=now)

    with pytest.raises(operations.InvitationSpent):
        operations.accept_invitation(offer.invitation, by=newcomer, now=now)


def test_sending_again_makes_a_new_link_and_spoils_the_old_one(client, company, offer):
    sign_in(client, company, "administrator")

    client.post(page("resend_invitation", company, offer.invitation.pk))

    assert Invitation.objects.open().count() == 1
    assert client.get(link(offer)).status_code == 410
    assert Message.objects.filter(event="invitation").count() == 1


def test_a_withdrawn_invitation_takes_back_its_mail(client, company):
    sign_in(client, company, "owner")
    client.post(page("invite_member", company), {"email": "new@example.com", "role": "viewer"})

    client.post(page("withdraw_invitation", company, Invitation.objects.get().pk))

    assert not Invitation.objects.open().exists()
    assert Message.objects.get(event="invitation").status == "cancelled"


def test_strangers_withdraw_nothing(client, company, offer):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    response = client.post(page("withdraw_invitation", other, offer.invitation.pk))

    assert response.status_code == 404
    assert Invitation.objects.open().exists()
