"""Making, changing and deleting meetings."""

from zoom_simulator import recurrence
from zoom_simulator.clock import zoom_time
from zoom_simulator.faults import FaultKind, Subject
from zoom_simulator.meeting_fields import DEFAULT_SETTINGS, Wanted
from zoom_simulator.models import JSON, Meeting, MeetingType, User
from zoom_simulator.simulator import Simulator
from zoom_simulator.webhooks import events

DEFAULT_MINUTES = 60


def create(
    sim: Simulator, wanted: Wanted, *, host: User, by: User, source: str = "open_api"
) -> Meeting:
    """Make a meeting for `host`."""
    fields, kind = wanted.fields, wanted.fields.get("type", MeetingType.SCHEDULED)
    if kind == MeetingType.INSTANT and _captured(sim, wanted, host):
        return personal_meeting(sim, host)
    now = sim.clock.now()
    zone = fields.get("timezone", host.timezone)
    meeting = Meeting(
        id=_free_number(sim),
        uuid=sim.state.ids.uuid(),
        account_id=host.account_id,
        host_id=host.id,
        type=kind,
        topic=fields.get("topic") or "Zoom Meeting",
        agenda=fields.get("agenda", ""),
        duration=fields.get("duration", DEFAULT_MINUTES),
        timezone=zone,
        password=_password(sim, wanted, host),
        join_key=sim.state.ids.text(32) + ".1",
        created_at=now,
        settings={**DEFAULT_SETTINGS, "waiting_room": host.waiting_room, **wanted.settings},
        created_by=by.id,
        tracking_fields=fields.get("tracking_fields", []),
        pre_schedule=fields.get("pre_schedule", False),
        source=source,
    )
    if kind in {MeetingType.SCHEDULED, MeetingType.RECURRING_FIXED}:
        # A start in the past, or none at all, means now.
        meeting.start_time = max(fields.get("start_time", now), now).replace(microsecond=0)
    if kind == MeetingType.RECURRING_FIXED:
        _repeat(meeting, fields.get("recurrence") or {"type": 1, "repeat_interval": 1})
    if kind != MeetingType.INSTANT and wanted.settings.get("use_pmi", host.use_pmi):
        meeting.pmi = str(host.pmi)
        meeting.settings["use_pmi"] = True
        personal_meeting(sim, host)
    sim.state.meetings[meeting.id] = meeting
    events.record_event(sim, "created", meeting, by)
    return meeting


def personal_meeting(sim: Simulator, host: User) -> Meeting:
    """Return the host's own room, which has the personal number and never dies."""
    known = sim.state.meetings.get(host.pmi)
    if known:
        return known
    room = Meeting(
        id=host.pmi,
        uuid=sim.state.ids.uuid(),
        account_id=host.account_id,
        host_id=host.id,
        type=MeetingType.PERSONAL,
        topic=f"{host.name}'s Personal Meeting Room",
        agenda="",
        duration=DEFAULT_MINUTES,
        timezone=host.timezone,
        password=sim.state.ids.passcode() if host.passcode_required else "",
        join_key=sim.state.ids.text(32) + ".1",
        created_at=sim.clock.now(),
        settings={**DEFAULT_SETTINGS, "use_pmi": True, "waiting_room": host.waiting_room},
        created_by=host.id,
        source="other",
        pmi=str(host.pmi),
    )
    sim.state.meetings[room.id] = room
    return room


def update(sim: Simulator, meeting: Meeting, wanted: Wanted, *, by: User) -> None:
    """Change a meeting. A start in the past is ignored without a word, as Zoom does."""
    before = _snapshot(meeting)
    fields = dict(wanted.fields)
    if fields.get("start_time") and fields["start_time"] < sim.clock.now():
        del fields["start_time"]
    for name in ("topic", "agenda", "duration", "timezone", "start_time", "password", "type"):
        if name in fields:
            setattr(meeting, name, fields[name])
    meeting.tracking_fields = fields.get("tracking_fields", meeting.tracking_fields)
    meeting.settings = {**meeting.settings, **wanted.settings}
    if meeting.type == MeetingType.RECURRING_FIXED and (
        fields.keys() & {"recurrence", "start_time", "duration", "timezone"}
    ):
        _repeat(meeting, fields.get("recurrence") or meeting.recurrence or {"type": 1})
    after = _snapshot(meeting)
    changed = [name for name in after if after[name] != before.get(name)]
    old = {name: before[name] for name in changed if name in before}
    events.updated_event(sim, meeting, old, {name: after[name] for name in changed}, by)


def delete(sim: Simulator, meeting: Meeting, *, by: User | None) -> None:
    """Delete a meeting. It can be recovered."""
    meeting.gone = "deleted"
    events.record_event(sim, "deleted", meeting, by)


def recover(sim: Simulator, meeting: Meeting, *, by: User) -> None:
    """Bring a deleted meeting back."""
    meeting.gone = ""
    events.record_event(sim, "recovered", meeting, by)


def _captured(sim: Simulator, wanted: Wanted, host: User) -> bool:
    """Return whether an instant meeting is to use the host's personal number.

    Zoom has a user setting for this. Whether it holds for calls by API, and whether
    `use_pmi: false` stops it, is not documented, hence the three values of the switch.
    """
    subject = Subject(account=host.account_id, user=host.id)
    capture = host.pmi_capture
    fault = sim.faults.take(subject, FaultKind.PMI_CAPTURE)
    if fault:
        capture = str(fault.params.get("mode", "always"))
    refused = wanted.settings.get("use_pmi") is False
    return capture == "always" or (capture == "unless_refused" and not refused)


def _password(sim: Simulator, wanted: Wanted, host: User) -> str:
    given: str = wanted.fields.get("password", "")
    if given or not host.passcode_required or not wanted.fields.get("default_password", True):
        return given
    return sim.state.ids.passcode()


def _free_number(sim: Simulator) -> int:
    number = sim.state.ids.meeting_number()
    while number in sim.state.meetings:
        number = sim.state.ids.meeting_number()
    return number


def _repeat(meeting: Meeting, rule: JSON) -> None:
    start = meeting.start_time or meeting.created_at
    meeting.recurrence = rule
    meeting.occurrences = recurrence.occurrences(
        start, rule, zone=meeting.timezone, duration=meeting.duration
    )


def _snapshot(meeting: Meeting) -> JSON:
    found: JSON = {
        name: getattr(meeting, name)
        for name in ("topic", "agenda", "duration", "timezone", "password", "type")
    }
    found["settings"] = meeting.settings
    if meeting.start_time:
        found["start_time"] = zoom_time(meeting.start_time)
    return found
