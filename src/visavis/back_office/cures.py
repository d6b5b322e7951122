"""What can be done about each reason why a start cannot be booked, and where.

A cure is shown to those alone who may open its page.
"""

from dataclasses import dataclass

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.back_office.views.offerings import page_of
from visavis.back_office.whose import (
    AWAY,
    HOLIDAYS,
    SPECIAL,
    WEEK,
    Whose,
    of_company,
    of_member,
    of_provider,
    of_service,
)
from visavis.bookings.why_not import Answer
from visavis.catalog.models import Offering
from visavis.companies.models import Member
from visavis.companies.permissions import Permission
from visavis.core.refusals import Owner, Refusal


@dataclass(frozen=True, slots=True)
class Cure:
    """A link to where something can be done."""

    label: Promise
    url: str


_PAGES = {
    Refusal.COMPANY_CLOSED: (WEEK, _("Change the opening hours")),
    Refusal.PROVIDER_NOT_WORKING: (WEEK, _("Change the weekly hours")),
    Refusal.OUTSIDE_OFFERING_HOURS: (WEEK, _("Change the hours of the service")),
    Refusal.PUBLIC_HOLIDAY: (HOLIDAYS, _("Choose the public holidays")),
    Refusal.SPECIAL_DAY_CLOSED: (SPECIAL, _("Change the special day")),
    Refusal.TIME_OFF: (AWAY, _("Change the time off")),
}
_OF_OFFERING = {
    Refusal.OFF_GRID: _("Change when bookings start"),
    Refusal.DAY_LIMIT_REACHED: _("Change the limit"),
    Refusal.NOT_ENOUGH_SEATS: _("Change the places"),
}


def cures(answer: Answer, why: Refusal, offering: Offering, member: Member) -> list[Cure]:
    """Return the pages on which a member can do something about a reason."""
    found = [*_hours(answer, why, offering, member), *_rules(why, offering)]
    return [cure for cure in found if may_open(member, cure.url)]


def may_open(member: Member, url: str) -> bool:
    """Tell whether a member may open a page of the back office."""
    needed: tuple[Permission, ...] = resolve(url).func.permissions  # type: ignore[attr-defined]
    return not needed or any(member.may(one) for one in needed)


def _hours(answer: Answer, why: Refusal, offering: Offering, member: Member) -> list[Cure]:
    if why is Refusal.DOES_NOT_FIT:
        owner = _whose(Owner.PROVIDER, answer, offering, member)
        return [Cure(_("Change the weekly hours"), owner.url(WEEK))]
    return [
        Cure(_PAGES[why][1], _whose(owner, answer, offering, member).url(_PAGES[why][0]))
        for owner, closed in answer.closed
        if closed is why
    ]


def _whose(owner: Owner, answer: Answer, offering: Offering, member: Member) -> Whose:
    if owner is Owner.COMPANY:
        return of_company(offering.company)
    if owner is Owner.OFFERING:
        return of_service(offering)
    manages = member.may(Permission.MANAGE_CATALOG)
    return of_provider(answer.provider) if manages else of_member(answer.provider)


def _rules(why: Refusal, offering: Offering) -> list[Cure]:
    slug = offering.company.slug
    own = reverse(f"back_office:{page_of(offering)}", args=[slug, offering.pk])
    general = reverse("back_office:booking_rules", args=[slug])
    match why:
        case Refusal.TOO_SOON:
            here = own if offering.notice_minutes is not None else general
            return [Cure(_("Change the notice"), here)]
        case Refusal.TOO_FAR_AHEAD:
            here = own if offering.horizon_days is not None else general
            return [Cure(_("Change how far ahead"), here)]
        case Refusal.NO_SESSION:
            sessions = reverse("back_office:sessions", args=[slug, offering.pk])
            return [Cure(_("Look at the sessions"), sessions)]
        case Refusal.MEETING_HOST_BUSY:
            hosts = reverse("back_office:meeting_providers", args=[slug])
            return [Cure(_("Give each provider a host of their own"), hosts)]
        case _:
            return [Cure(_OF_OFFERING[why], own)] if why in _OF_OFFERING else []
