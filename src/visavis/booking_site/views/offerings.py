"""The landing page of a company: who they are, and what can be booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from visavis.booking_site.site import SiteRequest, site, site_page
from visavis.catalog.models import Category, Offering
from visavis.companies import features
from visavis.companies.models import Company

# With more offerings than this, visitors can search them.
SEARCH_FROM = 9


@dataclass(frozen=True, slots=True)
class Shelf:
    """The offerings of one category, or those of none."""

    category: Category | None
    offerings: Sequence[Offering]


@require_safe
@site()
def offerings(request: SiteRequest) -> HttpResponse:
    """Show what the company offers, by category."""
    on = features.enabled_keys(request.company)
    listed = _listed(request.company, classes=features.CLASSES in on)
    sought = request.GET.get("q", "").strip()[:100]
    found = [one for one in listed if _matches(one, sought.casefold())]
    context = {
        "shelves": _shelves(found),
        "found": len(found),
        "sought": sought,
        "searchable": len(listed) >= SEARCH_FROM,
        "online_meetings": features.ONLINE_MEETINGS in on,
    }
    return site_page(request, "booking_site/offerings.html", context)


def _listed(company: Company, *, classes: bool) -> list[Offering]:
    listed = Offering.objects.public().filter(company=company).select_related("category").in_order()
    return list(listed if classes else listed.exclude(kind=Offering.Kind.CLASS))


def _matches(offering: Offering, sought: str) -> bool:
    words = f"{offering.name} {offering.description} {offering.category or ''}".casefold()
    return all(word in words for word in sought.split())


def _shelves(found: Iterable[Offering]) -> list[Shelf]:
    """Group by category: those of none come last, in whatever order the database has them."""
    shelves: dict[int | None, list[Offering]] = {}
    for offering in found:
        shelves.setdefault(offering.category_id, []).append(offering)
    loose = shelves.pop(None, [])
    grouped = [Shelf(offerings[0].category, offerings) for offerings in shelves.values()]
    return [*grouped, Shelf(None, loose)] if loose else grouped
