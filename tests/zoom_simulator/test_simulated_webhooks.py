"""Events: when they come, what they say, and how they are delivered."""

import json

from zoom_driver import APP, LIAM, OWNER, WEBHOOK_SECRET


def test_an_endpoint_proves_itself_when_it_is_set_up(receiver, connected):
    apps = connected.control("GET", "apps")["apps"]

    assert receiver.challenges == 1
    assert {app["client_id"] for app in apps if app["event_url_valid"]} == {APP}


def test_an_endpoint_with_another_secret_does_not_pass(receiver, connected):
    receiver.secret = "another"

    answer = connected.control("POST", f"apps/{APP}/validation")

    assert answer == {"valid": False, "failures": 1}


def test_an_endpoint_proves_itself_again_every_three_days(receiver, connected):
    connected.advance(days=7)

    assert receiver.challenges == 3


def test_six_failures_switch_events_off(receiver, connected):
    receiver.secret = "another"
    for _ in range(6):
        connected.control("POST", f"apps/{APP}/validation")

    connected.meeting(LIAM)

    assert connected.events("meeting.created") == []


def test_every_delivery_is_signed_over_its_raw_bytes(receiver, connected):
    connected.meeting(LIAM, topic="Séance d’essai")

    assert receiver.wait(1) == ["meeting.created"]
    assert receiver.is_signed(0)
    assert "Séance d’essai".encode() in receiver.received[0][1]


def test_the_life_of_a_meeting_in_events(receiver, connected):
    meeting = connected.meeting(LIAM)
    number = meeting["id"]
    connected.control("POST", f"meetings/{number}/start")
    guest = connected.control("POST", f"meetings/{number}/join", name="Grace")
    connected.control("POST", f"seats/{guest['token']}/leave")
    connected.control("POST", f"meetings/{number}/end")

    assert receiver.wait(7) == [
        "meeting.created",
        "meeting.started",
        "meeting.participant_joined",
        "meeting.participant_joined",
        "meeting.participant_left",
        "meeting.participant_left",
        "meeting.ended",
    ]
    names = [
        body["payload"]["object"]["participant"]["user_name"]
        for body in receiver.events("meeting.participant_left")
    ]
    assert names == ["Grace", "Liam Licensed"]


def test_numbers_are_text_while_it_runs_and_numbers_in_the_record(receiver, connected):
    number = connected.meeting(LIAM)["id"]
    connected.control("POST", f"meetings/{number}/start")
    receiver.wait(3)

    ids = [body["payload"]["object"]["id"] for body in receiver.events()]

    assert ids == [number, str(number), str(number)]


def test_waiting_for_the_host_is_told_after_half_a_minute(receiver, connected):
    number = connected.meeting(LIAM)["id"]
    connected.control("POST", f"meetings/{number}/join", name="Grace")
    connected.advance(seconds=20)
    before = len(receiver.events("meeting.participant_jbh_waiting"))

    connected.advance(seconds=20)

    assert before == 0
    assert len(receiver.events("meeting.participant_jbh_waiting")) == 1


def test_changes_tell_old_and_new(receiver, connected):
    meeting = connected.meeting(LIAM, type=2, topic="Old")
    connected.api("PATCH", f"/meetings/{meeting['id']}", {"topic": "New"})
    connected.api("DELETE", f"/meetings/{meeting['id']}")

    assert receiver.wait(3)[1:] == ["meeting.updated", "meeting.deleted"]
    payload = receiver.events("meeting.updated")[0]["payload"]
    assert payload["object"]["topic"] == "New"
    assert payload["old_object"] == {"id": meeting["id"], "topic": "Old"}
    assert payload["operator_id"] == OWNER


def test_people_who_change_are_told_of(receiver, connected):
    connected.control("PATCH", f"users/{LIAM}", status="inactive")
    connected.control("PATCH", f"users/{LIAM}", status="active")
    connected.control("PATCH", f"users/{LIAM}", email="liam.new@example.com")
    connected.control("DELETE", f"users/{LIAM}")
    connected.control("POST", "accounts/DemoPracticeAccount01/users", email="nora.new@example.com")

    assert receiver.wait(5) == [
        "user.deactivated",
        "user.activated",
        "user.updated",
        "user.deleted",
        "user.created",
    ]


def test_registrations_are_told_of(receiver, connected):
    scopes = ["meeting:write:admin", "meeting:read:admin"]
    connected.control("PUT", f"apps/{APP}", scopes=scopes)
    connected.install()
    meeting = connected.meeting(LIAM, type=2, settings={"approval_type": 1})
    path = f"/meetings/{meeting['id']}/registrants"
    person = {"email": "grace@example.com", "first_name": "Grace"}
    made = connected.api("POST", path, person).json()
    for action in ("approve", "deny", "cancel"):
        change = {"action": action, "registrants": [{"id": made["registrant_id"]}]}
        connected.api("PUT", f"{path}/status", change)

    assert receiver.wait(5)[1:] == [
        "meeting.registration_created",
        "meeting.registration_approved",
        "meeting.registration_denied",
        "meeting.registration_cancelled",
    ]


def test_waiting_rooms_are_told_of(receiver, connected):
    number = connected.meeting(LIAM, settings={"waiting_room": True})["id"]
    connected.control("POST", f"meetings/{number}/start")
    guest = connected.control("POST", f"meetings/{number}/join", name="Grace")

    connected.control("POST", f"seats/{guest['token']}/leave")

    assert receiver.wait(5)[3:] == [
        "meeting.participant_joined_waiting_room",
        "meeting.participant_left_waiting_room",
    ]


def test_removing_the_app_is_told_as_zoom_really_tells_it(receiver, connected):
    connected.control("DELETE", f"grants/{APP}/{OWNER}")

    assert receiver.wait(1) == ["app_deauthorized"]
    body = receiver.events()[0]
    assert receiver.is_signed(0)
    assert isinstance(body["event_ts"], int)
    assert body["payload"]["user_id"] == OWNER
    assert body["payload"]["client_id"] == APP
    assert body["payload"]["user_data_retention"] is None
    assert len(body["payload"]["signature"]) == 64


def test_deauthorisation_may_have_an_address_of_its_own(receiver, connected):
    other = receiver.url + "/deauthorized"
    connected.control("PUT", f"apps/{APP}", deauthorization_url=other)

    connected.control("DELETE", f"grants/{APP}/{OWNER}")

    assert [one["url"] for one in connected.events("app_deauthorized")] == [other]


def test_apps_hear_only_of_their_accounts(receiver, connected):
    connected.control("DELETE", f"grants/{APP}/{OWNER}")
    receiver.wait(1)
    meeting = {"host": LIAM, "type": 2}

    connected.control("POST", "meetings", **meeting)

    assert "meeting.created" not in [one["event"] for one in connected.events()]


def test_apps_may_hear_only_of_those_who_installed_them(receiver, connected):
    connected.control("PUT", f"apps/{APP}", event_receivers="installed")

    connected.meeting(LIAM)
    connected.meeting(OWNER)

    connected.events()
    hosts = [body["payload"]["object"]["host_id"] for body in receiver.events()]
    assert hosts == [OWNER]


def test_apps_may_subscribe_to_some_events(receiver, connected):
    connected.control("PUT", f"apps/{APP}", events=["meeting.ended"])
    number = connected.meeting(LIAM)["id"]
    connected.control("POST", f"meetings/{number}/start")

    connected.control("POST", f"meetings/{number}/end")

    assert receiver.wait(1) == ["meeting.ended"]


def test_a_refused_delivery_is_tried_three_times_more(receiver, connected):
    receiver.statuses = [500] * 10
    connected.meeting(LIAM)
    receiver.wait(1)

    counts = []
    for minutes in (4, 2, 28, 2, 88, 2, 600):
        connected.advance(minutes=minutes)
        counts.append(len(receiver.received))

    assert counts == [1, 2, 2, 3, 3, 4, 4]
    assert [one["state"] for one in connected.events("meeting.created")] == ["given up"]


def test_a_delivery_which_gets_through_is_not_repeated(receiver, connected):
    receiver.statuses = [500, 204]
    connected.meeting(LIAM)
    receiver.wait(1)

    connected.advance(hours=5)

    delivery = connected.events("meeting.created")[0]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 204]
    assert delivery["state"] == "delivered"


def test_a_delivery_may_be_lost(receiver, connected):
    connected.fault("webhook_lost", times=1, path="meeting.created")
    connected.meeting(LIAM)
    connected.advance(hours=5)

    assert receiver.events() == []
    assert [one["state"] for one in connected.events("meeting.created")] == ["lost"]


def test_a_delivery_may_be_late(receiver, connected):
    connected.fault("webhook_late", times=1, seconds=120)
    connected.meeting(LIAM)
    connected.events()
    before = len(receiver.received)

    connected.advance(minutes=3)

    assert (before, len(receiver.received)) == (0, 1)


def test_a_delivery_may_come_twice(receiver, connected):
    connected.fault("webhook_twice", times=1)

    connected.meeting(LIAM)

    assert receiver.wait(2) == ["meeting.created"] * 2
    assert receiver.received[0][1] == receiver.received[1][1]


def test_deliveries_may_come_out_of_order(receiver, connected):
    connected.fault("webhook_out_of_order", times=1, path="meeting.started")
    number = connected.meeting(LIAM)["id"]

    connected.control("POST", f"meetings/{number}/start")

    assert receiver.wait(3) == [
        "meeting.created",
        "meeting.participant_joined",
        "meeting.started",
    ]


def test_a_delivery_may_be_badly_signed(receiver, connected):
    connected.fault("webhook_badly_signed", times=1)
    connected.meeting(LIAM)
    connected.meeting(LIAM)
    receiver.wait(2)

    assert [receiver.is_signed(0), receiver.is_signed(1)] == [False, True]


def test_any_event_can_be_sent(receiver, connected):
    payload = {"plainToken": "x"}

    event = {"client_id": APP, "event": "app_deauthorized", "payload": payload}
    connected.control("POST", "webhooks", **event)
    connected.events()

    assert json.loads(receiver.received[0][1])["payload"] == payload
    assert receiver.is_signed(0, WEBHOOK_SECRET)
