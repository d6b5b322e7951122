"""Reports → *Booking details*: every booking, filtered, on the page and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.exports import Sheet, file_of
from visavis.back_office.forms.reports import BookingFilter
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.bookings.addresses import join
from visavis.bookings.models import Booking, BookingQuerySet
from visavis.companies.permissions import Permission
from visavis.design import zones
from visavis.meetings import queries as meetings

PER_PAGE = 50
# Rows of a file are read and written this many at a time.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A booking with the ways into its meeting: the provider's and the client's."""

    booking: Booking
    provider_link: str
    client_link: str


@office(Permission.VIEW_REPORTS)
@require_safe
def booking_report(request: OfficeRequest) -> HttpResponse:
    """List bookings."""
    form = BookingFilter(request.GET, scope=Scope(request.member))
    page = Paginator(_bookings(request, form), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": _rows(list(page.object_list), Scope(request.member)),
        "zone": request.company.time_zone,
        "zone_name": zones.zone_phrase(request.company.time_zone),
        "filtered": bool(form.given()),
    }
    return office_page(
        request, "back_office/reports/bookings.html", context, current="booking_report"
    )


@office(Permission.VIEW_REPORTS)
@require_safe
def booking_report_export(request: OfficeRequest) -> HttpResponseBase:
    """Hand out the same list as a file, all pages of it: CSV, or XLSX if asked for."""
    form = BookingFilter(request.GET, scope=Scope(request.member))
    zone = ZoneInfo(request.company.time_zone)
    today = timezone.now().astimezone(zone).date()
    header = [
        _("Reference"),
        _("Starts at"),
        _("Ends at"),
        _("Time zone"),
        _("Service or class"),
        _("Provider"),
        _("Name"),
        _("Client"),
        _("E-mail"),
        _("Phone"),
        _("Places"),
        _("Status"),
        _("Price"),
        _("Currency"),
        _("Note"),
        _("Note for staff"),
        _("Booked at"),
        _("Booked through"),
        _("Open meeting"),
        _("The client's link to the meeting"),
    ]
    rows = (_cells(row, zone) for row in _all_rows(request, form))
    times = frozenset({_("Starts at"), _("Ends at"), _("Booked at")})
    sheet = Sheet(f"{request.company.slug}-bookings-{today}", header, rows, zone, times)
    return file_of(sheet, request.GET.get("format", ""))


def _bookings(request: OfficeRequest, form: BookingFilter) -> BookingQuerySet:
    return (
        form.narrow(Scope(request.member).bookings())
        .select_related(
            "client",
            "company",
            "appointment__offering",
            "appointment__provider",
            "appointment__meeting",
        )
        .order_by("-appointment__starts_at", "-pk")
    )


def _all_rows(request: OfficeRequest, form: BookingFilter) -> Iterator[Row]:
    bookings, scope = _bookings(request, form), Scope(request.member)
    last = 0
    while chunk := list(bookings[last : last + CHUNK]):
        yield from _rows(chunk, scope)
        last += CHUNK


def _rows(bookings: Sequence[Booking], scope: Scope) -> list[Row]:
    """Look up all links in two queries; those who only look on get none."""
    clients = meetings.first_client_links([one.pk for one in bookings])
    providers = meetings.provider_links(
        [one.appointment.meeting_id for one in bookings if one.appointment.meeting_id]
    )
    if not scope.changes_all:
        clients, providers = {}, {}
    rows = []
    for booking in bookings:
        theirs = clients.get(booking.pk)
        ours = providers.get(booking.appointment.meeting_id or 0)
        # The provider still meets the others of a group when one booking is cancelled.
        stands = booking.status in Booking.STANDING
        rows.append(
            Row(
                booking,
                join(ours) if ours and stands else "",
                join(theirs) if theirs else "",
            )
        )
    return rows


def _cells(row: Row, zone: ZoneInfo) -> Sequence[object]:
    booking, appointment = row.booking, row.booking.appointment
    client = booking.client
    assert client is not None
    return [
        booking.code,
        appointment.starts_at,
        appointment.ends_at,
        zones.zone_label(zone.key, appointment.starts_at),
        appointment.offering.name,
        appointment.provider.name,
        booking.name,
        client.name,
        client.email,
        client.phone,
        booking.places,
        booking.get_status_display(),
        "" if booking.price is None else booking.price,
        booking.company.currency,
        booking.note,
        booking.staff_note,
        booking.created_at,
        booking.get_source_display(),
        row.provider_link,
        row.client_link,
    ]
