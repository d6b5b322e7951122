"""Registrants, personal links, and meetings which are over."""

from urllib.parse import quote

import pytest
from zoom_driver import APP, BEA, LIAM, status_line

EVERYTHING = ["meeting:read:admin", "meeting:write:admin", "user:read:admin"]
PERSON = {"email": "grace@example.com", "first_name": "Grace", "last_name": "Hopper"}


@pytest.fixture
def registering(zoom):
    zoom.control("PUT", f"apps/{APP}", scopes=EVERYTHING)
    zoom.install()
    return zoom


def open_for_all(zoom, approval=0):
    return zoom.meeting(LIAM, type=2, settings={"approval_type": approval})


def test_a_registrant_has_a_link_which_knows_the_name(registering):
    meeting = open_for_all(registering)

    response = registering.api("POST", f"/meetings/{meeting['id']}/registrants", PERSON)

    assert response.status_code == 201
    assert "/w/" in response.json()["join_url"]
    page = registering.visitor().get(response.json()["join_url"])
    assert status_line(page).startswith("Please wait, Grace Hopper.")


def test_a_registration_link_is_offered_only_where_people_register(registering):
    assert "registration_url" in open_for_all(registering)
    assert "registration_url" not in registering.meeting(LIAM, type=2)


def test_manual_approval_gives_the_link_later(registering):
    meeting = open_for_all(registering, approval=1)
    path = f"/meetings/{meeting['id']}/registrants"

    made = registering.api("POST", path, PERSON).json()
    pending = registering.api("GET", path, params={"status": "pending"}).json()["registrants"]
    change = {"action": "approve", "registrants": [{"id": made["registrant_id"]}]}
    registering.api("PUT", f"{path}/status", change)
    approved = registering.api("GET", path).json()["registrants"]

    assert "join_url" not in made
    assert [one["email"] for one in pending] == ["grace@example.com"]
    assert [one["status"] for one in approved] == ["approved"]


def test_registering_for_a_meeting_which_is_gone_has_a_code_of_its_own(registering):
    response = registering.api("POST", "/meetings/81234567890/registrants", PERSON)

    assert response.status_code == 404
    assert response.json() == {"code": 1001, "message": "Meeting does not exist: 81234567890."}


def test_registration_must_have_been_enabled(registering):
    meeting = registering.meeting(LIAM, type=2)

    response = registering.api("POST", f"/meetings/{meeting['id']}/registrants", PERSON)

    assert response.json() == {
        "code": 300,
        "message": f"Registration has not been enabled for this meeting: {meeting['id']}.",
    }


def test_the_host_cannot_register(registering):
    meeting = open_for_all(registering)
    host = {"email": "liam.licensed@example.com", "first_name": "Liam"}

    response = registering.api("POST", f"/meetings/{meeting['id']}/registrants", host)

    assert response.json()["code"] == 3027


def test_registration_needs_a_licensed_host(registering):
    meeting = registering.meeting(BEA, type=2, settings={"approval_type": 0})

    response = registering.api("POST", f"/meetings/{meeting['id']}/registrants", PERSON)

    assert response.json()["code"] == 200


def test_a_removed_registrant_cannot_come_in(registering):
    meeting = open_for_all(registering)
    path = f"/meetings/{meeting['id']}/registrants"
    made = registering.api("POST", path, PERSON).json()

    removed = registering.api("DELETE", f"{path}/{made['registrant_id']}")

    assert removed.status_code == 204
    assert registering.visitor().get(made["join_url"]).status_code == 403


def test_a_batch_is_for_scheduled_meetings(registering):
    people = {"registrants": [PERSON], "auto_approve": True}
    scheduled, other = open_for_all(registering), registering.meeting(LIAM, type=3)

    made = registering.api("POST", f"/meetings/{scheduled['id']}/batch_registrants", people)
    refused = registering.api("POST", f"/meetings/{other['id']}/batch_registrants", people)

    assert [one["email"] for one in made.json()["registrants"]] == ["grace@example.com"]
    assert refused.json()["code"] == 303


def test_invite_links_are_one_for_each_name(registering):
    meeting = registering.meeting(LIAM)
    names = {"attendees": [{"name": "Grace"}, {"name": "Alan"}]}

    response = registering.api("POST", f"/meetings/{meeting['id']}/invite_links", names)

    links = response.json()["attendees"]
    assert response.status_code == 201
    assert [one["name"] for one in links] == ["Grace", "Alan"]
    assert links[0]["join_url"] != links[1]["join_url"]
    page = registering.visitor().get(links[1]["join_url"])
    assert status_line(page).startswith("Please wait, Alan.")


def test_an_invite_link_dies_after_its_time(registering):
    meeting = registering.meeting(LIAM)
    body = {"attendees": [{"name": "Grace"}], "ttl": 60}
    path = f"/meetings/{meeting['id']}/invite_links"
    link = registering.api("POST", path, body).json()["attendees"][0]["join_url"]

    registering.advance(minutes=2)

    assert registering.visitor().get(link).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"attendees": []}, {"attendees": [{"name": ""}]}, {"attendees": [{}]}]
)
def test_invite_links_need_names(registering, body):
    meeting = registering.meeting(LIAM)

    response = registering.api("POST", f"/meetings/{meeting['id']}/invite_links", body)

    assert response.json()["code"] == 300


def held(zoom, **fields):
    meeting = zoom.meeting(LIAM, **fields)
    zoom.control("POST", f"meetings/{meeting['id']}/start")
    zoom.control("POST", f"meetings/{meeting['id']}/join", name="Grace")
    zoom.advance(minutes=20)
    zoom.control("POST", f"meetings/{meeting['id']}/end")
    return meeting


def test_a_meeting_which_is_over_tells_how_it_was(registering):
    meeting = held(registering)

    body = registering.api("GET", f"/past_meetings/{meeting['id']}").json()

    assert body["uuid"] == meeting["uuid"]
    assert body["duration"] == 20
    assert body["participants_count"] == 2
    assert body["total_minutes"] == 40


def test_awkward_uuids_must_be_encoded_twice(registering):
    found = [held(registering)["uuid"] for _ in range(3)]
    registering.install()

    once = {uuid: f"/past_meetings/{quote(uuid, safe='')}" for uuid in found}
    twice = {uuid: f"/past_meetings/{quote(quote(uuid, safe=''), safe='')}" for uuid in found}

    awkward = {uuid for uuid in found if uuid.startswith("/") or "//" in uuid}
    assert len(awkward) == 2
    for uuid in found:
        expected = 404 if uuid in awkward else 200
        assert registering.api("GET", once[uuid]).status_code == expected
        assert registering.api("GET", twice[uuid]).json()["uuid"] == uuid


def test_each_holding_is_an_instance(registering):
    meeting = registering.meeting(LIAM, type=3)
    for _ in range(2):
        registering.control("POST", f"meetings/{meeting['id']}/start")
        registering.control("POST", f"meetings/{meeting['id']}/end")

    body = registering.api("GET", f"/past_meetings/{meeting['id']}/instances").json()

    assert len({one["uuid"] for one in body["meetings"]}) == 2


def test_participants_are_listed_with_their_times(registering):
    meeting = held(registering)

    body = registering.api("GET", f"/past_meetings/{meeting['id']}/participants").json()

    assert [one["name"] for one in body["participants"]] == ["Liam Licensed", "Grace"]
    assert {one["duration"] for one in body["participants"]} <= {1199, 1200, 1201}
