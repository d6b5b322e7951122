"""Whether online meetings can take place: one list of what is missing, each with its cure.

Joins what `meetings` knows of the set-up, what was found on meetings ahead, and the texts. A
cure is a link for whoever may open its page; others read whom to ask.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from visavis.back_office.readiness_items import Cures, Item, page
from visavis.bookings.faulty import meetings_ahead
from visavis.catalog.models import Offering
from visavis.companies.models import Company, Member
from visavis.gateways.video import Fault
from visavis.meetings import platforms, preflight, readiness
from visavis.notifications.links import confirmations_without_link
from visavis.notifications.models import Template


@dataclass(frozen=True, slots=True)
class Row:
    """A service or class, and what is to do before it meets online as it should."""

    offering: Offering
    url: str
    items: Sequence[Item] = ()
    # Whether the company lacks something, which is listed once and not here.
    held_up: bool = False

    @property
    def ready(self) -> bool:
        return not self.held_up and not any(not (one.notice or one.ahead) for one in self.items)

    @property
    def troubled(self) -> bool:
        return any(one.ahead and not one.notice for one in self.items)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a company lacks as a whole, and its offerings with what each of them lacks."""

    company: Sequence[Item] = ()
    rows: Sequence[Row] = ()

    @property
    def items(self) -> list[Item]:
        """Return everything that is missing or to be known, each thing once."""
        everything = [*self.company, *(item for row in self.rows for item in row.items)]
        return list({item.key: item for item in everything}.values())

    @property
    def missing(self) -> list[Item]:
        """Return what keeps meetings from taking place."""
        return [item for item in self.items if not item.notice]


def readiness_for(
    member: Member, offerings: Sequence[Offering], *, now: datetime, also_offline: bool = False
) -> Readiness:
    """Return what stands between offerings and their online meetings, for a member's eyes.

    What does not meet online lacks nothing, unless it is asked for.
    """
    company, cure = member.company, Cures(member)
    looked_at = [one for one in offerings if one.online or also_offline]
    if not looked_at:
        return Readiness(rows=[Row(one, page(one)) for one in offerings])
    gaps = readiness.readiness_of_all(company, looked_at)
    on = not any(gap.kind == readiness.FEATURE_OFF for gap in gaps[looked_at[0].pk])
    online = [one for one in looked_at if one.online and on]
    ahead = meetings_ahead(company, now=now) if online else {}
    texts = _texts(company, online)
    common = {
        gap.kind: cure.of_gap(gap, offering)
        for offering in looked_at
        for gap in gaps[offering.pk]
        if gap.of_company
    }
    rows = []
    for offering in offerings:
        found = gaps.get(offering.pk, ())
        said = {gap.kind for gap in found}
        of_meetings = ahead.get(offering.pk, ()) if offering in online else ()
        items = [
            *(cure.of_gap(gap, offering) for gap in found if not gap.of_company),
            *(cure.of_text(text) for text in texts.get(offering.pk, ())),
            *(
                cure.of_meetings(one, offering)
                for one in of_meetings
                if _SAID_BY.get(one.word) not in said
            ),
        ]
        held_up = any(gap.of_company and not gap.notice for gap in found)
        rows.append(Row(offering, page(offering), items, held_up))
    return Readiness(list(common.values()), rows)


def readiness_of_company(member: Member, *, now: datetime) -> Readiness:
    """Return the same for all that meets online and can be booked."""
    offerings = Offering.objects.active().filter(company=member.company, online=True)
    return readiness_for(member, list(offerings.select_related("company").in_order()), now=now)


# Faults of meetings that say again what the set-up lacks.
_SAID_BY = {
    platforms.NOT_CONNECTED: readiness.NOT_CONNECTED,
    platforms.NOT_MAPPED: readiness.NOT_MAPPED,
    Fault.RECONNECT: readiness.ATTENTION,
    Fault.KEY: readiness.ATTENTION,
    Fault.SCOPES: readiness.SCOPES,
    Fault.SHARED_ACCESS: readiness.NOT_SHARED,
    Fault.HOST_GONE: readiness.HOST_GONE,
    Fault.HOST_NOT_ALLOWED: readiness.HOST_NOT_ALLOWED,
    preflight.Notice.BASIC: readiness.BASIC_HOST,
}


def _texts(company: Company, online: Sequence[Offering]) -> Mapping[int, Sequence[Template]]:
    return confirmations_without_link(company, _pairs(online)) if online else {}


def _pairs(offerings: Sequence[Offering]) -> Iterator[tuple[int, int]]:
    """Yield the providers of offerings, which are looked up only if somebody asks for them."""
    pairs = Offering.providers.through.objects.filter(offering__in=offerings, provider__active=True)
    yield from pairs.values_list("offering_id", "provider_id")
