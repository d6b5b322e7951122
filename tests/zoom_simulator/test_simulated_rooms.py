"""The pages of meetings, as the people in them see them."""

import re

import pytest
from zoom_driver import BEA, LENA, LIAM, heading, passcode_in, status_line


def link(meeting, name):
    return f"{meeting['join_url']}&uname={name}"


def people_on(page):
    listed = page.text.split("In the meeting", 1)[-1]
    return re.findall(r'<span class="text"><strong>(.*?)</strong>', listed)


def refreshed(visitor, page):
    return visitor.get(str(page.url))


def test_a_guest_gives_a_name_and_waits_for_the_host(connected):
    meeting, guest = connected.meeting(LIAM, topic="First talk"), connected.visitor()

    door = guest.get(meeting["join_url"])
    page = guest.post(str(door.url), data={"name": "Grace"})

    assert heading(door) == "First talk"
    assert '<label for="name">Your name</label>' in door.text
    assert status_line(page) == ("Please wait, Grace. The host has not started this meeting yet.")


def test_the_host_starts_and_everybody_is_in(connected):
    meeting, guest, host = connected.meeting(LIAM), connected.visitor(), connected.visitor()
    waiting = guest.get(link(meeting, "Grace"))

    page = host.get(meeting["start_url"])

    assert status_line(page) == "You are in this meeting as Liam Licensed, its host."
    assert people_on(page) == ["Liam Licensed", "Grace"]
    assert status_line(refreshed(guest, waiting)) == "You are in this meeting as Grace."


def test_the_fragment_is_the_same_without_the_page_around_it(connected):
    page = connected.visitor().get(link(connected.meeting(LIAM), "Grace"))

    fragment = connected.http.get(f"{page.url.path}/state")

    assert fragment.text.strip() in page.text
    assert "<html" not in fragment.text


def test_opening_the_start_link_twice_is_one_host(connected):
    meeting, host = connected.meeting(LIAM), connected.visitor()

    host.get(meeting["start_url"])
    page = host.get(meeting["start_url"])

    assert people_on(page) == ["Liam Licensed"]


def test_whoever_leaves_may_come_again_while_it_lasts(connected):
    meeting, guest = connected.meeting(LIAM), connected.visitor()
    connected.visitor().get(meeting["start_url"])
    page = guest.get(link(meeting, "Grace"))

    gone = guest.post(f"{page.url.path}/leave")

    assert status_line(gone) == "You have left the meeting."
    assert "Join again" in gone.text
    inside = connected.control("GET", f"meetings/{meeting['id']}")["in_meeting"]
    assert [one["name"] for one in inside] == ["Liam Licensed"]


def test_the_host_ends_it_for_all(connected):
    meeting, guest, host = connected.meeting(LIAM), connected.visitor(), connected.visitor()
    page = host.get(meeting["start_url"])
    inside = guest.get(link(meeting, "Grace"))

    over = host.post(f"{page.url.path}/end")

    assert status_line(over) == "This meeting is over."
    assert status_line(refreshed(guest, inside)) == "This meeting is over."
    assert guest.get(link(meeting, "Grace")).status_code == 404


def test_a_guest_cannot_end_it(connected):
    meeting, guest = connected.meeting(LIAM), connected.visitor()
    connected.visitor().get(meeting["start_url"])
    page = guest.get(link(meeting, "Grace"))

    guest.post(f"{page.url.path}/end")

    assert connected.control("GET", f"meetings/{meeting['id']}")["status"] == "started"


def test_it_is_over_when_the_last_one_has_left(connected):
    meeting, host = connected.meeting(LIAM), connected.visitor()
    page = host.get(meeting["start_url"])

    host.post(f"{page.url.path}/leave")

    assert connected.visitor().get(meeting["join_url"]).status_code == 404


def test_an_unknown_number_leads_nowhere(connected):
    page = connected.visitor().get("/j/81234567890")

    assert page.status_code == 404
    assert heading(page) == "This meeting ID is not valid"


def test_a_wrong_passcode_is_asked_for_and_the_right_one_does(connected):
    meeting, guest = connected.meeting(LIAM), connected.visitor()
    path = f"/j/{meeting['id']}"

    asked = guest.get(path)
    wrong = guest.post(path, data={"passcode": "nope"})
    right = guest.post(path, data={"passcode": meeting["password"]})

    assert (asked.status_code, "Wrong passcode" in asked.text) == (403, False)
    assert (wrong.status_code, "Wrong passcode" in wrong.text) == (403, True)
    assert "Your name" in right.text


def test_the_link_carries_a_form_of_the_passcode_not_the_passcode(connected):
    meeting = connected.meeting(LIAM)

    assert passcode_in(meeting) == meeting["encrypted_password"]
    assert passcode_in(meeting) != meeting["password"]


def test_a_start_link_expires_after_two_hours(connected):
    meeting = connected.meeting(LIAM)
    connected.advance(minutes=121)

    page = connected.visitor().get(meeting["start_url"])

    assert page.status_code == 403
    assert heading(page) == "This start link has expired"


def test_a_start_link_of_somebody_else_does_not_work(connected):
    mine, other = connected.meeting(LIAM), connected.meeting(LENA)
    zak = other["start_url"].split("zak=")[1]

    page = connected.visitor().get(f"/s/{mine['id']}", params={"zak": zak})

    assert heading(page) == "This start link does not work"


@pytest.mark.parametrize(("plan", "at_once"), [("business", 2), ("pro", 1)])
def test_a_host_runs_only_so_many_at_once(connected, plan, at_once):
    account = connected.control("GET", "accounts")["accounts"][0]["id"]
    connected.control("PATCH", f"accounts/{account}", plan=plan)
    meetings = [connected.meeting(LIAM, topic=f"Talk {n}") for n in range(at_once + 1)]

    pages = [connected.visitor().get(one["start_url"]) for one in meetings]

    assert [page.status_code for page in pages] == [200] * at_once + [409]
    assert heading(pages[-1]) == "The host has another meeting in progress"


def test_a_basic_host_has_forty_minutes(connected):
    basic, licensed = connected.meeting(BEA), connected.meeting(LIAM)
    for one in (basic, licensed):
        connected.control("POST", f"meetings/{one['id']}/start")

    connected.advance(minutes=41)

    found = connected.control("GET", "meetings")["meetings"]
    assert [one["status"] for one in found] == ["ended", "started"]


def test_who_is_cut_off_is_told_so(connected):
    meeting = connected.meeting(BEA)
    host = connected.visitor().get(meeting["start_url"])
    connected.advance(minutes=41)

    after = connected.http.get(host.url.path)

    assert status_line(after) == (
        "This meeting was cut off: Bea Basic may meet for 40 minutes at a time."
    )


def test_who_ends_a_meeting_is_not_told_of_minutes(connected):
    meeting = connected.meeting(BEA)
    host = connected.visitor().get(meeting["start_url"])
    connected.control("POST", f"meetings/{meeting['id']}/end")

    assert status_line(connected.http.get(host.url.path)) == "This meeting is over."


def test_joining_before_the_host_is_a_setting_of_scheduled_meetings(connected):
    settings = {"join_before_host": True}
    scheduled = connected.meeting(LIAM, type=2, settings=settings)
    instant = connected.meeting(LIAM, settings=settings)

    inside = connected.visitor().get(link(scheduled, "Grace"))
    waiting = connected.visitor().get(link(instant, "Grace"))

    assert status_line(inside) == "You are in this meeting as Grace."
    assert status_line(waiting).startswith("Please wait, Grace.")


def test_the_host_lets_people_in_from_the_waiting_room(connected):
    meeting = connected.meeting(LIAM, settings={"waiting_room": True})
    guest, host = connected.visitor(), connected.visitor()
    lobby = host.get(meeting["start_url"])
    waiting = guest.get(link(meeting, "Grace"))
    number = re.search(r'name="who" value="(\d+)"', refreshed(host, lobby).text)[1]

    host.post(f"{lobby.url.path}/admit", data={"who": number})

    assert status_line(waiting) == "Please wait, Grace. The host will let you in soon."
    assert status_line(refreshed(guest, waiting)) == "You are in this meeting as Grace."


def test_names_and_topics_are_escaped(connected):
    meeting = connected.meeting(LIAM, topic="<script>x</script>")

    page = connected.visitor().get(link(meeting, "<img src=x>"))

    assert "<script>x" not in page.text
    assert "<img" not in page.text
    assert "&lt;img src=x&gt;" in page.text
