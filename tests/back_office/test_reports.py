import csv
import io
from datetime import UTC, datetime, time, timedelta

import pytest
from openpyxl import load_workbook

from back_office.staff import at, book, sign_in, working_day
from factories import make_member, make_provider, make_service
from visavis.back_office.exports import safe
from visavis.bookings.actors import by_client
from visavis.bookings.models import Booking
from visavis.bookings.operations import ending
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider, Presence, Room
from visavis.notifications import outbox
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db
BOOKINGS = "/office/willow/reports/bookings/"
EXPORT = f"{BOOKINGS}export/"
MEETINGS = "/office/willow/reports/meetings/"
MESSAGES = "/office/willow/reports/messages/"


@pytest.fixture
def online(company, provider):
    """A service that meets online."""
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video talk", [provider], online=True)


@pytest.fixture
def oak(db):
    return Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")


def listed(client, **query):
    return [row.booking.name for row in client.get(BOOKINGS, query).context["rows"]]


def exported(client, **query):
    content = b"".join(client.get(EXPORT, query).streaming_content).decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(content.removeprefix("\ufeff").splitlines()))


# --- Booking details ---


def test_bookings_are_filtered_by_period(client, company, service):
    book(service, at(10))
    book(service, at(10, day=working_day(weeks=2)), "Alan Demo")
    sign_in(client, company, "owner")

    day = working_day()
    assert listed(client, since=day, until=day) == ["Grace Demo"]
    assert listed(client, since=day) == ["Alan Demo", "Grace Demo"]


def test_bookings_are_filtered_by_when_they_were_made(client, company, service):
    book(service)
    sign_in(client, company, "owner")

    assert listed(client, made_since="2000-01-01") == ["Grace Demo"]
    assert listed(client, made_until="2000-01-01") == []


def test_bookings_are_filtered_by_service_provider_status_and_words(
    client, company, provider, service
):
    other = make_provider(company, "Bea Demo")
    massage = make_service(company, "Massage", [other])
    first = book(service)
    second = book(massage, name="Alan Demo")
    ending.cancel(second, by=by_client("Alan"), now=datetime.now(UTC))
    sign_in(client, company, "owner")

    assert listed(client, offering=massage.pk) == ["Alan Demo"]
    assert listed(client, provider=provider.pk) == ["Grace Demo"]
    assert listed(client, status="cancelled") == ["Alan Demo"]
    assert listed(client, q="alan@") == ["Alan Demo"]
    assert listed(client, q=first.code) == ["Grace Demo"]


def test_a_wrong_filter_is_said_and_passed_over(client, company, service):
    book(service)
    sign_in(client, company, "owner")

    answer = client.get(BOOKINGS, {"since": "x", "provider": "x", "status": "x", "page": "x"})

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 1
    assert "Enter a valid date." in answer.content.decode()


def test_an_online_booking_shows_both_links(client, company, online):
    book(online)
    sign_in(client, company, "owner")

    (row,) = client.get(BOOKINGS).context["rows"]

    ours, theirs = (JoinLink.objects.get(side=side) for side in ("provider", "client"))
    assert ours.token in row.provider_link
    assert theirs.token in row.client_link


@pytest.mark.parametrize("number", [1, 5])
def test_the_report_takes_the_same_queries_however_long(
    client, company, online, django_assert_max_num_queries, number
):
    for place in range(number):
        book(online, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    with django_assert_max_num_queries(13):
        client.get(BOOKINGS)


def test_the_file_holds_what_the_page_lists(client, company, online):
    booking = book(online, at(10))
    book(online, at(11), "Alan Demo")
    sign_in(client, company, "owner")

    (row,) = exported(client, q="grace")

    assert row["Reference"] == booking.code
    assert row["Starts at"] == f"{working_day()} 10:00"
    assert row["Time zone"].startswith("Paris time")
    assert "/meet/" in row["Open meeting"]


def sheet_of(answer):
    """Read a file back with another library than the one that wrote it."""
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    heads, *rows = book.active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows], book.active


def test_the_excel_file_has_real_dates_and_names_their_zone(client, company, online):
    booking = book(online, at(10))
    sign_in(client, company, "owner")

    answer = client.get(EXPORT, {"format": "xlsx"})
    ((row,), sheet) = sheet_of(answer)

    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert row["Reference"] == booking.code
    assert row["Starts at (Europe/Paris)"] == datetime.combine(working_day(), time(10))
    assert row["Places"] == 1
    assert sheet.freeze_panes == "A2"


def test_the_excel_file_runs_no_formulas(client, company, service):
    book(service, name="=HYPERLINK(1)", email="grace@example.com")
    sign_in(client, company, "owner")

    ((row,), sheet) = sheet_of(client.get(EXPORT, {"format": "xlsx"}))

    assert row["Name"] == "'=HYPERLINK(1)"
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "n", "d"}


def test_the_file_runs_no_formulas(client, company, service):
    book(service, name="=HYPERLINK(1)", email="grace@example.com")
    sign_in(client, company, "owner")

    (row,) = exported(client)

    assert row["Name"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_looks_like_a_formula_is_text(text):
    assert safe(text) == f"'{text}"


def test_a_long_file_is_read_in_parts(client, company, online, monkeypatch):
    monkeypatch.setattr("visavis.back_office.views.reports_bookings.CHUNK", 2)
    for place in range(5):
        book(online, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    assert len({row["Reference"] for row in exported(client)}) == 5


# --- Online video meetings ---


def test_meetings_tell_their_state_people_and_way_in(client, company, provider, online):
    group = make_service(company, "Webinar", [provider], seats=8, online=True)
    book(group)
    book(group, name="Alan Demo")
    sign_in(client, company, "owner")

    answer = client.get(MEETINGS)

    (row,) = answer.context["rows"]
    assert (row.meeting.topic, row.state) == ("Webinar", "planned")
    assert row.meeting.appointment.seats_taken == 2
    assert row.link in answer.content.decode()


def test_meetings_are_filtered_by_state(client, company, online):
    booking = book(online)
    sign_in(client, company, "owner")
    ending.cancel(booking, by=by_client("Grace"), now=datetime.now(UTC))

    assert not client.get(MEETINGS, {"state": "planned"}).context["rows"]
    assert client.get(MEETINGS, {"state": "cancelled"}).context["rows"]


def test_a_fault_is_told_in_words_and_tried_again(client, company, online):
    meeting = book(online).appointment.meeting
    Meeting.objects.update(fault="not_mapped", look_at=None, attempts=4)
    sign_in(client, company, "owner")

    page = client.get(MEETINGS).content.decode()
    client.post(f"{MEETINGS}{meeting.pk}/try-again/")

    meeting.refresh_from_db()
    assert "No meeting platform is chosen for this provider." in page
    assert (meeting.look_at is not None, meeting.attempts) == (True, 0)


def test_meetings_are_filtered_by_what_happens_and_how(client, company, provider, online):
    webinar = make_service(company, "Webinar", [provider], seats=8, online=True)
    book(online)
    book(webinar, at(14))
    Meeting.objects.filter(topic="Webinar").update(fault="not_mapped")
    MeetingProvider.objects.create(
        provider=provider, platform="zoom", host_id="liam", host_name="Liam"
    )
    room = {"platform": "zoom", "host_id": "lena", "asked_at": datetime.now(UTC)}
    Room.objects.create(meeting=Meeting.objects.get(topic="Webinar"), **room)
    sign_in(client, company, "owner")

    def listed(**query):
        rows = client.get(MEETINGS, query).context["rows"]
        return [row.meeting.topic for row in rows]

    assert listed(offering=webinar.pk) == ["Webinar"]
    assert listed(fault="any") == listed(fault="not_mapped") == ["Webinar"]
    assert listed(host="liam") == ["Video talk"]
    assert listed(provider=provider.pk) == ["Video talk", "Webinar"]


def test_the_host_is_the_rooms_and_not_todays(client, company, provider, online):
    meeting = book(online).appointment.meeting
    MeetingProvider.objects.create(
        provider=provider, platform="zoom", host_id="liam", host_name="Liam"
    )
    Room.objects.create(
        meeting=meeting, platform="zoom", host_id="lena", asked_at=datetime.now(UTC)
    )
    sign_in(client, company, "owner")

    (row,) = client.get(MEETINGS).context["rows"]

    assert (row.platform, row.host) == ("Zoom", "lena")


def fall_back(meeting):
    now = datetime.now(UTC)
    Meeting.objects.filter(pk=meeting.pk).update(fault="unreachable", attempts=4)
    return Room.objects.create(
        meeting=meeting, platform="jitsi", asked_at=now, opened_at=now, fallback=True,
        join_url="https://meet.example/room", external_id="room",
    )  # fmt: skip


def test_while_nobody_is_in_the_fallback_the_platform_is_tried_again(client, company, online):
    meeting = book(online).appointment.meeting
    room = fall_back(meeting)
    sign_in(client, company, "owner")

    (row,) = client.get(MEETINGS).context["rows"]
    client.post(f"{MEETINGS}{meeting.pk}/try-again/")

    room.refresh_from_db()
    assert row.may_retry
    assert room.closed_because == "tried_again"


def test_nobody_is_sent_from_one_room_to_another(client, company, online):
    meeting = book(online).appointment.meeting
    room = fall_back(meeting)
    meeting.links.update(forwarded_at=datetime.now(UTC))
    sign_in(client, company, "owner")

    answer = client.post(f"{MEETINGS}{meeting.pk}/try-again/", follow=True)

    room.refresh_from_db()
    assert room.closed_at is None
    assert "Somebody is in the other room already" in answer.content.decode()


def test_who_came_stands_in_report_and_files(client, company, online):
    booking = book(online)
    meeting = booking.appointment.meeting
    begun = datetime.now(UTC).replace(microsecond=0, second=0) - timedelta(hours=1)
    Meeting.objects.update(starts_at=begun, ends_at=begun + timedelta(minutes=30))
    room = Room.objects.create(
        meeting=meeting, platform="zoom", host_id="lena", asked_at=begun, opened_at=begun,
        closed_at=begun + timedelta(minutes=30), closed_because="ended", external_id="8",
    )  # fmt: skip
    Presence.objects.create(
        room=room, link=meeting.links.get(side="client"), name="Grace", noted_at=begun,
        joined_at=begun + timedelta(minutes=3), left_at=begun + timedelta(minutes=30),
    )  # fmt: skip
    Presence.objects.create(room=room, name="=cmd", joined_at=begun, noted_at=begun)
    sign_in(client, company, "owner")

    page = client.get(MEETINGS, {"state": "ended"}).content.decode()
    answer = client.get(f"{MEETINGS}export/", {"state": "ended", "format": "xlsx"})
    rows, _sheet = sheet_of(answer)
    told = {row["Person"]: row for row in rows}

    assert "27 minutes" in page
    assert "The meeting ended" in page
    grace = told["Grace Demo"]
    assert (grace["Reference"], grace["Minutes present"], grace["Minutes late"]) == (
        booking.code, 27, 3,
    )  # fmt: skip
    assert isinstance(grace["Joined (Europe/Paris)"], datetime)
    assert told["'=cmd"]["Role"] == "Somebody else"
    assert "Ada Demo" in told


def test_a_missed_client_may_be_marked_from_the_report(client, company, online):
    booking = book(online)
    begun = datetime.now(UTC) - timedelta(hours=1)
    Meeting.objects.update(starts_at=begun, ends_at=begun + timedelta(minutes=30))
    meeting = Meeting.objects.get()
    room = Room.objects.create(
        meeting=meeting, platform="zoom", host_id="lena", asked_at=begun, opened_at=begun,
        closed_at=begun + timedelta(minutes=30), closed_because="ended", external_id="8",
    )  # fmt: skip
    Presence.objects.create(
        room=room, link=meeting.links.get(side="provider"), joined_at=begun, noted_at=begun
    )
    sign_in(client, company, "owner")

    page = client.get(MEETINGS, {"state": "ended"}).content.decode()

    assert f"/office/willow/bookings/{booking.code}/no-show/" in page


def test_who_only_reads_gets_no_links(client, company, online):
    book(online)
    sign_in(client, company, "viewer")

    page = client.get(MEETINGS).content.decode()
    content = b"".join(client.get(f"{MEETINGS}export/").streaming_content).decode()

    assert "/meet/" not in page + content


def test_a_meeting_of_another_company_is_not_tried_again(client, oak, online):
    meeting = book(online).appointment.meeting
    sign_in(client, oak, "owner")

    answer = client.post(f"/office/oak/reports/meetings/{meeting.pk}/try-again/")

    assert answer.status_code == 404


def test_the_report_of_meetings_shows_what_was_noted(client, company, online):
    book(online, at(9))
    Meeting.objects.update(notices="personal_room")
    sign_in(client, company, "owner")

    assert "into their personal room" in client.get(MEETINGS).content.decode()


@pytest.mark.parametrize("number", [1, 5])
def test_meetings_take_the_same_queries_however_many(
    client, company, online, django_assert_max_num_queries, number
):
    for place in range(number):
        book(online, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    with django_assert_max_num_queries(20):
        client.get(MEETINGS)


# --- Messages ---


@pytest.fixture
def message(service):
    """What the client is told about a booking."""
    book(service)
    return Message.objects.get(audience="client", event="confirmed")


def test_messages_are_filtered(client, company, message):
    sign_in(client, company, "owner")

    def found(**query):
        return client.get(MESSAGES, query).context["page"].paginator.count

    assert found(event="confirmed", q="grace@", status="planned") == 1
    assert found(event="reminder") == found(status="failed") == found(q="nobody") == 0


def test_a_message_is_shown_as_it_was_sent(client, company, message):
    Message.objects.filter(pk=message.pk).update(
        status="sent", subject="Hello", text="Dear <b>Grace</b>", answer="250 OK"
    )
    sign_in(client, company, "owner")

    page = client.get(f"{MESSAGES}{message.pk}/").content.decode()

    assert "Dear &lt;b&gt;Grace&lt;/b&gt;" in page
    assert "250 OK" in page


def test_a_mail_is_shown_in_a_frame_that_can_do_nothing(client, company, message):
    Message.objects.filter(pk=message.pk).update(
        status="sent", text="Dear Grace", html="<style>p{}</style><p>Dear <script>x</script></p>"
    )
    sign_in(client, company, "owner")

    answer = client.get(f"{MESSAGES}{message.pk}/")
    page = answer.content.decode()

    assert 'sandbox srcdoc="&lt;p&gt;Dear &lt;script&gt;' in page
    assert "<script>x" not in page
    assert "<pre" in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_bookings_page_sends_its_messages_again_or_not_at_all(client, company, message):
    sign_in(client, company, "owner")
    booking = Booking.objects.get()

    page = client.get(f"/office/willow/bookings/{booking.code}/").content.decode()
    Message.objects.update(status="sent")
    sent_page = client.get(f"/office/willow/bookings/{booking.code}/").content.decode()

    assert f"{MESSAGES}{message.pk}/cancel/" in page
    assert f"{MESSAGES}{message.pk}/send-again/" in sent_page


def test_a_message_is_sent_again_as_a_new_one(client, company, message):
    Message.objects.filter(pk=message.pk).update(status="failed")
    sign_in(client, company, "owner")

    client.post(f"{MESSAGES}{message.pk}/send-again/")

    again = Message.objects.filter(event="confirmed", audience="client").latest("pk")
    assert (again.status, again.recipient) == ("planned", message.recipient)
    assert again.pk != message.pk


@pytest.mark.parametrize("page", ["message", "booking"])
def test_a_double_click_sends_once(client, company, message, page):
    Message.objects.update(status="sent")
    sign_in(client, company, "owner")
    code = Booking.objects.get().code
    address = (
        f"{MESSAGES}{message.pk}/" if page == "message" else f"/office/willow/bookings/{code}/"
    )
    shown = client.get(address)
    form = {"request_key": shown.context["again_key"]}
    assert f'name="request_key" value="{form["request_key"]}"' in shown.content.decode()

    for _click in range(2):
        client.post(f"{MESSAGES}{message.pk}/send-again/", form)
    twice = Message.objects.filter(status="planned").count()
    client.post(f"{MESSAGES}{message.pk}/send-again/", {"request_key": "another"})

    assert (twice, Message.objects.filter(status="planned").count()) == (1, 2)


def test_all_that_failed_is_sent_again_as_it_is(client, company, message, oak):
    Message.objects.update(status="failed", attempts=10, answer="451 no")
    other = Message.objects.create(
        company=oak, about="test", key="other", event="test", audience="staff",
        recipient="x@example.com", status="failed", due_at=message.due_at,
        created_at=message.due_at,
    )  # fmt: skip
    sign_in(client, company, "owner")
    failed, key = Message.objects.filter(company=company).count(), message.key

    page = client.get(MESSAGES).content.decode()
    answer = client.post(f"{MESSAGES}send-failed-again/", follow=True)

    assert f"Send {failed} failed messages again?" in page
    assert f"{failed} messages are on their way again." in answer.content.decode()
    message.refresh_from_db()
    assert (message.status, message.attempts, message.key) == ("planned", 0, key)
    other.refresh_from_db()
    assert other.status == "failed"
    assert not Message.objects.filter(company=company, status="failed").exists()


def test_only_what_the_filters_let_through_is_sent_again(client, company, message):
    Message.objects.update(status="failed")
    sign_in(client, company, "owner")

    page = client.get(MESSAGES, {"q": "grace@"}).content.decode()
    answer = client.post(f"{MESSAGES}send-failed-again/?q=grace%40")

    assert "Send 1 failed message again?" in page
    assert "send-failed-again/?q=grace%40" in page
    assert answer["Location"].endswith("?q=grace%40")
    assert [one.audience for one in Message.objects.filter(status="planned")] == ["client"]


def test_what_is_sent_again_after_it_failed_leaves_at_once(message, now):
    Message.objects.update(status="failed", attempts=10)

    outbox.retry_failed(Message.objects.all(), now=now)

    assert message.pk in {one.pk for one in outbox.claim("email", now=now, limit=50)}


def test_a_message_that_is_tried_again_tells_how_often_and_why(client, company, message):
    Message.objects.filter(pk=message.pk).update(attempts=3, answer="450 4.2.0 greylisted")
    sign_in(client, company, "owner")

    listed = client.get(MESSAGES).content.decode()
    code = Booking.objects.get().code
    booking = client.get(f"/office/willow/bookings/{code}/").content.decode()

    for page in (listed, booking):
        assert "Tried 3 times, will be tried again." in page
        assert "450 4.2.0 greylisted" in page
    assert "E-mail · grace@example.com" in booking


def test_who_minds_the_team_sees_the_mails_its_members_sign_in_with(client, company, oak):
    make_member(oak, "owner", "oak@example.com")
    for name in ("owner@willow.example", "oak@example.com"):
        Message.objects.create(
            about="account", key=name, event="account", audience="staff", recipient=name,
            subject="Reset", text="/secret/", status="failed", answer="550 no such user",
            due_at=datetime.now(UTC), created_at=datetime.now(UTC),
        )  # fmt: skip
    sign_in(client, company, "owner")

    listed = client.get(MESSAGES)
    (shown,) = listed.context["page"].object_list
    page = client.get(f"{MESSAGES}{shown.pk}/").content.decode()

    assert shown.recipient == "owner@willow.example"
    assert "550 no such user" in listed.content.decode()
    assert "/secret/" not in page
    assert client.post(f"{MESSAGES}{shown.pk}/cancel/").status_code == 404
    assert client.post(f"{MESSAGES}{shown.pk}/send-again/").status_code == 404


def test_who_does_not_mind_the_team_does_not(client, company):
    member = sign_in(client, company, "receptionist")
    Message.objects.create(
        about="account", key="a", event="account", audience="staff",
        recipient=member.user.email, due_at=datetime.now(UTC), created_at=datetime.now(UTC),
    )  # fmt: skip

    assert client.get(MESSAGES).context["page"].paginator.count == 0


def test_what_is_told_of_a_whole_class_stands_with_each_booking(client, company, message):
    booking = Booking.objects.get()
    Message.objects.filter(pk=message.pk).update(
        about="appointment", about_id=booking.appointment_id, audience="provider"
    )
    sign_in(client, company, "owner")

    shown = client.get(f"/office/willow/bookings/{booking.code}/")
    page = client.get(f"{MESSAGES}{message.pk}/").content.decode()

    assert message in shown.context["letters"]
    assert f"/office/willow/appointments/{booking.appointment_id}/" in page


def test_a_planned_message_is_cancelled(client, company, message):
    sign_in(client, company, "owner")

    client.post(f"{MESSAGES}{message.pk}/cancel/")

    message.refresh_from_db()
    assert message.status == "cancelled"


def test_a_message_on_its_way_is_not_cancelled(client, company, message):
    Message.objects.filter(pk=message.pk).update(claimed_until=datetime(2900, 1, 1, tzinfo=UTC))
    sign_in(client, company, "owner")

    answer = client.post(f"{MESSAGES}{message.pk}/cancel/", follow=True)

    message.refresh_from_db()
    assert message.status == "planned"
    assert "too late" in answer.content.decode()


def test_a_secret_is_not_shown_and_not_sent_again(client, company, message):
    Message.objects.filter(pk=message.pk).update(about="invitation", text="/invitation/secret/")
    sign_in(client, company, "owner")

    page = client.get(f"{MESSAGES}{message.pk}/").content.decode()

    assert "/invitation/secret/" not in page
    assert client.post(f"{MESSAGES}{message.pk}/send-again/").status_code == 404


def test_messages_of_another_company_do_not_exist(client, oak, message):
    sign_in(client, oak, "owner")

    assert client.get("/office/oak/reports/messages/").context["page"].paginator.count == 0
    for page in ("", "send-again/", "cancel/"):
        address = f"/office/oak/reports/messages/{message.pk}/{page}"
        answer = client.post(address) if page else client.get(address)
        assert answer.status_code == 404


@pytest.mark.parametrize("number", [1, 5])
def test_messages_take_the_same_queries_however_many(
    client, company, service, django_assert_max_num_queries, number
):
    for place in range(number):
        book(service, at(9 + place), f"Client{place} Demo")
    sign_in(client, company, "owner")

    with django_assert_max_num_queries(9):
        client.get(MESSAGES)


# --- All of them ---


@pytest.mark.parametrize("page", [BOOKINGS, EXPORT, MEETINGS, f"{MEETINGS}export/", MESSAGES])
def test_reports_are_for_those_who_may_read_them(client, company, page):
    sign_in(client, company, "provider")

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", [BOOKINGS, EXPORT, MEETINGS, f"{MEETINGS}export/", MESSAGES])
def test_strangers_do_not_find_the_reports(client, company, oak, page):
    sign_in(client, oak, "owner")

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", [BOOKINGS, EXPORT, MEETINGS, f"{MEETINGS}export/", MESSAGES])
def test_reports_ask_for_a_sign_in(client, company, page):
    assert client.get(page)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["meetings/1/try-again/", "messages/1/send-again/"])
def test_a_viewer_only_reads(client, company, page):
    sign_in(client, company, "viewer")

    assert client.post(f"/office/willow/reports/{page}").status_code == 403
