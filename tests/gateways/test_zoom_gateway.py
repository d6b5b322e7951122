"""Zoom's own ways, against the simulator."""

import json

import pytest

from visavis.gateways.video import (
    Fault,
    MappingBroken,
    NotAvailable,
    TellAdministrator,
    TryLater,
)

from .zoom_simulator import ACCOUNT, LENA, LIAM, OWNER


def sent_to_create(zoom):
    return [json.loads(call["body"]) for call in zoom.calls("POST", "/v2/users/")]


def test_an_instant_meeting_refuses_the_personal_room_and_says_no_more_than_it_must(
    zoom, request_for
):
    zoom.gateway().open(request_for(LIAM))

    assert sent_to_create(zoom) == [
        {
            "topic": "First talk",
            "type": 1,
            "settings": {
                "use_pmi": False,
                "approval_type": 2,
                "email_notification": False,
                "alternative_hosts_email_notification": False,
                "registrants_confirmation_email": False,
                "registrants_email_notification": False,
            },
        }
    ]


def test_a_scheduled_meeting_says_when_in_utc_and_for_how_many_minutes(zoom, request_for):
    zoom.gateway().open(request_for(LIAM, scheduled=True))

    (sent,) = sent_to_create(zoom)
    assert sent["type"] == 2
    assert sent["start_time"] == "2030-03-01T09:30:00Z"
    assert sent["timezone"] == "Europe/Paris"
    assert sent["duration"] == 45


def test_a_meeting_belongs_to_the_host_who_was_named(zoom, request_for):
    zoom.gateway().open(request_for(LENA))

    assert [meeting["host_id"] for meeting in zoom.meetings()] == [LENA]


def test_a_topic_is_one_line_of_at_most_200_characters(zoom, request_for):
    zoom.gateway().open(request_for(LIAM, topic="Line one\r\n  two " + "é" * 300))

    assert zoom.meetings()[0]["topic"] == ("Line one two " + "é" * 300)[:200]


def test_ids_and_passcodes_are_text_as_zoom_gave_them(zoom, request_for):
    room = zoom.gateway().open(request_for(LIAM))

    (meeting,) = zoom.meetings()
    assert room.external_id == str(meeting["id"])
    assert room.external_uuid == meeting["uuid"]
    assert room.join_url == meeting["join_url"]
    assert room.passcode == meeting["password"]


def test_deleting_keeps_zoom_from_writing_to_anybody(zoom, request_for):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM, scheduled=True))

    gateway.close(room.external_id, live=False)

    (call,) = zoom.calls("DELETE", "/v2/meetings/")
    assert call["query"] == "schedule_for_reminder=false&cancel_meeting_reminder=false"


def test_an_instant_meeting_in_the_personal_room_is_given_up(zoom, request_for):
    zoom.steer("PATCH", f"/users/{LIAM}", pmi_capture="always")

    with pytest.raises(TellAdministrator) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.fault is Fault.PERSONAL_ROOM
    # Somebody may be in it: it is neither ended nor deleted.
    assert zoom.calls("PUT") == []
    assert zoom.calls("DELETE", "/v2/") == []


def test_a_scheduled_meeting_gets_round_the_personal_room(zoom, request_for):
    zoom.steer("PATCH", f"/users/{LIAM}", pmi_capture="always")

    zoom.gateway().open(request_for(LIAM, scheduled=True))

    assert [meeting["type"] for meeting in zoom.meetings()] == [2]


def test_refusing_the_personal_room_is_enough_where_zoom_listens(zoom, request_for):
    zoom.steer("PATCH", f"/users/{LIAM}", pmi_capture="unless_refused")

    zoom.gateway().open(request_for(LIAM))

    assert [meeting["type"] for meeting in zoom.meetings()] == [1]


def test_a_host_without_meetings_is_not_allowed(zoom, request_for):
    zoom.steer("PATCH", f"/users/{LIAM}", type=4)

    with pytest.raises(MappingBroken) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.fault is Fault.HOST_NOT_ALLOWED


def test_another_user_needs_shared_access(zoom, request_for):
    zoom.install(shared_access=False)

    zoom.gateway().open(request_for("me"))
    with pytest.raises(MappingBroken) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.fault is Fault.SHARED_ACCESS


def test_a_check_finds_a_host_fit(zoom):
    check = zoom.gateway().check(LIAM)

    assert check.licensed
    assert check.personal_room is False


def test_a_check_sees_the_forty_minutes_and_the_personal_room_coming(zoom):
    zoom.steer("PATCH", f"/users/{LIAM}", type=1, pmi_capture="unless_refused")

    check = zoom.gateway().check(LIAM)

    assert not check.licensed
    assert check.personal_room is True


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"status": "inactive"}, Fault.HOST_GONE), ({"type": 4}, Fault.HOST_NOT_ALLOWED)],
)
def test_a_check_finds_a_host_unfit(zoom, change, fault):
    zoom.steer("PATCH", f"/users/{LIAM}", **change)

    with pytest.raises(MappingBroken) as refusal:
        zoom.gateway().check(LIAM)

    assert refusal.value.fault is fault


def test_a_check_does_without_the_settings_if_they_may_not_be_read(zoom):
    zoom.fault("missing_scope", path="*/settings")

    assert zoom.gateway().check(LIAM).personal_room is None


def test_a_check_finds_a_host_who_was_deleted(zoom):
    zoom.steer("DELETE", f"/users/{LIAM}")

    with pytest.raises(MappingBroken) as refusal:
        zoom.gateway().check(LIAM)

    assert refusal.value.fault is Fault.HOST_GONE


def test_attendance_is_for_those_who_pay(zoom, request_for):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM))
    zoom.steer("POST", f"/meetings/{room.external_id}/start")
    zoom.steer("POST", f"/meetings/{room.external_id}/end")
    zoom.steer("PATCH", f"/accounts/{ACCOUNT}", plan="free")

    with pytest.raises(NotAvailable):
        gateway.attendance(room.external_uuid)


@pytest.mark.parametrize("trait", ["leading slash", "double slash", "neither"])
def test_any_uuid_finds_its_meeting(zoom, request_for, trait):
    gateway = zoom.gateway()
    kinds = {}
    for _ in range(200):
        room = gateway.open(request_for(LIAM))
        uuid = room.external_uuid
        slashed = "double slash" if "//" in uuid else "neither"
        kinds["leading slash" if uuid.startswith("/") else slashed] = room
        if trait in kinds:
            break
    room = kinds[trait]
    zoom.steer("POST", f"/meetings/{room.external_id}/start")
    zoom.steer("POST", f"/meetings/{room.external_id}/end")

    assert [one.name for one in gateway.attendance(room.external_uuid)] == ["Liam Licensed"]


@pytest.mark.parametrize("kind", ["missing_scope", "error_200"])
def test_where_personal_links_are_not_offered_the_rooms_own_must_do(zoom, request_for, kind):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM))
    zoom.fault(kind, path="*/invite_links")

    with pytest.raises(NotAvailable):
        gateway.personal_links(room.external_id, ["Grace"])


@pytest.mark.parametrize("kind", ["server_error", "too_many_per_day"])
def test_personal_links_may_be_asked_for_again_when_zoom_could_not(zoom, request_for, kind):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM))
    zoom.fault(kind, path="*/invite_links")

    with pytest.raises(TryLater):
        gateway.personal_links(room.external_id, ["Grace"])


def test_a_lost_answer_leaves_one_meeting_behind_and_says_so(zoom, request_for):
    zoom.fault("lost_response", method="POST", times=1)

    with pytest.raises(TryLater) as refusal:
        zoom.gateway().open(request_for(LIAM))

    assert refusal.value.answer_lost
    assert len(zoom.meetings()) == 1


def test_a_meeting_ended_although_it_never_began_is_deleted_all_the_same(zoom, request_for):
    gateway = zoom.gateway()
    room = gateway.open(request_for(LIAM, scheduled=True))
    zoom.fault("error_200", method="PUT", code=3000, message="Meeting has not started.", times=1)

    gateway.close(room.external_id, live=True)

    assert [meeting["status"] for meeting in zoom.meetings()] == ["deleted"]


def test_the_authorising_user_may_be_host_under_their_id_too(zoom, request_for):
    zoom.install(shared_access=False)

    zoom.gateway().open(request_for(OWNER))

    assert [meeting["host_id"] for meeting in zoom.meetings()] == [OWNER]
