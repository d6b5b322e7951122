from datetime import timedelta
from itertools import product

import pytest

from factories import NOW
from visavis.meetings.models import Meeting, Room
from visavis.meetings.states import MeetingState, in_state, state_of

HOUR = timedelta(hours=1)


def meeting(**facts):
    defaults = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    return Meeting(**defaults | facts)


@pytest.mark.parametrize(
    ("facts", "room", "state"),
    [
        ({}, None, "planned"),
        ({"wanted": False}, None, "cancelled"),
        ({"fault": "unreachable"}, None, "failed"),
        ({}, Room(), "planned"),
        ({}, Room(opened_at=NOW), "ready"),
        ({"fault": "unreachable"}, Room(opened_at=NOW), "ready"),
        ({}, Room(opened_at=NOW, live=True), "live"),
        ({"ended_at": NOW}, None, "ended"),
        ({"ended_at": NOW, "started_at": NOW + HOUR}, None, "planned"),
        ({"ends_at": NOW - HOUR}, None, "ended"),
        ({"ends_at": NOW - HOUR, "fault": "unreachable"}, None, "failed"),
    ],
)
def test_a_meeting_is_in_the_state_that_its_facts_say(facts, room, state):
    assert state_of(meeting(**facts), room, now=NOW) == state


def test_the_database_finds_the_states_that_the_function_says(company, provider):
    kinds = product(
        (True, False), ("", "unreachable"), (None, NOW), (None, NOW - HOUR, NOW + HOUR),
        (-1, 1), (None, {}, {"opened_at": NOW}, {"opened_at": NOW, "live": True}),
    )  # fmt: skip
    expected = {}
    for wanted, fault, ended_at, started_at, hours, room in kinds:
        made = Meeting.objects.create(
            company=company,
            provider=provider,
            wanted=wanted,
            fault=fault,
            ended_at=ended_at,
            started_at=started_at,
            starts_at=NOW + (hours - 1) * HOUR,
            ends_at=NOW + hours * HOUR,
        )
        in_use = None
        if room is not None:
            in_use = Room.objects.create(meeting=made, platform="zoom", asked_at=NOW, **room)
        expected[made.pk] = state_of(made, in_use, now=NOW)

    for state in MeetingState:
        found = set(Meeting.objects.filter(in_state(state, now=NOW)).values_list("pk", flat=True))
        assert found == {key for key, said in expected.items() if said is state}
