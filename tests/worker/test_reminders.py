"""Reminders and follow-ups: when they are planned, what they follow, and when they stay away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import make_provider, make_service
from visavis.bookings import replanning
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import appointments, ending, making, moving, statuses
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail import Temporary
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications import editing, outbox
from visavis.notifications.models import Message, ReminderTime, Template, Timing
from visavis.worker import mail

pytestmark = pytest.mark.django_db
# Tomorrow at ten in Paris.
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY = by_client("Grace")


@pytest.fixture
def line():
    return MemorySender()


@pytest.fixture
def remind(company):
    def add(minutes, audience="client"):
        ReminderTime.objects.create(company=company, audience=audience, minutes_before=minutes)

    return add


def book(offering, now, *, starts_at=TEN, zone="Europe/Paris", name="Grace Demo"):
    details = ClientDetails(
        name=name, email=f"{name.split()[0].lower()}@example.com", time_zone=zone
    )
    wish = Wish(offering=offering, starts_at=starts_at)
    return making.book(wish, details, by=BY, now=now, overriding=frozenset())


def due(event="reminder"):
    planned = Message.objects.filter(event=event, status="planned")
    return list(planned.order_by("due_at").values_list("due_at", flat=True))


def send(line, now):
    mail.send_due(line, clock=lambda: now)


def reminders(line):
    return [one for one in line.sent if one.message["Subject"].startswith("Reminder")]


def answers(event="reminder"):
    dropped = Message.objects.filter(event=event, status="cancelled")
    return list(dropped.values_list("answer", flat=True))


def quiet(company, starts, ends):
    Timing.objects.update_or_create(
        company=company, defaults={"quiet_starts": starts * 60, "quiet_ends": ends * 60}
    )


# --- They follow the booking ---


def test_reminders_follow_a_moved_booking(service, now, remind):
    remind(60)
    booking = book(service, now)

    moving.move(booking, starts_at=TEN + 3 * HOUR, provider=None, by=BY, now=now)

    assert due() == [TEN + 2 * HOUR]


def test_reminders_follow_a_moved_appointment(service, now, remind, owner):
    remind(60)
    booking = book(service, now)
    appointment = booking.appointment

    appointments.move(
        appointment,
        starts_at=TEN + HOUR,
        provider=appointment.provider,
        by=by_staff(owner),
        now=now,
    )

    assert due() == [TEN]


def test_reminders_of_the_company_follow_to_another_provider(company, service, now, remind, owner):
    remind(60, "provider")
    editing.set_switches(company, "email", {("reminder", "provider"): True})
    booking = book(service, now)
    other = make_provider(company, "Bea Demo")
    service.providers.add(other)

    moving.move(booking, starts_at=TEN, provider=other, by=by_staff(owner), now=now)

    (message,) = Message.objects.filter(event="reminder", status="planned")
    assert message.recipient == other.email


def test_a_cancelled_booking_is_not_reminded_of(line, service, now, remind):
    remind(60)
    booking = book(service, now)

    ending.cancel(booking, by=BY, now=now)
    send(line, TEN - HOUR)

    assert not reminders(line)


def test_a_request_is_reminded_of_when_it_is_approved(company, service, now, remind, owner):
    remind(60)
    features.switch(company, features.APPROVAL, on=True)
    service.approval_wanted = True
    service.save()
    booking = book(service, now)
    before = due()

    statuses.approve(booking, by=by_staff(owner), now=now)

    assert (before, due()) == ([], [TEN - HOUR])


def test_a_late_booking_skips_what_has_passed(service, now, remind):
    remind(60)
    remind(48 * 60)

    book(service, now)

    assert due() == [TEN - HOUR]


# --- Many at once ---


def asked_per_message(now, company, number):
    """Return how many questions one more message of a batch asks."""
    counts = []
    for size in (number, 2 * number):
        Message.objects.update(status="planned", claimed_until=None, attempts=0)
        kept = Message.objects.order_by("pk").values_list("pk", flat=True)[:size]
        Message.objects.exclude(pk__in=list(kept)).update(status="cancelled")
        company.save()  # Nothing is remembered.
        line = MemorySender()
        with CaptureQueriesContext(connection) as questions:
            send(line, now)
        assert len(line.sent) == size
        counts.append(len(questions))
    return (counts[1] - counts[0]) / number


def test_a_reminder_asks_no_more_than_a_confirmation(company, service, now, remind):
    remind(60)
    for number in range(6):
        book(service, now, starts_at=TEN + number * HOUR, name=f"Client{number} Demo")
    reminders = list(Message.objects.filter(event="reminder"))
    Message.objects.exclude(event="confirmed", audience="client").delete()
    of_confirmations = asked_per_message(now, company, 3)
    Message.objects.all().delete()
    Message.objects.bulk_create(reminders)
    Message.objects.update(due_at=now)

    of_reminders = asked_per_message(now, company, 3)

    assert of_reminders <= of_confirmations


# --- Taken back at the very moment of sending ---


class Meanwhile(MemorySender):
    """A mail server during whose answer something happens."""

    def __init__(self, happens, error=None):
        super().__init__()
        self.happens, self.error = happens, error

    def send(self, message, envelope_from, to):
        if message["Subject"].startswith("Reminder"):
            self.happens()
            if self.error:
                raise self.error
        return super().send(message, envelope_from, to)


def test_a_claimed_reminder_is_checked_once_more_before_it_leaves(
    line, service, owner, now, remind
):
    remind(60)
    booking = book(service, now)
    moment = TEN - HOUR
    claimed = outbox.claim("email", now=moment, limit=50)
    Message.objects.filter(pk__in=[one.pk for one in claimed]).update(claimed_until=None)

    ending.cancel(booking, by=by_staff(owner), now=moment)
    Message.objects.filter(event="reminder").update(status="planned")
    send(line, moment)

    assert not reminders(line)
    assert "The booking is not what the message says any more." in answers()


def test_a_reminder_taken_back_while_the_server_hesitates_is_not_tried_again(service, now, remind):
    remind(60)
    booking = book(service, now)
    line = Meanwhile(lambda: ending.cancel(booking, by=BY, now=now), Temporary("450 later"))

    send(line, TEN - HOUR)

    assert Message.objects.get(event="reminder").status == "cancelled"


def test_a_reminder_replaced_while_the_server_hesitates_is_not_tried_again(service, now, remind):
    remind(60)
    booking = book(service, now)
    later = TEN + 3 * HOUR
    line = Meanwhile(
        lambda: moving.move(booking, starts_at=later, provider=None, by=BY, now=now),
        Temporary("450 later"),
    )

    send(line, TEN - HOUR)

    assert due() == [later - HOUR]


def test_a_reminder_of_the_time_before_a_move_says_nothing(line, service, now, remind):
    remind(60)
    booking = book(service, now)
    stale = Message.objects.get(event="reminder")
    moving.move(booking, starts_at=TEN + 3 * HOUR, provider=None, by=BY, now=now)

    stale.pk = None
    stale.save()
    send(line, TEN - HOUR)

    assert not reminders(line)
    assert answers() == ["The booking was moved."]


def test_a_confirmation_never_follows_the_cancellation(line, service, now):
    booking = book(service, now)
    line.fail(Temporary("421 not now"), times=2)
    send(line, now)

    ending.cancel(booking, by=BY, now=now)
    send(line, now + HOUR)

    assert {one.message["Subject"].split(":")[0] for one in line.sent} == {
        "Your booking is cancelled",
        "Booking cancelled",
    }


# --- The company changes when it reminds ---


def test_new_reminder_times_hold_for_bookings_ahead(company, service, now, monkeypatch):
    monkeypatch.setattr(replanning, "PORTION", 2)
    for number in range(5):
        book(service, now, starts_at=TEN + number * HOUR)

    replanning.add_reminder(company, audience="client", minutes_before=60)
    portions = 0
    while Timing.objects.exclude(replan_after=None).exists():
        replanning.carry_on(now)
        portions += 1

    assert due() == [TEN + (number - 1) * HOUR for number in range(5)]
    assert portions == 3


def test_a_removed_reminder_time_holds_no_longer(company, service, now, remind):
    remind(60)
    remind(120)
    book(service, now)

    replanning.remove_reminder(ReminderTime.objects.get(minutes_before=60))
    replanning.carry_on(now)

    assert due() == [TEN - 2 * HOUR]


def test_planning_anew_repeats_nothing_that_was_sent(line, company, service, now, remind):
    remind(60)
    book(service, now)
    send(line, TEN - HOUR)

    replanning.ask(company)
    replanning.carry_on(now)  # even if the clock was set back
    send(line, TEN - HOUR)

    assert len(reminders(line)) == 1


def test_a_kind_of_message_that_was_switched_off_does_not_leave(
    line, company, service, now, remind
):
    remind(60)
    book(service, now)

    editing.set_switches(company, "email", {("reminder", "client"): False})
    send(line, TEN - HOUR)

    assert not reminders(line)


# --- Quiet hours ---


def test_quiet_hours_are_the_readers(company, service, now, remind):
    remind(60)
    quiet(company, 21, 8)

    book(service, now, zone="America/New_York")  # at four in the morning there

    assert due() == [datetime(2027, 3, 2, 1, 30, tzinfo=UTC)]  # half past eight in the evening


def test_two_reminders_in_one_night_become_one(company, service, now, remind):
    remind(60)
    remind(120)
    quiet(company, 21, 8)

    book(service, now, zone="America/New_York")

    assert len(due()) == 1


def test_a_worker_that_comes_back_at_night_waits_for_the_morning(
    line, company, service, now, remind
):
    remind(18 * 60)
    quiet(company, 21, 8)
    book(service, now, starts_at=TEN + 3 * HOUR)  # at 13:00; the reminder is due at 19:00
    night, morning = TEN - 9 * HOUR, TEN - 2 * HOUR

    send(line, night)
    at_night = len(reminders(line))
    send(line, morning)

    assert (at_night, len(reminders(line))) == (0, 1)


# --- The worker was down ---


def test_nobody_is_reminded_after_the_start(line, service, now, remind):
    remind(60)
    book(service, now)

    send(line, TEN + timedelta(minutes=1))

    assert not reminders(line)
    assert answers() == ["The appointment has begun."]


def test_a_reminder_that_comes_late_says_so_and_not_tomorrow(line, company, service, now, remind):
    Template.objects.create(
        company=company, event="reminder", audience="client", language="en",
        subject="Reminder: tomorrow!", body="See you tomorrow.",
    )  # fmt: skip
    remind(24 * 60)
    starts_at = TEN + DAY
    book(service, now, starts_at=starts_at)

    send(line, starts_at - 2 * HOUR)

    (one,) = reminders(line)
    text = one.message.get_body(("plain",)).get_content()
    assert "tomorrow" not in one.message["Subject"] + text
    assert text.startswith("This reminder comes late")


def test_a_reminder_in_time_is_in_the_companys_own_words(line, company, service, now, remind):
    Template.objects.create(
        company=company, event="reminder", audience="client", language="en",
        subject="Reminder: tomorrow!", body="See you tomorrow.",
    )  # fmt: skip
    remind(24 * 60)
    book(service, now, starts_at=TEN + DAY)

    send(line, TEN + timedelta(minutes=3))

    assert reminders(line)[0].message["Subject"] == "Reminder: tomorrow!"


def test_of_several_late_reminders_one_is_sent(line, service, now, remind):
    remind(24 * 60)
    remind(60)
    starts_at = TEN + DAY
    book(service, now, starts_at=starts_at)

    send(line, starts_at - timedelta(minutes=30))

    assert len(reminders(line)) == 1
    assert answers() == ["A later reminder says the same."]


def test_a_clock_set_back_leaves_no_message_claimed_for_ever(line, service, now):
    book(service, now)
    Message.objects.update(claimed_until=now + 10 * DAY)

    send(line, now)

    assert len(line.sent) == 2


# --- Follow-ups ---


@pytest.fixture
def following_up(company):
    editing.set_switches(company, "email", {("follow_up", "client"): True})
    Timing.objects.create(company=company, follow_up_minutes=120)


AFTER = TEN + timedelta(minutes=30) + 2 * HOUR


def test_nobody_is_followed_up_unless_the_company_wants_it(service, now):
    book(service, now)

    assert due("follow_up") == []


def test_a_follow_up_comes_some_time_after_the_end(line, service, now, following_up):
    book(service, now)

    send(line, AFTER)

    assert "Thank you for coming: First talk" in [one.message["Subject"] for one in line.sent]


@pytest.mark.parametrize("change", ["cancel", "no_show"])
def test_whoever_did_not_come_is_not_thanked(line, service, now, following_up, change, owner):
    booking = book(service, now)
    if change == "cancel":
        ending.cancel(booking, by=BY, now=now)
    else:
        statuses.mark_no_show(booking, by=by_staff(owner), now=TEN + HOUR)

    send(line, AFTER)

    assert not [one for one in line.sent if one.message["Subject"].startswith("Thank you")]


def test_whoever_came_is_thanked(line, service, now, following_up, owner):
    booking = book(service, now)
    statuses.complete(booking, by=by_staff(owner), now=TEN + HOUR)

    send(line, AFTER)

    assert [one for one in line.sent if one.message["Subject"].startswith("Thank you")]


def test_a_follow_up_leads_nobody_to_what_is_over(line, company, provider, now, following_up):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    features.switch(company, features.RESCHEDULING, on=True)
    book(make_service(company, "Video", [provider], online=True), now)

    send(line, AFTER)

    told = [one.message for one in line.sent if one.message["Subject"].startswith("Thank you")]
    (body,) = (one.get_body(("plain",)).get_content() for one in told)
    assert "/meet/" not in body
    assert "Move or cancel" not in body
    assert "Book again" in body


def test_a_follow_up_weeks_later_is_dropped(line, service, now, following_up):
    book(service, now)

    send(line, AFTER + 8 * DAY)

    assert answers("follow_up") == ["It is too late for a follow-up."]
