"""Telling a company, once, that a connection or an online meeting needs attention."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from visavis.connections.models import Connection
from visavis.connections.operations import REMOVED_AT_PLATFORM
from visavis.meetings.faults import explanation
from visavis.notifications import operations as notifications
from visavis.notifications.models import Event, Message
from visavis.notifications.operations import Subject
from visavis.worker import meeting_faults
from visavis.worker.administrators import administrators, settings_page


def tell(now: datetime) -> None:
    """Write the messages that are owed about connections and meetings."""
    for connection in Connection.objects.filter(
        Q(disconnected_at=None) & ~Q(attention="") | Q(disconnected_because=REMOVED_AT_PLATFORM),
        attention_told_at=None,
    ).select_related("company"):
        _tell_connection(connection, now=now)
    meeting_faults.tell(now)


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
                "link": settings_page(connection.company),
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
