"""Whatever is done to bookings, in whatever order: the books agree.

Hypothesis makes up days at a small company. After each step the database must say what somebody
would have written who kept the books by hand: see `world`.
"""

import os
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.world import MOVES_ALLOWED, STARTS, Entry, Hold, World
from visavis.bookings import sessions
from visavis.bookings.actors import BY_CLOCK
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Appointment, Booking, BookingChange
from visavis.bookings.operations import appointments, ending, holds, making, moving, statuses
from visavis.bookings.operations.making import Wish
from visavis.bookings.operations.statuses import NotPossible
from visavis.bookings.policies import ChangeRefused
from visavis.bookings.seats import STAFF_OVERRIDES, StartRefused
from visavis.meetings.models import JoinLink
from visavis.notifications.models import Message

# So many days, other ones each time, instead of always the same ten: see CONTRIBUTING.md.
DAYS = int(os.environ.get("VISAVIS_TEST_DAYS", "0"))
MINUTE = timedelta(minutes=1)
OFFERINGS, PROVIDERS, VISITORS = range(4), (None, 0, 1), range(3)
LIVE = {"pending", "confirmed"}
GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")

offerings, providers = st.sampled_from(OFFERINGS), st.sampled_from(PROVIDERS)
starts, places = st.sampled_from(STARTS), st.integers(1, 2)
visitors, which = st.sampled_from(VISITORS), st.integers(0, 50)


class Days(RuleBasedStateMachine):
    """What clients, staff and the clock do, one after the other."""

    def __init__(self):
        super().__init__()
        self._kept = transaction.atomic()
        self._kept.__enter__()
        self.world = World()
        self.books = {}
        self.held = {}

    def teardown(self):
        transaction.set_rollback(True)
        self._kept.__exit__(None, None, None)

    @initialize(shared=st.sampled_from([2, 3]), another=offerings, one_host=st.booleans())
    def some_have_booked(self, shared, another, one_host):
        self.one_host = one_host
        if one_host:
            self.world.share_a_host()
        self.book(shared, None, STARTS[2], 1)
        self.book(shared, None, STARTS[2], 1)
        self.book(another, None, STARTS[4], 2)

    # -- what happens ------------------------------------------------------------------------

    @rule(offering=offerings, provider=providers, start=starts, places=places)
    def book(self, offering, provider, start, places):
        self._book(self._wish(offering, provider, start, places))

    @rule(visitor=visitors, offering=offerings, provider=providers, start=starts, places=places)
    def hold(self, visitor, offering, provider, start, places):
        wish = self._wish(offering, provider, start, places, visitor=f"visitor {visitor}")
        try:
            made = holds.hold(wish, address="", now=self.world.now)
        except StartRefused:
            return
        self.held.pop(wish.visitor, None)
        if made is not None:
            self.held[wish.visitor] = Hold(wish, made.appointment_id, made.places, made.expires_at)

    @rule(which=which)
    @precondition(lambda self: self.held)
    def complete_hold(self, which):
        visitor = sorted(self.held)[which % len(self.held)]
        kept = self.held[visitor].until > self.world.now
        if self._book(self.held[visitor].wish):
            del self.held[visitor]
        else:
            assert not kept

    @rule(which=which)
    @precondition(lambda self: self.held)
    def let_go(self, which):
        visitor = sorted(self.held)[which % len(self.held)]
        own = Booking.objects.get(status="held", visitor=visitor)
        holds.let_go(self.world.company, own.code, visitor=visitor, now=self.world.now)
        del self.held[visitor]

    @rule(minutes=st.sampled_from([3, 9, 11]))
    def time_passes(self, minutes):
        self._passes(self.world.now + minutes * MINUTE)

    @rule(start=starts)
    @precondition(lambda self: self.world.now < STARTS[0] and len(self.books) > 5)
    def the_day_comes(self, start):
        self._passes(start)

    @rule()
    @precondition(lambda self: self.world.now >= STARTS[0])
    def what_nobody_approved_is_dropped(self):
        now = self.world.now
        late = [one for one in self.books.values() if one.status == "pending" and one.start <= now]
        assert ending.drop_all_unapproved(now) == len(late)
        for entry in late:
            self._writes(entry, "declined", BY_CLOCK, status="cancelled")

    @rule()
    def sessions_are_made(self):
        before = [(one.pk, one.active) for one in self.world.sessions()]
        sessions.make_due_sessions(self.world.now)
        assert [(one.pk, one.active) for one in self.world.sessions()] == before

    @rule(which=which, start=starts, provider=providers)
    @precondition(lambda self: self.books)
    def move(self, which, start, provider):
        booking = self._one(which)
        entry = self.books[booking.pk]
        chosen = self._able(booking.appointment.offering, provider)
        was = entry.start, entry.provider
        try:
            moved = moving.move(
                booking, starts_at=start, provider=chosen, by=self.world.client, now=self.world.now
            )
        except StartRefused:
            return
        except ChangeRefused:
            spent = entry.moves >= MOVES_ALLOWED
            assert spent or entry.status not in LIVE or entry.start <= self.world.now
            return
        place = moved.appointment.starts_at, moved.appointment.provider.name
        assert place[0] == start
        if place != was:
            entry.moves += 1
            assert entry.moves <= MOVES_ALLOWED
            self._writes(entry, "moved", self.world.client, start=place[0], provider=place[1])

    @rule(which=which, start=starts, provider=st.sampled_from([0, 1]))
    @precondition(lambda self: self.books)
    def move_everybody(self, which, start, provider):
        appointment, by = self._one(which).appointment, self.world.staff
        target = self.world.providers[provider]
        try:
            appointments.move(
                appointment, starts_at=start, provider=target, by=by, now=self.world.now
            )
        except (StartRefused, NotPossible):
            return
        for booking in appointment.bookings.filter(status__in=LIVE):
            entry = self.books[booking.pk]
            self._writes(entry, "moved", by, start=start, provider=target.name)

    @rule(which=which)
    @precondition(lambda self: self.books)
    def cancel(self, which):
        begun = self.books[self._one(which).pk].start <= self.world.now
        possible = set() if begun else LIVE
        self._ends(which, ending.cancel, "cancelled", "cancelled", self.world.client, possible)

    @rule(which=which, noted=st.sampled_from(["completed", "no_show"]))
    @precondition(lambda self: self.books and self.world.now >= STARTS[0])
    def note_who_came(self, which, noted):
        operation = statuses.complete if noted == "completed" else statuses.mark_no_show
        begun = self.books[self._one(which).pk].start <= self.world.now
        # Staff may correct each of the two into the other.
        possible = {"confirmed", "completed", "no_show"} - {noted} if begun else set()
        self._ends(which, operation, noted, noted, self.world.staff, possible)

    @rule(offering=offerings, provider=providers, minutes=st.integers(0, 180), places=places)
    def staff_book_outside_the_rules(self, offering, provider, minutes, places):
        start = STARTS[0] + minutes * MINUTE
        wish = self._wish(offering, provider, start, places)
        self._book(wish, by=self.world.staff, overriding=STAFF_OVERRIDES)

    @rule(which=which)
    @precondition(lambda self: self.books)
    def decline(self, which):
        self._ends(which, ending.decline, "declined", "cancelled", self.world.staff, {"pending"})

    @rule(which=which)
    @precondition(lambda self: any(one.status == "pending" for one in self.books.values()))
    def approve(self, which):
        waiting = [key for key, one in sorted(self.books.items()) if one.status == "pending"]
        which = sorted(self.books).index(waiting[which % len(waiting)])
        self._ends(which, statuses.approve, "approved", "confirmed", self.world.staff, {"pending"})

    @rule(which=which)
    @precondition(lambda self: self.books)
    def cancel_everybody(self, which):
        self._cancels(self._one(which).appointment)

    @rule(which=st.sampled_from([0, 1]))
    def cancel_a_session(self, which):
        self._cancels(self.world.sessions()[which])

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def seats_are_those_of_standing_bookings(self):
        for appointment in self._appointments():
            standing = [one for one in appointment.bookings.all() if one.status != "cancelled"]
            assert appointment.seats_taken == sum(one.places for one in standing)
            assert appointment.seats_taken <= appointment.seats
            if appointment.schedule_id is None:
                assert appointment.active == bool(standing)
            else:
                assert appointment.active or not standing

    @invariant()
    def nobody_is_in_two_appointments_at_once(self):
        for one, other in combinations([each for each in self._appointments() if each.active], 2):
            if one.provider_id == other.provider_id:
                apart = one.blocked_until <= other.blocked_from
                assert apart or other.blocked_until <= one.blocked_from

    @invariant()
    def a_host_leads_one_meeting_at_a_time(self):
        online = [one for one in self._appointments() if one.active and one.offering.online]
        for one, other in combinations(online if self.one_host else (), 2):
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at

    @invariant()
    def nothing_is_lost(self):
        rows = Booking.objects.exclude(status="held").select_related("appointment__provider")
        found = {one.pk: (one.status, one.places) for one in rows}
        assert found == {key: (one.status, one.places) for key, one in self.books.items()}
        for one in rows:
            # A cancelled booking stays in its appointment, wherever that goes.
            if one.status != "cancelled":
                there, entry = one.appointment, self.books[one.pk]
                assert (there.starts_at, there.provider.name) == (entry.start, entry.provider)

    @invariant()
    def history_is_complete(self):
        lines = {key: [] for key in self.books}
        for change in BookingChange.objects.order_by("pk"):
            lines[change.booking_id].append(
                (
                    change.what,
                    change.by_name,
                    change.at,
                    change.status_before,
                    change.starts_before,
                    change.provider_before,
                    change.status_after,
                    change.starts_after,
                    change.provider_after,
                )
            )
        assert lines == {key: one.lines for key, one in self.books.items()}

    @invariant()
    def a_hold_is_one_per_visitor_and_nothing_but_a_seat(self):
        held = Booking.objects.filter(status="held", expires_at__gt=self.world.now)
        found = {one.visitor: (one.appointment_id, one.places, one.expires_at) for one in held}
        assert found == {
            visitor: (one.appointment, one.places, one.until)
            for visitor, one in self.held.items()
            if one.until > self.world.now
        }
        keys = {one.pk for one in held}
        assert not JoinLink.objects.filter(side="client", holder_id__in=keys).exists()
        assert not Message.objects.filter(about="booking", about_id__in=keys).exists()

    @invariant()
    def every_standing_booking_leads_to_the_meeting_of_its_appointment(self):
        links = {}
        for link in JoinLink.objects.standing().filter(side="client"):
            links.setdefault(link.holder_id, []).append(link)
        rows = Booking.objects.exclude(status__in=["cancelled", "held"])
        for booking in rows.select_related("appointment__offering", "appointment__meeting"):
            there, ways_in = booking.appointment, links.pop(booking.pk, [])
            if not there.offering.online:
                assert (there.meeting, ways_in) == (None, [])
                continue
            assert there.meeting.wanted
            assert there.meeting.provider_id == there.provider_id
            assert there.meeting.starts_at == there.starts_at
            assert [link.meeting_id for link in ways_in] == [there.meeting_id] * booking.places
        assert not links

    # -- how it is done ----------------------------------------------------------------------

    def _wish(self, offering, provider, start, places, visitor=""):
        wanted = self.world.offerings[offering]
        return Wish(
            offering=wanted,
            starts_at=start,
            provider=self._able(wanted, provider),
            places=min(places, wanted.places_max),
            visitor=visitor,
            request_key=f"form {len(self.books)} {visitor}",
        )

    def _able(self, offering, provider):
        able = list(offering.providers.in_order())
        return None if provider is None else able[provider % len(able)]

    def _book(self, wish, *, by=None, overriding=()):
        by, now = by or self.world.client, self.world.now
        try:
            made = making.book(wish, GRACE, by=by, now=now, overriding=overriding)
        except StartRefused:
            return False
        again = making.book(wish, GRACE, by=by, now=now, overriding=overriding)
        assert again.pk == made.pk
        assert made.appointment.starts_at == wish.starts_at
        asks = wish.offering.approval_wanted and by.is_client
        status = "pending" if asks else "confirmed"
        entry = Entry("", None, "", wish.places)
        self.books[made.pk] = entry
        provider = made.appointment.provider.name
        self._writes(entry, "created", by, status=status, start=wish.starts_at, provider=provider)
        return True

    def _ends(self, which, operation, what, status, by, possible):
        booking = self._one(which)
        entry = self.books[booking.pk]
        try:
            operation(booking, by=by, now=self.world.now)
        except (NotPossible, ChangeRefused):
            assert entry.status not in possible
            return
        assert entry.status in possible
        self._writes(entry, what, by, status=status)

    def _cancels(self, appointment):
        by, inside = self.world.staff, list(appointment.bookings.filter(status__in=LIVE))
        appointments.cancel(appointment, by=by, now=self.world.now, why="Ill")
        for booking in inside:
            self._writes(self.books[booking.pk], "cancelled", by, status="cancelled")
        self.held = {
            visitor: one for visitor, one in self.held.items() if one.appointment != appointment.pk
        }

    def _passes(self, now):
        self.world.now = now
        holds.release_expired_holds(now)
        self.held = {visitor: one for visitor, one in self.held.items() if one.until > now}

    def _writes(self, entry, what, by, **changed):
        entry.write(what, by, self.world.now, **changed)

    def _one(self, which):
        keys = sorted(self.books)
        return Booking.objects.select_related("appointment__offering__company").get(
            pk=keys[which % len(keys)]
        )

    def _appointments(self):
        return Appointment.objects.select_related("offering").prefetch_related("bookings")


@pytest.mark.django_db
def test_the_books_agree_whatever_happens():
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=DAYS or 10,
            stateful_step_count=22,
            deadline=None,
            derandomize=not DAYS,
            # Making a failure small takes minutes: take `phases` out when you want that.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
