"""What the pages of services and of classes have in common."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import came_from
from visavis.back_office.pages import office_page
from visavis.bookings import online, touched
from visavis.bookings.actors import by_staff
from visavis.bookings.addresses import absolute
from visavis.bookings.clashes import clashes_with
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import Offering
from visavis.companies.permissions import Permission


def offering_of(request: OfficeRequest, pk: int, kind: str | None = None) -> Offering:
    """Return one of the company's services or classes, or raise Http404."""
    found: Offering = get_object_or_404(
        Offering.objects.select_related("company", "category"), company=request.company, pk=pk
    )
    if kind is not None and found.kind != kind:
        raise Http404
    return found


def listed(request: OfficeRequest, kind: str, page: str) -> HttpResponse:
    """List the services, or the classes; those that are offered no longer at the end."""
    everything = list(queries.offerings(request.company, kind))
    context = {
        "offerings": [one for one in everything if one.active],
        "retired": [one for one in everything if not one.active],
    }
    return office_page(request, f"back_office/manage/{page}.html", context, current=page)


def page_of(offering: Offering) -> str:
    """Return the name of an offering's own page."""
    return "class" if offering.is_class else "service"


def direct_link(offering: Offering) -> str:
    """Return the address under which clients book this, listed or not."""
    return absolute(reverse("booking_site:offering", args=[offering.company.slug, offering.slug]))


def moved_up(request: OfficeRequest, offering: Offering) -> HttpResponse:
    """Let an offering stand one place higher in its list."""
    siblings: Sequence[Offering] = list(queries.offerings(request.company, offering.kind).active())
    catalog.move_up(offering, siblings)
    return redirect(
        "back_office:classes" if offering.is_class else "back_office:services", request.company.slug
    )


@office(Permission.MANAGE_CATALOG)
@require_POST
def offering_online(request: OfficeRequest, pk: int) -> HttpResponse:
    """Switch online meetings of a service or class on or off, asking first if it touches people."""
    offering, now = offering_of(request, pk), timezone.now()
    on = request.POST.get("on") == "yes"
    count = touched.bookings_of(offering, now=now).count()
    found = clashes_with(offering, now=now) if on else ()
    if (count or found) and "sure" not in request.POST:
        context = {
            "offering": offering,
            "on": on,
            "count": count,
            "clashes": found,
            "zone": request.company.time_zone,
            "page": page_of(offering),
            "next": came_from(request),
        }
        return office_page(
            request,
            "back_office/manage/online_sure.html",
            context,
            current="classes" if offering.is_class else "services",
        )
    reached = online.switch_online(offering, on, by=by_staff(request.user), now=now)
    messages.success(request, _switched(offering, on=on, reached=reached))
    back = came_from(request)
    return redirect(
        back or reverse(f"back_office:{page_of(offering)}", args=[request.company.slug, pk])
    )


def _switched(offering: Offering, *, on: bool, reached: int) -> str:
    if not reached:
        text = _("%(name)s now meets online.") if on else _("%(name)s no longer meets online.")
        return text % {"name": offering.name}
    text = (
        ngettext(
            "%(name)s now meets online. %(count)d booking got its links.",
            "%(name)s now meets online. %(count)d bookings got their links.",
            reached,
        )
        if on
        else ngettext(
            "%(name)s no longer meets online. The links of %(count)d booking were withdrawn.",
            "%(name)s no longer meets online. The links of %(count)d bookings were withdrawn.",
            reached,
        )
    )
    return text % {"name": offering.name, "count": reached}
