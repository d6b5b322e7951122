"""Answers the simulator does not give: bare, odd, or wrong ones."""

import json
from datetime import UTC, datetime, timedelta, timezone

import httpx2
import pytest

from visavis.gateways.video import Attended, Fault, NotThere, Opened, TellAdministrator, TryLater
from visavis.gateways.video.zoom import Patience, ZoomApp, ZoomClient, ZoomGateway, meetings, users

HOST = {"id": "h-1", "type": 2, "pmi": 5551234567, "status": "active"}
MEETING = {"id": 81234567890, "uuid": "u", "type": 1, "join_url": "https://zoom.us/j/81234567890"}


class Stub:
    """Zoom's answers by method and path, and what it was asked."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.sent = []

    def __call__(self, request):
        what = f"{request.method} {request.url.path}"
        self.asked.append(what)
        self.sent.append(json.loads(request.content or "null"))
        answer = self.answers[what]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx2.Response) else httpx2.Response(200, json=answer)

    def client(self):
        http = httpx2.Client(transport=httpx2.MockTransport(self))
        return ZoomClient("https://api.zoom.us/", lambda force: "token", http, lambda pause: None)


def test_the_api_is_below_its_second_version():
    stub = Stub({"GET /v2/users/me": HOST})

    users.me(stub.client())

    assert stub.asked == ["GET /v2/users/me"]


@pytest.mark.parametrize(
    "change",
    [
        {"type": 4},
        {"pmi": "81234567890"},
        {"settings": {"use_pmi": True}},
        {"pmi": "5551234567", "join_url": "https://zoom.us/j/5551234567?pwd=x"},
    ],
)
def test_the_personal_room_shows_in_several_ways(request_for, change):
    stub = Stub(
        {
            "POST /v2/users/h-1/meetings": MEETING | change,
            "DELETE /v2/meetings/81234567890": httpx2.Response(204),
        }
    )

    with pytest.raises(TellAdministrator) as refusal:
        ZoomGateway(stub.client()).open(request_for("h-1"))

    assert refusal.value.fault is Fault.PERSONAL_ROOM


def test_a_meeting_of_ours_that_leads_to_the_personal_room_is_deleted(request_for):
    stub = Stub(
        {
            "POST /v2/users/h-1/meetings": MEETING | {"settings": {"use_pmi": True}},
            "DELETE /v2/meetings/81234567890": httpx2.Response(404, json={"code": 3001}),
        }
    )

    with pytest.raises(TellAdministrator):
        ZoomGateway(stub.client()).open(request_for("h-1"))

    assert stub.asked[-1] == "DELETE /v2/meetings/81234567890"


def test_a_number_like_a_personal_rooms_is_compared_with_it(request_for):
    made = MEETING | {"id": 5551234567}
    stub = Stub({"POST /v2/users/h-1/meetings": made, "GET /v2/users/h-1": HOST})

    with pytest.raises(TellAdministrator) as refusal:
        ZoomGateway(stub.client()).open(request_for("h-1"))

    assert refusal.value.fault is Fault.PERSONAL_ROOM


@pytest.mark.parametrize(
    "host", [HOST | {"pmi": 5550000000}, httpx2.Response(400, json={"code": 4711})]
)
def test_a_short_number_alone_is_no_personal_room(request_for, host):
    made = MEETING | {"id": 5551234567}
    stub = Stub({"POST /v2/users/h-1/meetings": made, "GET /v2/users/h-1": host})

    opened = ZoomGateway(stub.client()).open(request_for("h-1"))

    assert opened.external_id == "5551234567"


@pytest.mark.parametrize("number", [0, None, ""])
def test_a_host_without_a_personal_room_is_not_taken_for_one(request_for, number):
    stub = Stub(
        {
            "POST /v2/users/h-1/meetings": MEETING | {"pmi": number},
            "GET /v2/users/h-1": {"id": "h-1", "pmi": number},
        }
    )

    assert ZoomGateway(stub.client()).open(request_for("h-1")).external_id == "81234567890"


def test_a_meeting_without_a_passcode_has_none(request_for):
    stub = Stub({"POST /v2/users/h-1/meetings": MEETING})

    assert ZoomGateway(stub.client()).open(request_for("h-1")) == Opened(
        "81234567890", "u", "https://zoom.us/j/81234567890", ""
    )


@pytest.mark.parametrize(
    "answer",
    [{}, {"id": 1}, {"join_url": "https://zoom.us/j/1"}, httpx2.Response(201, content=b"")],
)
def test_a_meeting_without_a_way_in_is_no_meeting(request_for, answer):
    stub = Stub({"POST /v2/users/h-1/meetings": answer})

    with pytest.raises(TryLater) as refusal:
        ZoomGateway(stub.client()).open(request_for("h-1"))

    assert refusal.value.answer_lost


def test_an_id_wider_than_32_bits_stays_what_it_is(request_for):
    stub = Stub({"POST /v2/users/h-1/meetings": MEETING | {"id": 9007199254740993}})

    opened = ZoomGateway(stub.client()).open(request_for("h-1"))

    assert opened.external_id == "9007199254740993"


@pytest.mark.parametrize("content", [b"", b"OK", b"null"])
def test_an_answer_without_content_is_not_read(content):
    stub = Stub(
        {
            "PUT /v2/meetings/81234567890/status": httpx2.Response(204, content=content),
            "DELETE /v2/meetings/81234567890": httpx2.Response(204, content=content),
        }
    )

    ZoomGateway(stub.client()).close("81234567890")


def test_a_list_of_users_without_an_end_is_given_up():
    endless = {"users": [HOST], "next_page_token": "again"}
    stub = Stub({"GET /v2/users": endless})

    with pytest.raises(TryLater):
        users.everybody(stub.client())


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 99, 7])
def test_unknown_kinds_of_users_get_the_benefit_of_the_doubt(kind):
    stub = Stub({"GET /v2/users/h-1": HOST | {"type": kind}})

    assert users.get(stub.client(), "h-1").may_host is (kind not in {4, 99})


def test_a_redirection_is_not_followed_with_our_token():
    stub = Stub(
        {"GET /v2/users/me": httpx2.Response(302, headers={"location": "https://x.example"})}
    )

    with pytest.raises(TryLater):
        users.me(stub.client())


def test_a_start_address_that_is_not_given_is_said_so():
    stub = Stub({"GET /v2/meetings/81234567890": MEETING})

    with pytest.raises(TellAdministrator):
        ZoomGateway(stub.client()).start_url("81234567890")


def test_closing_needs_no_second_call_when_ending_finds_nothing():
    gone = httpx2.Response(404, json={"code": 3001, "message": "Meeting does not exist: 8."})
    stub = Stub({"PUT /v2/meetings/8/status": gone})

    ZoomGateway(stub.client()).close("8")

    assert stub.asked == ["PUT /v2/meetings/8/status"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": ""},
        {"access_token": 7},
        {"access_token": "a", "expires_in": "soon"},
    ],
)
def test_a_grant_without_a_token_is_none(answer):
    http = httpx2.Client(
        transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json=answer))
    )

    with pytest.raises(TryLater) as refusal:
        ZoomApp("id", "secret", http).refresh("r-1")

    assert refusal.value.answer_lost


def test_a_bare_grant_is_completed():
    body = {"access_token": "a", "token_type": "bearer"}
    http = httpx2.Client(
        transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json=body))
    )

    grant = ZoomApp("id", "secret", http).refresh("r-1")

    assert grant.expires_in == 3600
    assert grant.scopes == frozenset()
    assert grant.refresh_token == ""
    assert grant.api_url == "https://api.zoom.us"


@pytest.mark.parametrize(
    ("trouble", "answer_lost"),
    [
        (httpx2.ConnectTimeout("x"), False),
        (httpx2.ConnectError("x"), False),
        (httpx2.ReadTimeout("x"), True),
        (httpx2.RemoteProtocolError("x"), True),
        (httpx2.DecodingError("x"), True),
    ],
)
def test_the_http_librarys_errors_end_here(request_for, trouble, answer_lost):
    stub = Stub({"POST /v2/users/h-1/meetings": trouble})

    with pytest.raises(TryLater) as refusal:
        ZoomGateway(stub.client()).open(request_for("h-1"))

    assert refusal.value.answer_lost is answer_lost


def test_a_long_wait_is_the_callers_to_make():
    refused = httpx2.Response(429, json={"code": 429}, headers={"retry-after": "30"})
    stub = Stub({"GET /v2/users/me": refused})

    with pytest.raises(TryLater) as refusal:
        users.me(stub.client())

    assert refusal.value.wait == timedelta(seconds=30)
    assert stub.asked == ["GET /v2/users/me"]


def test_attendance_is_read_page_by_page():
    def answer(request):
        last = request.url.params.get("next_page_token") == "more"
        row = {"name": "Alan" if last else "Grace", "join_time": "2030-03-01T09:30:00Z"}
        return httpx2.Response(
            200, json={"participants": [row], "next_page_token": "" if last else "more"}
        )

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = ZoomClient("https://api.zoom.us", lambda force: "t", http)

    present = ZoomGateway(client).attendance("81234567890")

    began = datetime(2030, 3, 1, 9, 30, tzinfo=UTC)
    assert present == [Attended("Grace", "", began, None), Attended("Alan", "", began, None)]


def test_five_hundred_names_go_into_one_call():
    def answer(request):
        names = [one["name"] for one in json.loads(request.content)["attendees"]]
        sizes.append(len(names))
        links = [{"name": name, "join_url": f"https://zoom.us/w/8?tk={name}"} for name in names]
        return httpx2.Response(201, json={"attendees": links[::-1]})

    sizes = []
    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    names = [f"Client {number}" for number in range(501)]

    links = ZoomGateway(ZoomClient("https://api.zoom.us", lambda force: "t", http)).personal_links(
        "8", names
    )

    assert sizes == [500, 1]
    assert links == {name: f"https://zoom.us/w/8?tk={name}" for name in names}


@pytest.mark.parametrize("attendees", [[], None, [{"name": "Grace"}], ["Grace"]])
def test_an_answer_without_links_is_none(attendees):
    answer = httpx2.Response(201, json={"attendees": attendees})
    stub = Stub({"POST /v2/meetings/8/invite_links": answer})

    with pytest.raises(TryLater):
        ZoomGateway(stub.client()).personal_links("8", ["Grace"])


def test_who_was_kept_in_the_waiting_room_was_not_there():
    rows = [{"name": "Grace", "status": "in_waiting_room"}, {"name": "Alan", "user_id": "16"}]
    stub = Stub({"GET /v2/past_meetings/8/participants": {"participants": rows}})

    present = ZoomGateway(stub.client()).attendance("8")

    assert [(one.name, one.number) for one in present] == [("Alan", "16")]


def test_people_who_have_not_answered_an_invitation_are_left_out():
    rows = [HOST, {"email": "new@example.com", "status": "pending", "type": 1}]
    stub = Stub({"GET /v2/users": {"users": rows, "next_page_token": ""}})

    assert [user.id for user in users.everybody(stub.client())] == ["h-1"]


@pytest.mark.parametrize(
    ("length", "minutes"),
    [
        (timedelta(seconds=1), 1),
        (timedelta(minutes=44, seconds=1), 45),
        (timedelta(minutes=45), 45),
        (timedelta(days=3), 1440),
    ],
)
def test_a_scheduled_meeting_lasts_whole_minutes_rounded_up(request_for, length, minutes):
    begins = datetime(2030, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=1)))

    described = meetings.description(
        request_for("h-1", scheduled=True, starts_at=begins, ends_at=begins + length)
    )

    assert described["duration"] == minutes
    assert described["start_time"] == "2030-03-01T09:30:00Z"


def test_patience_is_shared_by_all_tries():
    seen = []

    def answer(request):
        seen.append({step: request.extensions["timeout"].get(step) for step in ("connect", "read")})
        return httpx2.Response(500)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    patience = Patience(connect=3.0, total=5.0)
    client = ZoomClient(
        "https://api.zoom.us", lambda force: "t", http, lambda pause: None, patience
    )

    with pytest.raises(TryLater):
        users.me(client)

    assert len(seen) == 3
    assert all(one["connect"] <= 3.0 and one["read"] <= 5.0 for one in seen)
    assert seen[0]["read"] > seen[1]["read"] > seen[2]["read"]


def test_not_there_is_told_apart_from_a_missing_host():
    missing = httpx2.Response(404, json={"code": 3001, "message": "Meeting does not exist: 8."})

    with pytest.raises(NotThere):
        ZoomGateway(Stub({"GET /v2/meetings/8": missing}).client()).state("8")
