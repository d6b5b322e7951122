"""Telling a company of meetings that cannot be opened: what has one cause, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.bookings.models import Appointment
from visavis.companies.models import Company
from visavis.connections.operations import REMOVED_AT_PLATFORM, last_connection
from visavis.design import moments
from visavis.gateways.video import Fault
from visavis.meetings import aliases
from visavis.meetings.faults import explanation
from visavis.meetings.models import Meeting, MeetingQuerySet
from visavis.meetings.platforms import NOT_CONNECTED
from visavis.notifications import operations as notifications
from visavis.notifications.models import Event, Message
from visavis.notifications.operations import Recipient, Subject
from visavis.worker.administrators import administrators, settings_page

# A fault that mends itself within this time is nobody's trouble.
PATIENCE = timedelta(seconds=30)
# People are told about meetings this far ahead; the rest is on the readiness list.
AHEAD = timedelta(hours=25)
# What was told is not told again within this time: of another meeting, or as faults alternate.
QUIET = timedelta(hours=6)
# A message names so many meetings, and counts the others.
NAMED = 10

# What is wrong with the company's side of a platform, whoever is host.
OF_THE_COMPANY = frozenset(
    {
        NOT_CONNECTED,
        Fault.RECONNECT,
        Fault.KEY,
        Fault.APP,
        Fault.SCOPES,
        Fault.UNREACHABLE,
        Fault.RATE_LIMITED,
    }
)
# What the message about a connection that needs attention has said already.
OF_THE_GRANT = frozenset({Fault.RECONNECT, Fault.KEY, Fault.APP})


@dataclass(frozen=True, slots=True)
class Cause:
    """What keeps meetings from being opened: one fault of a company, or of one host."""

    company: Company
    fault: str
    host: str

    @property
    def key(self) -> str:
        """Return how messages about this begin their keys."""
        return f"fault:{self.company.pk}:{self.fault}:{self.host}:"


def tell(now: datetime) -> None:
    """Write the messages that are owed about meetings, and note that they were."""
    urgent = _untold(now).filter(fault_since__lte=now - PATIENCE, starts_at__lte=now + AHEAD)
    for cause in dict.fromkeys(_cause(meeting) for meeting in urgent):
        same = _untold(now).filter(company=cause.company, fault=cause.fault)
        _tell(cause, [meeting for meeting in same if _cause(meeting) == cause], now=now)


def _untold(now: datetime) -> MeetingQuerySet:
    untold = Meeting.objects.wanted().exclude(fault="").filter(fault_told_at=None, ends_at__gte=now)
    return untold.select_related("company", "provider__meeting_provider").order_by(
        "starts_at", "pk"
    )


def _cause(meeting: Meeting) -> Cause:
    if meeting.fault in OF_THE_COMPANY:
        return Cause(meeting.company, meeting.fault, "")
    mapping = getattr(meeting.provider, "meeting_provider", None)
    # Several providers may meet as one host.
    shared = aliases.alias_of(mapping.host_id)[-12:] if mapping and mapping.host_id else ""
    return Cause(meeting.company, meeting.fault, shared or f"provider-{meeting.provider_id}")


@transaction.atomic
def _tell(cause: Cause, meetings: Sequence[Meeting], *, now: datetime) -> None:
    keys = [meeting.pk for meeting in meetings]
    untold = Meeting.objects.filter(pk__in=keys, fault=cause.fault, fault_told_at=None)
    if not untold.update(fault_told_at=now) or _said_by_the_connection(cause):
        return
    lately = Message.objects.filter(key__startswith=cause.key, created_at__gt=now - QUIET)
    booked = set(Appointment.objects.filter(meeting__in=keys).values_list("meeting", flat=True))
    concerned = [meeting for meeting in meetings if meeting.pk in booked]
    if not concerned or lately.exists():
        return
    for recipient in administrators(cause.company):
        with translation.override(recipient.language):
            details = {
                "company": cause.company.name,
                "problem": explanation(cause.fault),
                "meeting": _names(concerned, recipient),
                "link": settings_page(cause.company),
            }
        subject = Subject(
            company=cause.company,
            about=Message.About.MEETING,
            about_id=concerned[0].pk,
            event=Event.MEETING_FAULT,
            key=f"{cause.key}{now.timestamp():.0f}",
            details=details,
        )
        notifications.plan(subject, [recipient], due_at=now, now=now)


def _said_by_the_connection(cause: Cause) -> bool:
    last = last_connection(cause.company)
    if last is None:
        return False
    if last.live:
        return bool(last.problem) and cause.fault in OF_THE_GRANT
    return cause.fault == NOT_CONNECTED and last.disconnected_because == REMOVED_AT_PLATFORM


def _names(meetings: Sequence[Meeting], recipient: Recipient) -> str:
    names = [
        _("%(topic)s with %(provider)s, %(start)s")
        % {
            "topic": meeting.topic,
            "provider": meeting.provider.name,
            "start": moments.full_moment(meeting.starts_at, recipient.time_zone),
        }
        for meeting in meetings[:NAMED]
    ]
    if len(meetings) > NAMED:
        names.append(_("and %(count)s more") % {"count": len(meetings) - NAMED})
    return "\n".join(names)
