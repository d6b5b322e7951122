"""Founding and changing companies, and who belongs to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from visavis.companies.models import Company, FormerSlug, Invitation, Member, User, new_token
from visavis.companies.permissions import Role
from visavis.companies.pictures import forget_picture
from visavis.companies.slugs import suggested_slug

INVITATION_LASTS = timedelta(days=7)


class LastOwner(Exception):
    """A company must keep somebody who may do everything in it."""


class OwnersOnly(Exception):
    """Only owners make, change or remove owners."""


class AlreadyMember(Exception):
    """Whoever is invited belongs to the company already."""


class InvitationSpent(Exception):
    """The invitation was accepted, withdrawn or has expired."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation with its token, which only the mail to the invited person contains."""

    invitation: Invitation
    token: str


@transaction.atomic
def found(company: Company, *, by: User) -> Company:
    """Save a new company, with whoever makes it as its owner."""
    company.save(force_insert=True)
    Member.objects.create(company=company, user=by, role=Role.OWNER)
    return company


def slug_is_free(slug: str, *, company: Company | None = None) -> bool:
    """Return whether no other company has, or had, this address."""
    used = Company.objects.filter(slug=slug)
    was_used = FormerSlug.objects.filter(slug=slug)
    if company is not None:
        used, was_used = used.exclude(pk=company.pk), was_used.exclude(company=company)
    return not (used.exists() or was_used.exists())


def free_slug(name: str) -> str:
    """Return an address that is free, made from a company's name."""
    wished = suggested_slug(name)
    if slug_is_free(wished):
        return wished
    numbered = (f"{wished[:46].rstrip('-')}-{number}" for number in range(2, 1000))
    return next(slug for slug in numbered if slug_is_free(slug))


@transaction.atomic
def save(company: Company) -> Company:
    """Save what was changed about a company. Its old address goes on leading to it."""
    old = Company.objects.only("slug", "logo").get(pk=company.pk)
    if old.slug != company.slug:
        FormerSlug.objects.filter(company=company, slug=company.slug).delete()
        FormerSlug.objects.create(company=company, slug=old.slug)
    forget_picture(old.logo, unless=company.logo.name)
    company.save()
    return company


def publish(company: Company, *, on: bool) -> Company:
    """Open the booking site to the public, or close it."""
    company.published = on
    company.save(update_fields=["published"])
    return company


@transaction.atomic
def change_role(member: Member, role: Role, *, by: Member) -> Member:
    """Give a member another role. Raises LastOwner or OwnersOnly."""
    _lock_members(member.company)
    member.refresh_from_db(fields=["role"])
    _check_owners([member.role, role], by)
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_member(member: Member, *, by: Member) -> None:
    """Take somebody out of a company. A provider they were stays. Raises LastOwner, OwnersOnly."""
    _lock_members(member.company)
    member.refresh_from_db(fields=["role"])
    _check_owners([member.role], by)
    _keep_an_owner(member)
    member.delete()


@transaction.atomic
def offer_membership(
    company: Company, *, email: str, role: Role, by: Member, now: datetime
) -> Offer:
    """Make an invitation; an open one to the same address is withdrawn.

    Raises AlreadyMember or OwnersOnly.
    """
    _check_owners([role], by)
    if Member.objects.filter(company=company, user__email__iexact=email).exists():
        raise AlreadyMember(email)
    for earlier in Invitation.objects.open().filter(company=company, email__iexact=email):
        withdraw_invitation(earlier, now=now)
    token = new_token()
    invitation = Invitation.objects.create(
        company=company,
        email=email.lower(),
        role=role,
        token_hash=_hashed(token),
        invited_by=by.user,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    return Offer(invitation, token)


def withdraw_invitation(invitation: Invitation, *, now: datetime) -> None:
    """Take an invitation back; its link says so from now on."""
    Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=now)


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation that this token was mailed with, in whatever state it is."""
    return (
        Invitation.objects.select_related("company", "invited_by")
        .filter(token_hash=_hashed(token))
        .first()
    )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User, now: datetime) -> Member:
    """Join the company as invited. A member keeps the role they have.

    Raises InvitationSpent if it was used, withdrawn or has expired in the meantime.
    """
    taken = (
        Invitation.objects.open()
        .filter(pk=invitation.pk, expires_at__gt=now)
        .update(accepted_at=now)
    )
    if not taken:
        raise InvitationSpent
    member, _made = Member.objects.get_or_create(
        company=invitation.company, user=by, defaults={"role": invitation.role}
    )
    return member


def _check_owners(roles: Iterable[str], by: Member) -> None:
    if Role.OWNER in roles and by.role != Role.OWNER:
        raise OwnersOnly


def _keep_an_owner(member: Member) -> None:
    others = Member.objects.filter(company=member.company, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise LastOwner


def _lock_members(company: Company) -> None:
    # Two owners who demote each other at once must not both succeed.
    Company.objects.select_for_update().get(pk=company.pk)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
