"""The bodies of events, and who is told of them (Zoom API reference, webhooks).

The meeting number is a string in events about a running meeting and a number in events about
the record of it; clients have to live with both.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from zoom_simulator.clock import zoom_time
from zoom_simulator.faults import Subject
from zoom_simulator.models import JSON, App, Grant, Instance, Meeting, Registrant, Seat, User
from zoom_simulator.webhooks.delivery import FAILURES_UNTIL_OFF

if TYPE_CHECKING:
    from zoom_simulator.simulator import Simulator


def emit(sim: "Simulator", event: str, account_id: str, user_id: str, payload: JSON) -> None:
    """Tell every app which listens to this account or user."""
    body: JSON = {
        "event": event,
        "event_ts": int(sim.clock.now().timestamp() * 1000),
        "payload": {"account_id": account_id, **payload},
    }
    for app in sim.state.apps.values():
        if _listens(sim, app, event, account_id, user_id):
            subject = Subject(
                app=app.client_id, account=account_id, user=user_id, method="POST", path=event
            )
            sim.postman.post(app, app.event_url, body, subject)


def _listens(sim: "Simulator", app: App, event: str, account_id: str, user_id: str) -> bool:
    if app.validation_failures >= FAILURES_UNTIL_OFF or (app.events and event not in app.events):
        return False
    if app.kind == "s2s":
        return app.account_id == account_id
    grants = [grant for grant in sim.state.grants.values() if grant.client_id == app.client_id]
    if app.event_receivers == "installed":
        return any(grant.user_id == user_id for grant in grants)
    return any(grant.account_id == account_id for grant in grants)


def meeting_record(meeting: Meeting) -> JSON:
    """Return the object of events about the record: the number is a number."""
    found: JSON = {
        "uuid": meeting.uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
    }
    if meeting.start_time:
        found["start_time"] = zoom_time(meeting.start_time)
    return found


def _running(meeting: Meeting, instance: Instance) -> JSON:
    return {
        "id": str(meeting.id),
        "uuid": instance.uuid,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        "start_time": zoom_time(instance.started_at),
        "timezone": meeting.timezone,
        "duration": meeting.duration,
    }


def _operator(user: User | None) -> JSON:
    return {
        "operator": user.email if user else "",
        "operator_id": user.id if user else "",
    }


def record_event(sim: "Simulator", name: str, meeting: Meeting, by: User | None) -> None:
    """Send `meeting.created`, `.deleted` or `.recovered`."""
    found = meeting_record(meeting)
    if name == "created":
        found |= {
            "join_url": sim.join_url(meeting),
            "password": meeting.password,
            "creation_source": meeting.source,
            "settings": {"use_pmi": False, "alternative_hosts": ""},
        }
    payload = {**_operator(by), "operation": "single", "object": found}
    emit(sim, f"meeting.{name}", meeting.account_id, meeting.host_id, payload)


def updated_event(sim: "Simulator", meeting: Meeting, old: JSON, new: JSON, by: User) -> None:
    """Send `meeting.updated`, with only the changed fields in both objects."""
    identity = {"id": meeting.id, "uuid": meeting.uuid, "host_id": meeting.host_id}
    payload = {
        **_operator(by),
        "scope": "single",
        "object": {**identity, **new},
        "old_object": {"id": meeting.id, **old},
        "time_stamp": int(sim.clock.now().timestamp() * 1000),
    }
    emit(sim, "meeting.updated", meeting.account_id, meeting.host_id, payload)


def started_event(sim: "Simulator", meeting: Meeting, instance: Instance) -> None:
    """Send `meeting.started`."""
    _meeting_event(sim, "started", meeting, instance, {})


def ended_event(sim: "Simulator", meeting: Meeting, instance: Instance) -> None:
    """Send `meeting.ended`."""
    ended = instance.ended_at or sim.clock.now()
    _meeting_event(sim, "ended", meeting, instance, {"end_time": zoom_time(ended)})


def _meeting_event(
    sim: "Simulator", name: str, meeting: Meeting, instance: Instance, more: JSON
) -> None:
    host = sim.state.users.get(meeting.host_id)
    found = {**_running(meeting, instance), "host_email": host.email if host else "", **more}
    emit(sim, f"meeting.{name}", meeting.account_id, meeting.host_id, {"object": found})


def participant_event(
    sim: "Simulator", name: str, meeting: Meeting, seat: Seat, times: dict[str, datetime]
) -> None:
    """Send `meeting.participant_<name>` for somebody at or in front of a meeting."""
    instance = meeting.live or Instance(meeting.uuid, meeting.start_time or sim.clock.now())
    participant = _person(seat, waiting=name.startswith("jbh_"))
    participant |= {key: zoom_time(value) for key, value in times.items()}
    if name == "left":
        participant["leave_reason"] = f"{seat.name} left the meeting."
    found: JSON = {**_running(meeting, instance), "participant": participant}
    if name == "jbh_waiting_left":
        found["id"] = meeting.id
    payload = {"object": found}
    emit(sim, f"meeting.participant_{name}", meeting.account_id, meeting.host_id, payload)


def _person(seat: Seat, *, waiting: bool) -> JSON:
    found: JSON = {"id": seat.user_id, "user_name": seat.name, "customer_key": ""}
    if waiting:
        # Of somebody before the door little is told.
        return found
    return found | {
        "user_id": str(seat.number),
        "participant_uuid": seat.uuid,
        "email": seat.email,
        "registrant_id": seat.registrant_id,
        "participant_user_id": seat.user_id,
        "phone_number": "",
    }


def registration_event(
    sim: "Simulator", name: str, meeting: Meeting, registrant: Registrant, by: User | None
) -> None:
    """Send `meeting.registration_<name>`."""
    person: JSON = {
        "id": registrant.id,
        "first_name": registrant.first_name,
        "last_name": registrant.last_name,
        "email": registrant.email,
    }
    if name in {"created", "approved"}:
        person["join_url"] = sim.personal_url(meeting, registrant.token)
    if name == "created":
        person["status"] = registrant.status
    found = {"start_time": zoom_time(meeting.created_at), **meeting_record(meeting)}
    payload: JSON = {"object": {**found, "registrant": person}}
    if name != "created":
        payload |= _operator(by)
    emit(sim, f"meeting.registration_{name}", meeting.account_id, meeting.host_id, payload)


def user_event(sim: "Simulator", name: str, user: User, more: JSON | None = None) -> None:
    """Send `user.<name>`; the operator is the owner of the account."""
    found: JSON = {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "type": user.type,
    }
    payload: JSON = {**_operator(sim.state.owner_of(user.account_id)), "object": found}
    emit(sim, f"user.{name}", user.account_id, user.id, payload | (more or {}))


def deauthorized_event(sim: "Simulator", app: App, grant: Grant) -> None:
    """Send `app_deauthorized`, in the form in which it is really delivered.

    The documents disagree with deliveries seen in 2025: `event_ts` stands on the top level, and
    `user_data_retention` is null.
    """
    now = sim.clock.now()
    payload: JSON = {
        "account_id": grant.account_id,
        "client_id": app.client_id,
        "deauthorization_time": now.strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{now.microsecond // 1000:03d}Z",
        "signature": sim.state.ids.text(64).lower(),
        "user_data_retention": None,
        "user_id": grant.user_id,
    }
    body = {
        "event": "app_deauthorized",
        "event_ts": int(now.timestamp() * 1000),
        "payload": payload,
    }
    subject = Subject(
        app=app.client_id,
        account=grant.account_id,
        user=grant.user_id,
        method="POST",
        path="app_deauthorized",
    )
    sim.postman.post(app, app.deauthorization_url or app.event_url, body, subject)
