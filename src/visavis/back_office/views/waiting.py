"""Who waits at the door of an online meeting: asked for again and again by pages that are open."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.scope import Scope
from visavis.bookings.models import Appointment
from visavis.companies.permissions import Permission
from visavis.meetings import entering
from visavis.meetings.models import JoinLink

# People come to the door this long before the start at the earliest.
DOOR_OPENS = timedelta(hours=1)


@office(Permission.VIEW_CALENDAR, Permission.VIEW_OWN_CALENDAR)
@require_safe
def who_waits(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show who waits for an appointment to begin, or nothing if the page shows it already."""
    now = timezone.now()
    context = waiting_context(Scope(request.member).appointment(pk), now=now)
    if request.GET.get("shown") == context["waiting_shown"]:
        return HttpResponse(status=204)
    return render(
        request, "back_office/bookings/waiting.html", {"company": request.company, **context}
    )


def waiting_context(appointment: Appointment, *, now: datetime) -> dict[str, object]:
    """Return what the part of a page shows that tells who waits."""
    watched = has_door(appointment, now=now)
    waiting: list[JoinLink] = []
    if watched and appointment.meeting is not None:
        waiting = entering.waiting(appointment.meeting, now=now)
    return {
        "appointment": appointment,
        "watched": watched,
        "waiting": waiting,
        "waiting_shown": "-".join(str(link.pk) for link in waiting) or "0",
    }


def has_door(appointment: Appointment, *, now: datetime) -> bool:
    """Tell whether somebody may be waiting for an online meeting at this time."""
    meeting = appointment.meeting
    wanted = meeting is not None and meeting.wanted and appointment.active
    return wanted and appointment.starts_at - DOOR_OPENS <= now < appointment.ends_at
