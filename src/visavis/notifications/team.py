"""What the team of a company is told, and what a new company sends from the start."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from visavis.companies import operations as companies
from visavis.companies.models import Company, Invitation, Member, User
from visavis.companies.permissions import Role
from visavis.design import moments
from visavis.notifications import operations as notifications
from visavis.notifications.models import Audience, Event, Message, ReminderTime
from visavis.notifications.operations import Recipient, Subject

FIRST_REMINDER_MINUTES = 24 * 60


@transaction.atomic
def found(company: Company, *, by: User) -> Company:
    """Found a company whose clients are reminded a day ahead."""
    companies.found(company, by=by)
    ReminderTime.objects.create(
        company=company, audience=Audience.CLIENT, minutes_before=FIRST_REMINDER_MINUTES
    )
    return company


@transaction.atomic
def invite(company: Company, *, email: str, role: Role, by: Member, now: datetime) -> Invitation:
    """Invite somebody by e-mail; inviting again sends a new link in place of the old one.

    Raises AlreadyMember or OwnersOnly.
    """
    offer = companies.offer_membership(company, email=email, role=role, by=by, now=now)
    invitation = offer.invitation
    path = reverse("back_office:invitation", args=[offer.token])
    with translation.override(company.language):
        details = {
            "inviter": str(by.user),
            "company": company.name,
            "role": str(invitation.get_role_display()),
            "link": f"{settings.BASE_URL}{path}",
            "expires": moments.full_moment(invitation.expires_at, company.time_zone),
        }
    subject = Subject(
        company=company,
        about=Message.About.INVITATION,
        about_id=invitation.pk,
        event=Event.INVITATION,
        key=f"invitation:{invitation.pk}",
        details=details,
    )
    to = Recipient(
        address=invitation.email,
        name="",
        audience=Audience.STAFF,
        language=company.language,
        time_zone=company.time_zone,
    )
    notifications.plan(subject, [to], due_at=now, now=now)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, now: datetime) -> None:
    """Take an invitation back, and its mail if that has not left yet."""
    companies.withdraw_invitation(invitation, now=now)
    notifications.withdraw(about=Message.About.INVITATION, about_ids=[invitation.pk])
