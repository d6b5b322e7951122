"""Meetings by the REST half: making, reading, changing, deleting."""

import pytest
from zoom_driver import BEA, LENA, LIAM, OWNER

TOMORROW = "2031-03-04T09:30:00Z"


def test_an_instant_meeting_has_no_start_time(connected):
    meeting = connected.meeting(LIAM, topic="Now")

    assert meeting["type"] == 1
    assert meeting["host_id"] == LIAM
    assert meeting["creation_source"] == "open_api"
    assert "start_time" not in meeting


def test_instant_meetings_are_in_no_list(connected):
    connected.meeting(LIAM, topic="Instant")
    connected.meeting(LIAM, type=2, topic="Planned", start_time=TOMORROW)

    for kind in ("scheduled", "upcoming", "upcoming_meetings", "live", "previous_meetings"):
        listed = connected.api("GET", f"/users/{LIAM}/meetings", params={"type": kind}).json()
        assert "Instant" not in [one["topic"] for one in listed["meetings"]]
    listed = connected.api("GET", f"/users/{LIAM}/upcoming_meetings").json()["meetings"]
    assert [one["topic"] for one in listed] == ["Planned"]
    assert [one["type"] for one in connected.control("GET", "meetings")["meetings"]] == [1, 2]


def test_numbers_have_eleven_digits(connected):
    numbers = [connected.meeting()["id"] for _ in range(5)]

    assert {len(str(number)) for number in numbers} == {11}
    assert min(numbers) > 2**31


def test_many_uuids_are_awkward(connected):
    uuids = [connected.meeting()["uuid"] for _ in range(6)]

    assert sum(uuid.startswith("/") for uuid in uuids) == 2
    assert sum("//" in uuid for uuid in uuids) == 2


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"start_time": TOMORROW}, TOMORROW),
        (
            {"start_time": "2031-07-04T09:30:00", "timezone": "Europe/Paris"},
            "2031-07-04T07:30:00Z",
        ),
        (
            {"start_time": "2031-01-04T09:30:00", "timezone": "Europe/Paris"},
            "2031-01-04T08:30:00Z",
        ),
    ],
)
def test_starts_are_utc_or_local(connected, given, shown):
    assert connected.meeting(LIAM, type=2, **given)["start_time"] == shown


def test_a_start_in_the_past_means_now(connected):
    meeting = connected.meeting(LIAM, type=2, start_time="2001-01-01T00:00:00Z")

    now = connected.control("GET", "clock")["now"]
    assert meeting["start_time"][:13] == now[:13]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"type": 7}, "type"),
        ({"topic": "x" * 201}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"password": "12345678901"}, "password"),
        ({"duration": 0}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"start_time": "tomorrow"}, "start_time"),
        ({"settings": {"jbh_time": 7}}, "settings.jbh_time"),
        ({"settings": {"approval_type": 9}}, "settings.approval_type"),
        ({"settings": {"waiting_room": "perhaps"}}, "settings.waiting_room"),
        ({"type": 8, "recurrence": {}}, "recurrence.type"),
        ({"type": 8, "recurrence": {"type": 1, "end_times": 61}}, "recurrence.end_times"),
        ({"type": 8, "recurrence": {"type": 2, "weekly_days": "8"}}, "recurrence.weekly_days"),
        (
            {"type": 8, "recurrence": {"type": 1, "end_date_time": "soon"}},
            "recurrence.end_date_time",
        ),
    ],
)
def test_wrong_fields_are_named(connected, fields, field):
    response = connected.api("POST", f"/users/{LIAM}/meetings", fields)

    name = field.rpartition(".")[2]
    assert response.status_code == 400
    assert response.json() == {
        "code": 300,
        "message": "Validation Failed.",
        "errors": [{"field": field, "message": f"Invalid parameter: {name}."}],
    }


def test_a_body_which_is_no_object_is_refused(connected):
    headers = {"authorization": f"Bearer {connected.token}"}

    response = connected.http.post(f"/v2/users/{LIAM}/meetings", content="[", headers=headers)

    assert response.json() == {
        "code": 300,
        "message": "Request Body should be a valid JSON object.",
    }


def test_unknown_fields_are_ignored(connected):
    assert connected.meeting(LIAM, colour="green", settings={"mood": "good"})["type"] == 1


def test_a_passcode_is_made_where_the_host_needs_one(connected):
    required = connected.meeting(LIAM)
    connected.control("PATCH", f"users/{LIAM}", passcode_required=False)
    open_to_all = connected.meeting(LIAM)

    assert len(required["password"]) == 6
    assert required["password"] not in required["join_url"]
    assert "pwd=" in required["join_url"]
    assert "password" not in open_to_all
    assert "pwd=" not in open_to_all["join_url"]


def test_an_instant_meeting_cannot_be_scheduled_for_somebody_else(connected):
    body = {"type": 1, "schedule_for": "lena.licensed@example.com"}

    response = connected.api("POST", f"/users/{LIAM}/meetings", body)

    assert response.status_code == 400
    assert response.json()["code"] == 3000
    assert response.json()["message"].startswith("Instant meetings do not support")


def test_scheduling_for_somebody_needs_the_privilege(connected):
    body = {"type": 2, "schedule_for": LENA, "start_time": TOMORROW}

    refused = connected.api("POST", f"/users/{LIAM}/meetings", body)
    connected.control("PATCH", f"users/{LENA}", assistants=[LIAM])
    made = connected.api("POST", f"/users/{LIAM}/meetings", body)

    assert refused.json() == {"code": 3000, "message": f"You cannot schedule a meeting for {LENA}"}
    assert made.json()["host_id"] == LENA


def test_scheduling_for_nobody_known_is_refused(connected):
    body = {"type": 2, "schedule_for": "nobody@example.com"}

    response = connected.api("POST", f"/users/{LIAM}/meetings", body)

    assert response.json()["code"] == 300
    assert "`schedule_for` field is invalid" in response.json()["message"]


def test_people_without_a_licence_to_host_may_not(connected):
    connected.control("PATCH", f"users/{BEA}", type=4)

    response = connected.api("POST", f"/users/{BEA}/meetings", {"type": 1})

    assert response.status_code == 400
    assert response.json()["code"] == 3161


@pytest.mark.parametrize(
    ("capture", "settings", "captured"),
    [
        ("off", {}, False),
        ("unless_refused", {}, True),
        ("unless_refused", {"use_pmi": False}, False),
        ("always", {"use_pmi": False}, True),
    ],
)
def test_the_personal_number_may_capture_instant_meetings(connected, capture, settings, captured):
    pmi = connected.api("GET", f"/users/{LIAM}").json()["pmi"]
    connected.control("PATCH", f"users/{LIAM}", pmi_capture=capture)

    meeting = connected.meeting(LIAM, settings=settings)

    assert (meeting["id"] == pmi) is captured
    after = connected.api("GET", f"/meetings/{meeting['id']}").json()
    assert (after["type"] == 4) is captured


def test_each_reading_has_a_fresh_start_link(connected):
    meeting = connected.meeting(LIAM)

    again = connected.api("GET", f"/meetings/{meeting['id']}").json()

    assert again["start_url"] != meeting["start_url"]
    assert {**again, "start_url": ""} == {**meeting, "start_url": ""}


def test_a_change_answers_nothing_and_is_seen_afterwards(connected):
    meeting = connected.meeting(LIAM, type=2, start_time=TOMORROW)
    change = {"topic": "Moved", "start_time": "2031-03-05T09:30:00Z", "duration": 25}

    response = connected.api("PATCH", f"/meetings/{meeting['id']}", change)

    after = connected.api("GET", f"/meetings/{meeting['id']}").json()
    assert response.status_code == 204
    assert response.content == b""
    assert {name: after[name] for name in change} == change


def test_a_move_into_the_past_is_ignored_without_a_word(connected):
    meeting = connected.meeting(LIAM, type=2, start_time=TOMORROW)

    response = connected.api(
        "PATCH", f"/meetings/{meeting['id']}", {"start_time": "2001-01-01T00:00:00Z"}
    )

    assert response.status_code == 204
    after = connected.api("GET", f"/meetings/{meeting['id']}").json()
    assert after["start_time"] == TOMORROW


def test_a_deleted_meeting_is_gone_and_can_be_recovered(connected):
    path = f"/meetings/{connected.meeting(LIAM, type=2)['id']}"

    assert connected.api("DELETE", path).status_code == 204
    gone = connected.api("GET", path)
    assert gone.status_code == 404
    assert gone.json()["code"] == 3001
    assert connected.api("DELETE", path).status_code == 404
    assert connected.api("PUT", f"{path}/status", {"action": "recover"}).status_code == 204
    assert connected.api("GET", path).status_code == 200


def test_the_personal_room_cannot_be_deleted(connected):
    connected.control("PATCH", f"users/{LIAM}", pmi_capture="always")
    room = connected.meeting(LIAM)

    assert connected.api("DELETE", f"/meetings/{room['id']}").json()["code"] == 3018


def test_the_first_end_of_an_instant_meeting_is_its_last(connected):
    meeting = connected.meeting(LIAM)
    path = f"/meetings/{meeting['id']}"
    connected.control("POST", f"meetings/{meeting['id']}/start")
    assert connected.api("GET", path).json()["status"] == "started"

    assert connected.api("PUT", f"{path}/status", {"action": "end"}).status_code == 204

    assert connected.api("GET", path).json() == {
        "code": 3001,
        "message": f"Meeting does not exist: {meeting['id']}.",
    }


def test_a_scheduled_meeting_can_be_held_again_under_another_uuid(connected):
    meeting = connected.meeting(LIAM, type=2)
    connected.control("POST", f"meetings/{meeting['id']}/start")
    connected.control("POST", f"meetings/{meeting['id']}/end")

    after = connected.api("GET", f"/meetings/{meeting['id']}").json()

    assert after["status"] == "waiting"
    assert after["uuid"] != meeting["uuid"]


def test_an_unused_instant_meeting_dies_after_a_day(connected):
    meeting = connected.meeting(LIAM)
    connected.advance(hours=25)
    connected.install()

    assert connected.api("GET", f"/meetings/{meeting['id']}").status_code == 404


def test_a_scheduled_meeting_dies_a_month_after_its_date(connected):
    meeting = connected.meeting(LIAM, type=2)
    connected.advance(days=29)
    connected.install()
    assert connected.api("GET", f"/meetings/{meeting['id']}").status_code == 200

    connected.advance(days=2)
    connected.install()

    assert connected.api("GET", f"/meetings/{meeting['id']}").status_code == 404


def test_repeating_meetings_have_occurrences_in_local_time(connected):
    meeting = connected.meeting(
        LIAM,
        type=8,
        start_time="2031-03-28T10:00:00",
        timezone="Europe/Paris",
        recurrence={"type": 1, "repeat_interval": 1, "end_times": 4},
    )

    assert [one["start_time"] for one in meeting["occurrences"]] == [
        "2031-03-28T09:00:00Z",
        "2031-03-29T09:00:00Z",
        "2031-03-30T08:00:00Z",
        "2031-03-31T08:00:00Z",
    ]


def test_one_occurrence_can_be_deleted(connected):
    rule = {"type": 2, "weekly_days": "3", "end_times": 3}
    meeting = connected.meeting(LIAM, type=8, start_time=TOMORROW, recurrence=rule)
    path = f"/meetings/{meeting['id']}"
    first = meeting["occurrences"][0]["occurrence_id"]

    connected.api("DELETE", path, params={"occurrence_id": first})

    left = connected.api("GET", path).json()["occurrences"]
    assert left == meeting["occurrences"][1:]


def test_lists_come_in_pages(connected):
    for _ in range(3):
        connected.meeting(OWNER, type=2)

    body = connected.api("GET", "/users/me/meetings", params={"page_size": 2}).json()

    assert len(body["meetings"]) == 2
    assert body["total_records"] == 3
    assert body["next_page_token"]


def test_previous_and_upcoming_meetings_are_told_apart(connected):
    connected.meeting(LIAM, type=2, topic="Soon", start_time=TOMORROW)
    connected.meeting(LIAM, type=2, topic="Short", duration=10)
    connected.advance(minutes=30)

    topics = {
        kind: [
            one["topic"]
            for one in connected.api(
                "GET", f"/users/{LIAM}/meetings", params={"type": kind}
            ).json()["meetings"]
        ]
        for kind in ("upcoming", "previous_meetings")
    }

    assert topics == {"upcoming": ["Soon"], "previous_meetings": ["Short"]}
