"""What is told of a class, or of any appointment with several bookings, and what once."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject

from factories import make_provider, make_service
from visavis.bookings import online
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment
from visavis.bookings.operations import appointments, ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications import editing
from visavis.notifications.models import Message, ReminderTime
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = ("Grace", "Alan", "Edsger", "Barbara", "Donald")
ADA = "ada@willow.example"


@pytest.fixture
def yoga(company, provider):
    return make_service(company, "Yoga", [provider], seats=8)


@pytest.fixture
def reminded(company):
    ReminderTime.objects.create(company=company, audience="provider", minutes_before=60)
    editing.set_switches(company, "email", {("reminder", "provider"): True})


@pytest.fixture
def line():
    return MemorySender()


def book(offering, now, name, starts_at=TEN):
    client = ClientDetails(
        name=f"{name} Demo", email=f"{name.lower()}@example.com", time_zone="Europe/Paris"
    )
    wish = Wish(offering=offering, starts_at=starts_at)
    return making.book(wish, client, by=by_client(name), now=now)


def full(offering, now):
    return [book(offering, now, name) for name in NAMES]


def sent(line, now, to=ADA):
    """Send what is due, and return what came to somebody by that."""
    line.sent.clear()
    mail.send_due(line, clock=lambda: now)
    return [one.message for one in line.sent if one.to == to]


def text(message):
    return message.get_body(("plain",)).get_content()


def entry(message):
    part = next(one for one in message.walk() if one.get_content_type() == "application/ics")
    return vobject.readOne(part.get_payload(decode=True).decode())


def planned():
    return Message.objects.filter(event="reminder", status="planned")


def test_who_leads_a_class_is_reminded_of_it_once(line, yoga, now, reminded):
    full(yoga, now)
    sent(line, now)

    (reminder,) = sent(line, TEN - HOUR)

    assert reminder["Subject"].startswith(
        "Reminder: Grace Demo, Alan Demo, Edsger Demo and 2 more, Yoga"
    )
    names = ", ".join(f"{name} Demo" for name in NAMES)
    assert f"5: {names}" in " ".join(text(reminder).split())
    assert f"/appointments/{Appointment.objects.get().pk}/" in text(reminder)


def test_who_came_later_stands_in_the_reminder_and_who_left_does_not(line, yoga, now, reminded):
    first = book(yoga, now, "Grace")
    book(yoga, now, "Alan")
    book(yoga, now, "Edsger")
    ending.cancel(first, by=by_client("Grace"), now=now)
    sent(line, now)

    (reminder,) = sent(line, TEN - HOUR)

    assert "Alan Demo, Edsger Demo, Yoga" in reminder["Subject"]
    assert "Grace" not in text(reminder)


def test_a_class_that_everybody_leaves_is_not_reminded_of(line, yoga, now, reminded):
    grace, alan = book(yoga, now, "Grace"), book(yoga, now, "Alan")

    ending.cancel(grace, by=by_client("Grace"), now=now)
    one_left = planned().count()
    moving.move(alan, starts_at=TEN + HOUR, provider=None, by=by_client("Alan"), now=now)

    assert one_left == 1
    assert [one.due_at for one in planned()] == [TEN]


def test_a_class_that_is_joined_again_is_reminded_of(yoga, now, reminded):
    grace = book(yoga, now, "Grace")
    ending.cancel(grace, by=by_client("Grace"), now=now)

    book(yoga, now, "Alan")

    assert [one.due_at for one in planned()] == [TEN - HOUR]


def test_a_class_that_moves_is_told_once_to_who_leads_it(line, yoga, now, owner, reminded):
    full(yoga, now)
    sent(line, now)
    session = Appointment.objects.get()

    appointments.move(
        session, starts_at=TEN + HOUR, provider=session.provider, by=by_staff(owner), now=now
    )

    (told,) = sent(line, now)
    assert "and 2 more" in told["Subject"]
    clients = {one.to for one in line.sent} - {ADA}
    assert clients == {f"{name.lower()}@example.com" for name in NAMES}
    assert [one.due_at for one in planned()] == [TEN]


def test_a_class_that_is_cancelled_is_told_once_to_who_leads_it(line, yoga, now, owner):
    full(yoga, now)
    sent(line, now)

    appointments.cancel(Appointment.objects.get(), by=by_staff(owner), now=now, why="I am ill")

    (told,) = sent(line, now)
    assert "Grace Demo, Alan Demo, Edsger Demo and 2 more" in told["Subject"]
    assert "I am ill" in text(told)
    assert entry(told).method.value == "CANCEL"
    assert len(line.sent) == 1 + len(NAMES)


def test_a_class_that_meets_online_now_is_told_once_to_who_leads_it(
    line, company, yoga, now, owner
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    full(yoga, now)
    sent(line, now)

    online.switch_online(yoga, True, by=by_staff(owner), now=now)

    (told,) = sent(line, now)
    token = Appointment.objects.get().meeting.links.get(side="provider").token
    assert token in text(told)
    assert token in entry(told).vevent.location.value
    assert len(line.sent) == 1 + len(NAMES)


def test_a_class_that_changes_hands_leaves_one_calendar_and_enters_another(
    line, company, yoga, now, owner
):
    full(yoga, now)
    sent(line, now)
    bea = make_provider(company, "Bea Demo")
    yoga.providers.add(bea)

    appointments.move(
        Appointment.objects.get(), starts_at=TEN, provider=bea, by=by_staff(owner), now=now
    )

    (left,) = sent(line, now)
    (came,) = [one.message for one in line.sent if one.to == bea.email]
    assert entry(left).method.value == "CANCEL"
    assert entry(came).method.value == "REQUEST"
    assert entry(left).vevent.uid.value == entry(came).vevent.uid.value


def test_each_new_booking_is_told_and_all_share_one_entry(line, yoga, now):
    told = []
    for number, name in enumerate(NAMES):
        book(yoga, now, name)
        told += sent(line, now + timedelta(minutes=number))

    events = [entry(one).vevent for one in told]
    assert [name in one["Subject"] for name, one in zip(NAMES, told, strict=True)] == [True] * 5
    assert len({one.uid.value for one in events}) == 1
    sequences = [int(one.sequence.value) for one in events]
    assert sequences == sorted(set(sequences))
    assert events[1].summary.value == "Yoga – Grace Demo, Alan Demo"


def test_who_leaves_a_class_takes_it_from_nobodys_calendar_but_the_last_does(line, yoga, now):
    grace, alan = book(yoga, now, "Grace"), book(yoga, now, "Alan")
    sent(line, now)

    ending.cancel(grace, by=by_client("Grace"), now=now)
    (first,) = sent(line, now)
    ending.cancel(alan, by=by_client("Alan"), now=now)
    (last,) = sent(line, now)

    assert entry(first).method.value == "REQUEST"
    assert entry(first).vevent.summary.value == "Yoga – Alan Demo"
    assert entry(last).method.value == "CANCEL"


def test_a_client_of_a_class_has_an_entry_of_their_own(line, yoga, now):
    booking = book(yoga, now, "Grace")
    book(yoga, now, "Alan")

    (told,) = sent(line, now, to="grace@example.com")

    assert entry(told).vevent.uid.value.startswith(booking.code.lower())
    assert "Alan" not in told.as_string()
