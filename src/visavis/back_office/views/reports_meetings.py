"""Reports → *Online video meetings*: where each stands, who leads it, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import came_from
from visavis.back_office.forms.reports import MeetingFilter
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.bookings.addresses import join
from visavis.companies.permissions import Permission
from visavis.design import zones
from visavis.meetings import operations, preflight, queries
from visavis.meetings.faults import explanation
from visavis.meetings.models import JoinLink, Meeting, Room
from visavis.meetings.states import MeetingState, state_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting as the report shows it."""

    meeting: Meeting
    state: MeetingState
    room: Room | None
    link: str
    fault: str
    notices: Sequence[str]

    @property
    def may_retry(self) -> bool:
        return bool(self.fault) and self.state in (MeetingState.FAILED, MeetingState.PLANNED)


@office(Permission.VIEW_REPORTS)
@require_safe
def meeting_report(request: OfficeRequest) -> HttpResponse:
    """List online meetings."""
    now = timezone.now()
    form = MeetingFilter(request.GET, scope=Scope(request.member))
    meetings = form.narrow(Meeting.objects.filter(company=request.company), now=now)
    page = Paginator(_with_facts(meetings), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": _rows(list(page.object_list), Scope(request.member), now=now),
        "zone": request.company.time_zone,
        "zone_name": zones.zone_phrase(request.company.time_zone),
        "filtered": bool(form.given()),
    }
    return office_page(
        request, "back_office/reports/meetings.html", context, current="meeting_report"
    )


@office(Permission.MANAGE_BOOKINGS)
@require_POST
def try_meeting_again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a worker look at a faulty meeting at once."""
    meeting = get_object_or_404(Meeting.objects.wanted(), company=request.company, pk=pk)
    operations.wake(meeting, now=timezone.now())
    messages.success(request, _("The meeting is tried again within seconds."))
    return redirect(
        came_from(request) or reverse("back_office:meeting_report", args=[request.company.slug])
    )


def _with_facts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    rooms = Prefetch("rooms", Room.objects.order_by("-asked_at"), to_attr="known_rooms")
    return meetings.select_related(
        "provider__meeting_provider", "appointment__offering"
    ).prefetch_related(rooms)


def _rows(meetings: list[Meeting], scope: Scope, *, now: datetime) -> list[Row]:
    # Whoever has a link may enter with it: those who only look on get none.
    shown = [meeting.pk for meeting in meetings] if scope.changes_all else []
    links = queries.provider_links(shown)
    return [_row(meeting, links.get(meeting.pk), now=now) for meeting in meetings]


def _row(meeting: Meeting, link: JoinLink | None, *, now: datetime) -> Row:
    rooms: list[Room] = meeting.known_rooms  # type: ignore[attr-defined]
    in_use = next((room for room in rooms if room.closed_at is None), None)
    state = state_of(meeting, in_use, now=now)
    over = state in (MeetingState.ENDED, MeetingState.CANCELLED)
    return Row(
        meeting,
        state,
        in_use or next(iter(rooms), None),
        join(link) if link and not over else "",
        explanation(meeting.fault) if meeting.fault and meeting.wanted else "",
        [] if over else [str(one.label) for one in preflight.noted(meeting)],
    )
