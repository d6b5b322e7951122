"""The calendar: drawn by EventCalendar where there is room and JavaScript, else a day's agenda."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from visavis.back_office import agenda
from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.calendar import CalendarFilter
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.bookings.availability import day_bounds
from visavis.bookings.models import Booking
from visavis.companies.permissions import Permission
from visavis.design.months import week_of
from visavis.design.zones import offset_label

# A month as it is drawn has six weeks.
LONGEST = timedelta(days=43)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the strip above the agenda."""

    day: date
    count: int
    current: bool
    today: bool


@office(Permission.VIEW_CALENDAR, Permission.VIEW_OWN_CALENDAR)
@require_safe
def calendar(request: OfficeRequest) -> HttpResponse:
    """Show the calendar page, with the agenda of the chosen day."""
    now, scope = timezone.now(), Scope(request.member)
    form = CalendarFilter(request.GET, scope=scope)
    shown = form.shown(now=now)
    zone = ZoneInfo(shown.zone)
    week = week_of(shown.day)
    since, until = day_bounds(week[0], week[-1], zone)
    found = agenda.entries(scope, shown, since=since, until=until, now=now)
    starts, ends = day_bounds(shown.day, shown.day, zone)
    today = now.astimezone(zone).date()
    counts = Counter(one.appointment.starts_at.astimezone(zone).date() for one in found)
    context = {
        "form": form,
        "shown": shown,
        "now": now,
        "noon": datetime.combine(shown.day, time(12), tzinfo=zone),
        "today": today,
        "entries": [
            one
            for one in found
            if one.appointment.starts_at < ends and one.appointment.ends_at > starts
        ],
        "week": [WeekDay(day, counts[day], day == shown.day, day == today) for day in week],
        "previous": shown.day - timedelta(days=1),
        "next_day": shown.day + timedelta(days=1),
        "may_book": scope.changeable_providers().exists(),
        "pending": scope.bookings().filter(status=Booking.Status.PENDING).count(),
        "drawing": _drawing(form, now=now),
    }
    return office_page(request, "back_office/calendar/calendar.html", context, current="calendar")


@office(Permission.VIEW_CALENDAR, Permission.VIEW_OWN_CALENDAR)
@require_safe
def calendar_events(request: OfficeRequest) -> HttpResponse:
    """Return the appointments between two wall times of the shown zone, for EventCalendar."""
    now, scope = timezone.now(), Scope(request.member)
    shown = CalendarFilter(request.GET, scope=scope).shown(now=now)
    zone = ZoneInfo(shown.zone)
    since = _instant(request.GET.get("start", ""), zone) or now
    until = _instant(request.GET.get("end", ""), zone) or since + timedelta(days=7)
    until = min(until, since + LONGEST)
    found = agenda.entries(scope, shown, since=since, until=until, now=now)
    return JsonResponse([agenda.event(one, zone, now=now) for one in found], safe=False)


def _drawing(form: CalendarFilter, *, now: datetime) -> dict[str, object]:
    """Return what the drawn calendar must know beyond its events."""
    shown = form.shown(now=now)
    offset = now.astimezone(ZoneInfo(shown.zone)).isoformat()[-6:]
    shown_providers = [shown.provider] if shown.provider else form.providers
    return {
        "day": shown.day.isoformat(),
        "view": shown.view,
        "offset": offset,
        "zone": offset_label(shown.zone, now),
        "locale": get_language(),
        "firstDay": int(get_format("FIRST_DAY_OF_WEEK")),
        "resources": [{"id": one.pk, "title": one.name} for one in shown_providers if one.active],
    }


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = parse_datetime(text)
        if moment is None or not 1900 < moment.year < 2200:
            return None
        wall = datetime.combine(moment.date(), time(moment.hour, moment.minute), tzinfo=zone)
    except ValueError:
        return None
    return wall.astimezone(UTC)
