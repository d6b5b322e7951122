"""Calendar entries in mails, read by another library than the one that writes them."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject

from factories import make_provider, make_service
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.calendar_files import file_for
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making, moving, statuses
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail.memory import MemorySender
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def line():
    return MemorySender()


@pytest.fixture
def video(company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video", [provider], online=True)


def book(offering, now, **details):
    told = {"name": "Grace Demo", "email": "grace@example.com", "time_zone": "America/New_York"}
    return making.book(
        Wish(offering=offering, starts_at=TEN),
        ClientDetails(**told | details),
        by=by_client("Grace"),
        now=now,
    )


def asked_for(company, service, now):
    """Return a booking that awaits approval."""
    features.switch(company, features.APPROVAL, on=True)
    service.approval_wanted = True
    service.save()
    return book(service, now)


def sent(line, now, to="grace@example.com"):
    """Send what is due and return the newest mail to somebody."""
    mail.send_due(line, clock=lambda: now)
    return [one.message for one in line.sent if one.to == to][-1]


def parts(message):
    """Return the alternative for calendars, and the attached file."""
    alternatives, attached = message.iter_parts()
    return list(alternatives.iter_parts())[-1], attached


def read(message):
    return vobject.readOne(parts(message)[1].get_payload(decode=True).decode())


def token(booking, side):
    return booking.appointment.meeting.links.standing().get(side=side).token


def test_a_confirmation_is_a_request_that_nobody_must_answer(line, service, now):
    book(service, now)

    calendar = read(sent(line, now))

    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.status.value == "CONFIRMED"
    assert event.organizer.value == "mailto:office@willow.example"
    assert event.attendee.value == "mailto:grace@example.com"
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.attendee.params["RSVP"] == ["FALSE"]


def test_the_entry_stands_in_the_mail_and_beside_it(line, service, now):
    book(service, now)

    inline, attached = parts(sent(line, now))

    assert inline.get_content_type() == "text/calendar"
    assert (inline.get_param("method"), inline.get_param("charset")) == ("REQUEST", "utf-8")
    assert attached.get_content_type() == "application/ics"
    assert attached.get_filename() == "invite.ics"
    assert inline.get_content().split() == attached.get_payload(decode=True).decode().split()


def test_times_stand_in_the_readers_zone_which_is_described(line, service, now):
    book(service, now)

    calendar = read(sent(line, now))

    start = calendar.vevent.dtstart
    assert start.value.astimezone(UTC) == TEN
    assert start.value.hour == 4
    assert calendar.vtimezone.tzid.value == "America/New_York"


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
def test_every_zone_gives_the_same_instant(line, service, now, zone):
    book(service, now, time_zone=zone)

    calendar = read(sent(line, now))

    assert calendar.vevent.dtstart.value.astimezone(UTC) == TEN
    assert calendar.vevent.dtend.value.astimezone(UTC) == TEN + timedelta(minutes=30)


def test_an_online_entry_leads_into_the_meeting_in_three_ways(line, video, now):
    booking = book(video, now)

    event = read(sent(line, now)).vevent

    way_in = f"/meet/{token(booking, 'client')}/"
    assert event.location.value.endswith(way_in)
    assert way_in in event.description.value
    assert event.conference.value.endswith(way_in)
    assert event.conference.params["VALUE"] == ["URI"]
    assert event.conference.params["FEATURE"] == ["VIDEO"]


def test_each_side_has_only_its_own_way_in(line, video, now):
    booking = book(video, now)

    theirs = read(sent(line, now)).serialize()
    ours = read(sent(line, now, to="ada@willow.example")).serialize()

    client, provider = (token(booking, side) for side in ("client", "provider"))
    assert (client in theirs, provider in theirs) == (True, False)
    assert (client in ours, provider in ours) == (False, True)


def test_a_moved_booking_is_the_same_entry_with_a_higher_sequence(line, service, now):
    booking = book(service, now)
    first = read(sent(line, now)).vevent
    later = TEN + timedelta(hours=3)

    moving.move(booking, starts_at=later, provider=None, by=by_client("Grace"), now=now)
    calendar = read(sent(line, now))

    second = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert second.uid.value == first.uid.value
    assert int(second.sequence.value) > int(first.sequence.value)
    assert second.dtstart.value.astimezone(UTC) == later


def test_a_cancelled_booking_leaves_the_calendar(line, video, now):
    booking = book(video, now)
    first = read(sent(line, now)).vevent
    way_in = token(booking, "client")

    ending.cancel(booking, by=by_client("Grace"), now=now)
    message = sent(line, now)
    calendar = read(message)

    assert parts(message)[0].get_param("method") == calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert calendar.vevent.uid.value == first.uid.value
    assert int(calendar.vevent.sequence.value) > int(first.sequence.value)
    assert way_in not in calendar.serialize()


def test_whoever_gives_a_booking_up_loses_the_entry_and_learns_no_way_in(
    line, company, video, provider, now, owner
):
    booking = book(video, now)
    other = make_provider(company, "Bea Demo")
    video.providers.add(other)

    moving.move(booking, starts_at=TEN, provider=other, by=by_staff(owner), now=now)

    message = sent(line, now, to=provider.email)
    calendar = read(message)

    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.dtstart.value.astimezone(UTC) == TEN
    booking.appointment.meeting.refresh_from_db()
    new_way_in = token(booking, "provider")
    assert new_way_in in sent(line, now, to=other.email).get_body(("plain",)).get_content()
    assert new_way_in not in message.get_body(("plain",)).get_content()
    assert new_way_in not in calendar.serialize()


def test_a_declined_request_leaves_the_calendar(line, company, service, now, owner):
    features.switch(company, features.APPROVAL, on=True)
    service.approval_wanted = True
    service.save()
    booking = book(service, now)
    asked = sent(line, now)

    ending.decline(booking, by=by_staff(owner), now=now)

    assert not list(asked.iter_attachments())
    assert read(sent(line, now)).method.value == "CANCEL"


def test_a_request_that_is_moved_enters_no_calendar(line, company, service, now):
    booking = asked_for(company, service, now)
    sent(line, now)

    moving.move(
        booking, starts_at=TEN + timedelta(hours=3), provider=None, by=by_client("Grace"), now=now
    )

    for reader in ("grace@example.com", "ada@willow.example"):
        message = sent(line, now, to=reader)
        assert "changed" in message["Subject"]
        assert not [part for part in message.walk() if "calendar" in part.get_content_type()]


def test_a_request_is_downloaded_as_tentative(company, service, now):
    booking = asked_for(company, service, now)

    entry = vobject.readOne(file_for(booking, now=now).decode()).vevent

    assert entry.status.value == "TENTATIVE"


def test_whoever_shares_a_mailbox_with_their_successor_keeps_the_entry(
    line, company, provider, service, now, owner
):
    booking = book(service, now)
    bea = make_provider(company, "Bea Demo", email=provider.email.upper())
    service.providers.add(bea)
    sent(line, now)
    line.sent.clear()

    moving.move(booking, starts_at=TEN, provider=bea, by=by_staff(owner), now=now)

    mail.send_due(line, clock=lambda: now)
    theirs = [one.message for one in line.sent if one.to.lower() == provider.email]
    assert [read(one).method.value for one in theirs] == ["REQUEST"]


def test_an_approved_request_enters_the_calendar(line, company, service, now, owner):
    features.switch(company, features.APPROVAL, on=True)
    service.approval_wanted = True
    service.save()
    booking = book(service, now)

    statuses.approve(booking, by=by_staff(owner), now=now)

    assert read(sent(line, now)).method.value == "REQUEST"


def test_nobody_is_invited_by_themselves(line, company, provider, service, now, settings):
    settings.DEFAULT_FROM_EMAIL = "bookings@visavis.example"
    provider.email = company.email
    provider.save()
    book(service, now)

    event = read(sent(line, now, to=company.email)).vevent

    assert event.attendee.value == "mailto:office@willow.example"
    assert event.organizer.value == "mailto:bookings@visavis.example"


def test_names_and_notes_bend_no_line(line, company, service, now):
    evil = 'Eve"\r\nATTENDEE:mailto:eve@evil.example;X=\n'
    company.name = 'Willow: "the;practice"'
    company.save()
    book(service, now, name=evil)

    for address in ("grace@example.com", "ada@willow.example"):
        calendar = read(sent(line, now, to=address))
        assert [one.value for one in calendar.vevent.attendee_list] == [f"mailto:{address}"]
        assert "Eve" in calendar.serialize()


def test_the_words_are_in_the_readers_language(line, video, now):
    book(video, now, language="fr")

    description = read(sent(line, now)).vevent.description.value

    assert "Rejoindre" in description or "réservation" in description.lower()


def test_a_downloaded_file_is_published_and_invites_nobody(video, now):
    booking = book(video, now)

    calendar = vobject.readOne(file_for(booking, now=now).decode())

    assert calendar.method.value == "PUBLISH"
    assert not hasattr(calendar.vevent, "attendee")
    assert token(booking, "client") in calendar.vevent.location.value
