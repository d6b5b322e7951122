"""Whatever happens, and whoever dies in the middle of it: the platform ends up as wanted.

Hypothesis makes up the life of one meeting: people book, move and cancel, hosts come and go,
workers are slow, fail or die between the platform's answer and ours. Then things calm down, and
the platform must hold exactly what is wanted.
"""

from contextlib import suppress
from datetime import timedelta

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

from factories import NOW, make_provider
from visavis.companies.models import Company
from visavis.gateways.video import Fault, MappingBroken, TellAdministrator, TryLater
from visavis.gateways.video.memory import MemoryVideo
from visavis.meetings import leftovers, operations, rooms, tending
from visavis.meetings.models import JoinLink, Meeting, MeetingProvider, MeetingSettings, Room
from visavis.meetings.platforms import Host, host_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LOST = "lost"
TROUBLES = {
    "away": TryLater(Fault.UNREACHABLE, "away"),
    "too many": TryLater(Fault.RATE_LIMITED, "too many", wait=MINUTE),
    "no more today": TryLater(Fault.DAY_LIMIT, "no more", wait=5 * HOUR),
    "gone": MappingBroken(Fault.HOST_GONE, "gone"),
    "refused": TellAdministrator(Fault.REFUSED, "no"),
}


class Died(BaseException):
    """The worker was killed."""


class Video(MemoryVideo):
    """A platform in whose calls time passes, and others act, before its answer arrives."""

    def __init__(self):
        super().__init__()
        self.meanwhile = []

    def _called(self, what, *, acts=False):
        acts_now, self.meanwhile = self.meanwhile, []
        for act in acts_now:
            act()
        return super()._called(what, acts=acts)

    def standing(self):
        return {number for number, room in self.rooms.items() if not room.gone}


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self._kept = transaction.atomic()
        self._kept.__enter__()
        self.now = NOW
        self.video = Video()
        self.lost = 0
        self.company = Company.objects.create(slug="willow", name="Willow", time_zone="UTC")
        self.providers = [make_provider(self.company, name) for name in ("Ada", "Bo")]
        for provider in self.providers:
            MeetingProvider.objects.create(
                provider=provider, platform="zoom", host_id=provider.name.lower()
            )

    def teardown(self):
        try:
            self.things_calm_down()
        finally:
            transaction.set_rollback(True)
            self._kept.__exit__(None, None, None)

    @initialize(strategy=st.sampled_from(MeetingSettings.Strategy.values), ahead=st.integers(0, 90))
    def is_booked(self, strategy, ahead):
        self.choose_strategy(strategy)
        self.meeting_id = operations.want(
            company=self.company,
            provider=self.providers[0],
            topic="Talk",
            starts_at=self.now + ahead * MINUTE,
            ends_at=self.now + (ahead + 30) * MINUTE,
            now=self.now,
        ).pk

    # -- what people do ----------------------------------------------------------------------

    @rule(strategy=st.sampled_from(MeetingSettings.Strategy.values))
    def choose_strategy(self, strategy):
        MeetingSettings.objects.filter(company=self.company).delete()
        changed = MeetingSettings(company=self.company, strategy=strategy)
        operations.change_settings(self.company, changed, now=self.now)

    @rule(ahead=st.integers(0, 90), provider=st.sampled_from([0, 1]))
    def move(self, ahead, provider):
        operations.reschedule(
            self.meeting,
            provider=self.providers[provider],
            topic="Talk",
            starts_at=self.now + ahead * MINUTE,
            ends_at=self.now + (ahead + 30) * MINUTE,
            now=self.now,
        )

    @rule()
    def cancel(self):
        operations.give_up(self.meeting, because=JoinLink.Revoked.CANCELLED, now=self.now)

    @rule(host=st.sampled_from(["ada", "bo", "carl"]))
    def choose_another_host(self, host):
        operations.choose_host(
            self.meeting.provider, Host("zoom", host), host_name=host, now=self.now
        )

    @rule()
    @precondition(lambda self: self.meeting.wanted)
    def provider_wants_to_start(self):
        Meeting.objects.filter(pk=self.meeting_id).update(
            started_at=self.now, ended_at=None, look_at=self.now
        )

    @rule(told=st.booleans())
    @precondition(lambda self: self.in_use and self.in_use.external_id in self.video.standing())
    def host_comes(self, told):
        self.video.begin(self.in_use.external_id)
        if told:
            rooms.note_state(self.in_use, live=True, now=self.now)

    @rule(told=st.booleans())
    @precondition(lambda self: self.in_use and self.in_use.external_id in self.video.standing())
    def everybody_leaves(self, told):
        number = self.in_use.external_id
        if self.video.rooms[number].live:
            self.video.finish(number)
            if told:
                rooms.note_ended(self.in_use, now=self.now)

    @rule(told=st.booleans())
    @precondition(lambda self: self.in_use and self.in_use.external_id in self.video.standing())
    def host_deletes_the_room(self, told):
        self.video.vanish(self.in_use.external_id)
        if told:
            rooms.note_gone(self.in_use, now=self.now)

    # -- what goes wrong ---------------------------------------------------------------------

    @rule(trouble=st.sampled_from(sorted(TROUBLES)))
    def platform_fails(self, trouble):
        self.video.fail(TROUBLES[trouble])

    @rule()
    def answer_gets_lost(self):
        self.video.fail(TryLater(Fault.UNREACHABLE, LOST, answer_lost=True), after_acting=True)

    @rule(after_acting=st.booleans())
    def worker_will_die(self, after_acting):
        self.video.fail(Died(), after_acting=after_acting)

    @rule(ahead=st.integers(0, 90), provider=st.sampled_from([0, 1]))
    def somebody_will_move_it_while_a_worker_asks(self, ahead, provider):
        self.video.meanwhile.append(lambda: self.move(ahead=ahead, provider=provider))

    @rule()
    def somebody_will_cancel_while_a_worker_asks(self):
        self.video.meanwhile.append(self.cancel)

    @rule()
    def another_worker_will_overtake(self):
        def overtake():
            self.now += tending.LEASE + timedelta(seconds=1)
            self.worker_looks()

        self.video.meanwhile.append(overtake)

    # -- what the clock does -----------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 2, 10, 45]))
    def time_passes(self, minutes):
        self.now += minutes * MINUTE

    @rule()
    def worker_looks(self):
        standing = len(self.video.rooms)
        for meeting in tending.claim_due(now=self.now, limit=5):
            with suppress(Died):
                tending.tend(meeting, clock=self.clock, gateway_for=self.gateway_for)
        self.lost += len(self.video.rooms) - standing - self._known(standing)

    @rule()
    def worker_sweeps(self):
        with suppress(Died):
            leftovers.remove_due(clock=self.clock, gateway_for=self.gateway_for)

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def nobody_can_be_sent_to_two_rooms(self):
        assert Room.objects.current().count() <= 1

    @invariant()
    def a_meeting_that_is_wanted_is_looked_at_again(self):
        meeting = self.meeting
        over = self.now >= meeting.ends_at + 15 * MINUTE
        assert meeting.look_at is not None or over or not meeting.wanted or meeting.claimed_until

    def things_calm_down(self):
        self.video.meanwhile.clear()
        self.video._troubles.clear()
        self.now += 2 * tending.LEASE
        for _minute in range(5):
            self.now += MINUTE
            self.worker_looks()
        meeting, room = self.meeting, self.in_use
        starts_soon = meeting.starts_at - self.now <= operations.OPEN_AHEAD
        goes_on = meeting.wanted and starts_soon and self.now < meeting.ends_at
        if goes_on and meeting.ended_at is None:
            assert room is not None, "people wait, and there is no room"
            assert room.external_id in self.video.standing()
            assert rooms.suits(room, meeting, host_of(meeting.provider))
        if not meeting.wanted:
            assert room is None
        for _hour in range(14):
            self.now += HOUR / 2
            self.worker_looks()
            self.worker_sweeps()
        self._nothing_is_left_behind()

    def _nothing_is_left_behind(self):
        used = {self.in_use.external_id} if self.in_use else set()
        rest = self.video.standing() - used
        known = set(Room.objects.values_list("external_id", flat=True))
        # What is in no list, and whose answer was lost, nobody can find again.
        unknown = {one for one in rest - known if not self.video.rooms[one].request.scheduled}
        assert rest == unknown
        assert len(unknown) <= self.lost

    # -- how it is done ----------------------------------------------------------------------

    @property
    def meeting(self):
        return Meeting.objects.select_related("company", "provider").get(pk=self.meeting_id)

    @property
    def in_use(self):
        room = Room.objects.current().select_related("meeting").first()
        return room if room is not None and room.usable else None

    def clock(self):
        return self.now

    def gateway_for(self, provider, host, *, clock):
        return self.video

    def _known(self, since):
        made = list(self.video.rooms)[since:]
        return Room.objects.filter(external_id__in=made).count()


@pytest.mark.django_db
def test_in_the_end_the_platform_holds_what_is_wanted():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            # Making a failure small takes minutes: take `phases` out when you want that.
            phases=[Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
