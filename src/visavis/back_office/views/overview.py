"""The first page of the back office: today, what waits, and what is not right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.cures import may_open
from visavis.back_office.pages import office_page
from visavis.back_office.readiness import readiness_of_company
from visavis.back_office.scope import Scope
from visavis.back_office.views.onboarding import missing_steps
from visavis.back_office.views.today import today_context
from visavis.bookings import addresses
from visavis.bookings.models import Booking, BookingQuerySet
from visavis.companies import features
from visavis.companies.permissions import Permission
from visavis.connections.operations import live_connection
from visavis.meetings import queries as meetings
from visavis.meetings import readiness
from visavis.notifications.models import Fate, Message

WAITING_SHOWN = 10
FAILURES_SINCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is not right, and where to see to it, or whom to ask."""

    text: str
    url: str = ""
    action: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the set-up, done or not."""

    label: str
    url: str
    done: bool


@office()
def dashboard(request: OfficeRequest) -> HttpResponse:
    """Show a member what today brings."""
    now, scope = timezone.now(), Scope(request.member)
    waiting = list(_waiting(scope, now=now)[: WAITING_SHOWN + 1])
    context = {
        "now": now,
        **today_context(scope, now=now),
        "waiting": waiting[:WAITING_SHOWN],
        "more_waiting": len(waiting) > WAITING_SHOWN,
        "notices": _notices(request, now=now),
        "steps": _steps(request),
        "site": addresses.booking_site(request.company),
    }
    return office_page(request, "back_office/entry/dashboard.html", context, current="dashboard")


def _waiting(scope: Scope, *, now: datetime) -> BookingQuerySet:
    return (
        scope.bookings()
        .filter(status=Booking.Status.PENDING, appointment__ends_at__gt=now)
        .select_related("appointment__offering", "appointment__provider")
        .order_by("appointment__starts_at", "pk")
    )


def _notices(request: OfficeRequest, *, now: datetime) -> list[Notice]:
    """Return what only those are told who can see to it, or into it."""
    company, notices = request.company, []
    if request.member.may(Permission.MANAGE_CONNECTIONS):
        connection = live_connection(company)
        if connection is not None and connection.problem:
            notices.append(
                Notice(
                    _("The connection to Zoom no longer works."),
                    reverse("back_office:online_meetings", args=[company.slug]),
                    _("See what to do"),
                )
            )
    if request.member.may(Permission.VIEW_REPORTS):
        notices += [*_unready(request, now=now), *_reported(request, now=now)]
    return notices


def _unready(request: OfficeRequest, *, now: datetime) -> list[Notice]:
    """Return one line about what online meetings lack, beside what other lines say."""
    if not features.enabled(request.company, features.ONLINE_MEETINGS):
        return []
    found = readiness_of_company(request.member, now=now)
    missing = [
        item for item in found.missing if not item.ahead and item.key[0] != readiness.ATTENTION
    ]
    if not missing:
        return []
    text = ngettext(
        "Online meetings cannot all take place: %(count)d thing is missing.",
        "Online meetings cannot all take place: %(count)d things are missing.",
        len(missing),
    ) % {"count": len(missing)}
    page = reverse("back_office:meeting_providers", args=[request.company.slug])
    if may_open(request.member, page):
        return [Notice(text, f"{page}#offerings", _("See what is missing"))]
    return [Notice(text, ask=missing[0].ask)]


def _reported(request: OfficeRequest, *, now: datetime) -> list[Notice]:
    company, notices = request.company, []
    if faults := meetings.upcoming(company, now=now).exclude(fault="").count():
        text = ngettext(
            "%(count)d online meeting needs attention.",
            "%(count)d online meetings need attention.",
            faults,
        )
        notices.append(_to_report(request, "meeting_report", text % {"count": faults}))
    failed = Message.objects.filter(
        Q(status=Message.Status.FAILED) | Q(fate=Fate.RETURNED),
        company=company,
        created_at__gt=now - FAILURES_SINCE,
    ).count()
    if failed:
        text = ngettext(
            "%(count)d message of the last seven days was not delivered.",
            "%(count)d messages of the last seven days were not delivered.",
            failed,
        )
        notices.append(_to_report(request, "message_report", text % {"count": failed}))
    return notices


def _to_report(request: OfficeRequest, report: str, text: str) -> Notice:
    return Notice(
        text, reverse(f"back_office:{report}", args=[request.company.slug]), _("Open the report")
    )


def _steps(request: OfficeRequest) -> list[Step]:
    """Return the steps of the set-up for whoever can take them, until all are done."""
    if not request.member.may(Permission.MANAGE_COMPANY):
        return []
    missing = missing_steps(request.company)
    labels = {
        "setup_provider": _("Add a provider and their weekly hours"),
        "setup_service": _("Add a service"),
        "setup_publish": _("Publish the booking site"),
    }
    steps = [
        Step(
            label,
            reverse(f"back_office:{name}", args=[request.company.slug]),
            done=request.company.published if name == "setup_publish" else name not in missing,
        )
        for name, label in labels.items()
    ]
    return [] if all(step.done for step in steps) else steps
