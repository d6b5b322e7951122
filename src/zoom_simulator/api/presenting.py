"""Meetings as the REST half shows them (Zoom API reference, meetings)."""

from zoom_simulator.clock import zoom_time
from zoom_simulator.models import JSON, Meeting, User
from zoom_simulator.simulator import Simulator


def full(sim: Simulator, meeting: Meeting, host: User) -> JSON:
    """Return the body of creation and retrieval, with a fresh start link."""
    found: JSON = {
        "uuid": meeting.uuid,
        "id": meeting.id,
        "host_id": host.id,
        "host_email": host.email,
        "assistant_id": "" if meeting.created_by == host.id else meeting.created_by,
        "topic": meeting.topic,
        "type": meeting.type,
        "status": "started" if meeting.live else "waiting",
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "agenda": meeting.agenda,
        "created_at": zoom_time(meeting.created_at),
        "start_url": sim.start_url(meeting, host),
        "join_url": sim.join_url(meeting),
        "chat_join_url": sim.url(f"/launch/jc/{meeting.id}"),
        "settings": settings(meeting),
        "creation_source": meeting.source,
        "pre_schedule": meeting.pre_schedule,
    }
    if meeting.start_time:
        found["start_time"] = zoom_time(meeting.start_time)
    if meeting.password:
        found |= {
            "password": meeting.password,
            "h323_password": meeting.password,
            "pstn_password": meeting.password,
            "encrypted_password": meeting.join_key,
        }
    if meeting.pmi:
        found["pmi"] = meeting.pmi
    if meeting.recurrence:
        found |= {"recurrence": meeting.recurrence, "occurrences": meeting.occurrences}
    if meeting.tracking_fields:
        found["tracking_fields"] = meeting.tracking_fields
    if takes_registrants(meeting):
        found["registration_url"] = sim.url(f"/meeting/register/{meeting.join_key}")
    return found


def settings(meeting: Meeting) -> JSON:
    """Return a meeting's settings."""
    return dict(meeting.settings)


def takes_registrants(meeting: Meeting) -> bool:
    """Return whether people register for this meeting. Type 3 drops the setting silently."""
    return meeting.type in {2, 8} and meeting.settings.get("approval_type") in {0, 1}


def listed(sim: Simulator, meeting: Meeting) -> JSON:
    """Return one line of a list of meetings."""
    found: JSON = {
        "uuid": meeting.uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "agenda": meeting.agenda[:250],
        "created_at": zoom_time(meeting.created_at),
        "join_url": sim.join_url(meeting),
    }
    if meeting.start_time:
        found["start_time"] = zoom_time(meeting.start_time)
    if meeting.pmi:
        found["pmi"] = meeting.pmi
    return found
