"""Telling a company, once, that a connection or an online meeting needs attention."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.bookings.models import Appointment
from visavis.companies.models import Company, Member
from visavis.companies.permissions import PERMISSIONS_OF, Permission
from visavis.connections.models import Connection
from visavis.connections.operations import REMOVED_AT_PLATFORM
from visavis.design import moments
from visavis.meetings.faults import explanation
from visavis.meetings.models import Meeting
from visavis.notifications import operations as notifications
from visavis.notifications.models import Audience, Event, Message
from visavis.notifications.operations import Recipient, Subject

# A fault that mends itself within this time is nobody's trouble.
PATIENCE = timedelta(seconds=30)
# People are told about meetings this far ahead; the rest is on the readiness list.
AHEAD = timedelta(hours=25)


def tell(now: datetime) -> None:
    """Write the messages that are owed about connections and meetings."""
    for connection in Connection.objects.filter(
        Q(disconnected_at=None) & ~Q(attention="") | Q(disconnected_because=REMOVED_AT_PLATFORM),
        attention_told_at=None,
    ).select_related("company"):
        _tell_connection(connection, now=now)
    for meeting in (
        Meeting.objects.wanted()
        .exclude(fault="")
        .filter(
            fault_told_at=None,
            fault_since__lte=now - PATIENCE,
            starts_at__lte=now + AHEAD,
            ends_at__gte=now,
        )
        .select_related("company", "provider")
    ):
        _tell_meeting(meeting, now=now)


def administrators(company: Company) -> list[Recipient]:
    """Return the members who can mend a connection, each once."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.MANAGE_CONNECTIONS in may]
    members = Member.objects.filter(company=company, role__in=roles).select_related("user")
    return [
        Recipient(
            address=member.user.email,
            name=str(member.user),
            audience=Audience.STAFF,
            language=member.user.language,
            time_zone=company.time_zone,
        )
        for member in members
    ]


@transaction.atomic
def _tell_connection(connection: Connection, *, now: datetime) -> None:
    told = Connection.objects.filter(pk=connection.pk, attention_told_at=None).update(
        attention_told_at=now
    )
    if not told:
        return
    since = connection.attention_since or connection.disconnected_at or now
    for recipient in administrators(connection.company):
        with translation.override(recipient.language):
            details = {
                "company": connection.company.name,
                "platform": connection.platform.title(),
                "problem": explanation(connection.attention or connection.disconnected_because),
                "link": _settings_page(connection.company),
            }
        subject = Subject(
            company=connection.company,
            about=Message.About.CONNECTION,
            about_id=connection.pk,
            event=Event.CONNECTION_ATTENTION,
            key=f"connection:{connection.pk}:{since.timestamp():.0f}",
            details=details,
        )
        notifications.plan(subject, [recipient], due_at=now, now=now)


@transaction.atomic
def _tell_meeting(meeting: Meeting, *, now: datetime) -> None:
    told = Meeting.objects.filter(pk=meeting.pk, fault_told_at=None).update(fault_told_at=now)
    appointment = Appointment.objects.filter(meeting=meeting).first()
    if not told or appointment is None:
        return
    since = meeting.fault_since or now
    for recipient in administrators(meeting.company):
        with translation.override(recipient.language):
            start = moments.full_moment(meeting.starts_at, recipient.time_zone)
            details = {
                "company": meeting.company.name,
                "problem": explanation(meeting.fault),
                "meeting": _("%(topic)s with %(provider)s, %(start)s")
                % {"topic": meeting.topic, "provider": meeting.provider.name, "start": start},
                "link": _settings_page(meeting.company),
            }
        subject = Subject(
            company=meeting.company,
            about=Message.About.MEETING,
            about_id=meeting.pk,
            event=Event.MEETING_FAULT,
            key=f"meeting:{meeting.pk}:{since.timestamp():.0f}",
            details=details,
        )
        notifications.plan(subject, [recipient], due_at=now, now=now)


def _settings_page(company: Company) -> str:
    return settings.BASE_URL + reverse("back_office:online_meetings", args=[company.slug])
