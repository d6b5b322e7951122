"""The appointments of today, as the overview lists them, with who waits at their doors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.scope import Scope
from visavis.back_office.views.waiting import has_door
from visavis.bookings import addresses
from visavis.bookings.models import Appointment, Booking
from visavis.meetings import entering
from visavis.meetings import queries as meetings


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of today, with who is in it and the way into its meeting."""

    appointment: Appointment
    bookings: Sequence[Booking]
    meeting_url: str
    over: bool
    # How many clients are at the door of its meeting right now.
    waiting: int = 0


@office()
@require_safe
def today(request: OfficeRequest) -> HttpResponse:
    """Show the list anew, or nothing if the page shows it already."""
    context = today_context(Scope(request.member), now=timezone.now())
    if request.GET.get("shown") == context["today_shown"]:
        return HttpResponse(status=204)
    return render(request, "back_office/entry/today.html", {"company": request.company, **context})


def today_context(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """Return what the list needs; it is asked for again while an online meeting lies ahead."""
    lines = lines_of_today(scope, now=now)
    changing = [
        (
            line.appointment.pk,
            line.appointment.starts_at,
            line.over,
            line.waiting,
            line.meeting_url,
            *(booking.pk for booking in line.bookings),
        )
        for line in lines
    ]
    return {
        "today": lines,
        "today_watched": any(line.meeting_url and not line.over for line in lines),
        "today_shown": sha256(repr(changing).encode()).hexdigest()[:16],
        "zone": scope.member.company.time_zone,
    }


def lines_of_today(scope: Scope, *, now: datetime) -> list[Line]:
    """Return the appointments of the company's day that a member sees."""
    zone = ZoneInfo(scope.member.company.time_zone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (midnight + timedelta(days=1)).replace(hour=0)
    standing = Booking.objects.standing().exclude(status=Booking.Status.HELD)
    appointments = list(
        scope.appointments()
        .active()
        .filter(starts_at__lt=tomorrow, ends_at__gt=midnight)
        .select_related("offering", "provider", "meeting")
        .prefetch_related(Prefetch("bookings", standing.order_by("pk"), to_attr="standing"))
        .order_by("starts_at", "pk")
    )
    links = meetings.provider_links([one.meeting_id for one in appointments if one.meeting_id])
    doors = [one.meeting_id for one in appointments if one.meeting_id and has_door(one, now=now)]
    waiting = entering.waiting_in(doors, now=now) if doors else {}
    return [
        Line(
            appointment=one,
            bookings=one.standing,  # type: ignore[attr-defined]  # by the prefetch above
            meeting_url=addresses.join(link)
            if (link := links.get(one.meeting_id or 0)) and scope.may_change(one)
            else "",
            over=one.ends_at <= now,
            waiting=waiting.get(one.meeting_id or 0, 0),
        )
        for one in appointments
    ]
