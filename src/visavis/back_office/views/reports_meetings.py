"""Reports → *Online video meetings*: where each stands, who came, and what is wrong."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office import meeting_rows
from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import came_from
from visavis.back_office.exports import Sheet, file_of
from visavis.back_office.forms.reports import MeetingFilter
from visavis.back_office.meeting_rows import Row
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.companies.permissions import Permission
from visavis.design import zones
from visavis.meetings import fallback, operations, queries
from visavis.meetings.attendance import Attendance
from visavis.meetings.models import Meeting

PER_PAGE = 50
# Rows of a file are read and written this many at a time.
CHUNK = 200


@office(Permission.VIEW_REPORTS)
@require_safe
def meeting_report(request: OfficeRequest) -> HttpResponse:
    """List online meetings."""
    now, scope = timezone.now(), Scope(request.member)
    hosts = queries.host_names(request.company)
    form = MeetingFilter(request.GET, scope=scope, hosts=hosts)
    page = Paginator(_meetings(request, form), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": meeting_rows.rows_of(list(page.object_list), scope, hosts, now=now),
        "zone": request.company.time_zone,
        "zone_name": zones.zone_phrase(request.company.time_zone),
        "filtered": bool(form.given()),
    }
    return office_page(
        request, "back_office/reports/meetings.html", context, current="meeting_report"
    )


@office(Permission.VIEW_REPORTS)
@require_safe
def meeting_report_export(request: OfficeRequest) -> HttpResponseBase:
    """Hand out the same list as a file, all pages of it, a line for each person."""
    zone = ZoneInfo(request.company.time_zone)
    today = timezone.now().astimezone(zone).date()
    header = [
        _("Meeting"),
        _("Starts at"),
        _("Ends at"),
        _("Time zone"),
        _("Provider"),
        _("State"),
        _("Platform"),
        _("Host"),
        _("Problem"),
        _("Person"),
        _("Role"),
        _("Reference"),
        _("Attendance"),
        _("Joined"),
        _("Left"),
        _("Minutes present"),
        _("Minutes late"),
        _("Link to the meeting"),
        _("Rooms"),
    ]
    times = frozenset({_("Starts at"), _("Ends at"), _("Joined"), _("Left")})
    cells = (line for row in _all_rows(request) for line in _cells(row, zone))
    sheet = Sheet(f"{request.company.slug}-meetings-{today}", header, cells, zone, times)
    return file_of(sheet, request.GET.get("format", ""))


@office(Permission.MANAGE_BOOKINGS)
@require_POST
def try_meeting_again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a worker look at a faulty meeting at once, also if everybody is to meet elsewhere."""
    now = timezone.now()
    meeting = get_object_or_404(Meeting.objects.wanted(), company=request.company, pk=pk)
    if fallback.leave(meeting, now=now):
        operations.wake(meeting, now=now)
        messages.success(request, _("The meeting is tried again within seconds."))
    else:
        messages.error(
            request,
            _("Somebody is in the other room already, so that the meeting stays there."),
        )
    return redirect(
        came_from(request) or reverse("back_office:meeting_report", args=[request.company.slug])
    )


def _meetings(request: OfficeRequest, form: MeetingFilter) -> QuerySet[Meeting]:
    found = form.narrow(Meeting.objects.filter(company=request.company), now=timezone.now())
    return meeting_rows.with_facts(found)


def _all_rows(request: OfficeRequest) -> Iterator[Row]:
    now, scope = timezone.now(), Scope(request.member)
    hosts = queries.host_names(request.company)
    meetings = _meetings(request, MeetingFilter(request.GET, scope=scope, hosts=hosts))
    last = 0
    while chunk := list(meetings[last : last + CHUNK]):
        yield from meeting_rows.rows_of(chunk, scope, hosts, now=now)
        last += CHUNK


def _cells(row: Row, zone: ZoneInfo) -> Iterator[list[object]]:
    meeting = row.meeting
    first = [
        meeting.topic,
        meeting.starts_at,
        meeting.ends_at,
        zones.zone_label(zone.key, meeting.starts_at),
        meeting.provider.name,
        row.state.label,
        row.platform,
        row.host,
        row.fault,
    ]
    rooms = "; ".join(
        f"{room.get_platform_display()}: {room.get_closed_because_display() or _('in use')}"
        for room in row.rooms
    )
    if row.provider is not None:
        yield [*first, *_told(row.provider.attendance, _("Provider"), "", row.link), rooms]
    for one in row.clients:
        code = one.booking.code if one.booking else ""
        yield [*first, *_told(one.attendance, _("Client"), code, one.link), rooms]
    for other in row.attendance.others:
        yield [*first, *_told(other, _("Somebody else"), "", ""), rooms]


def _told(one: Attendance, role: str, code: str, link: str) -> list[object]:
    came = one.joined_at is not None
    return [
        one.name,
        role,
        code,
        one.came.label,
        one.joined_at or "",
        one.left_at or "",
        one.minutes if came else "",
        one.late if came else "",
        link,
    ]
