"""The starts offered in known scenarios, each checked elsewhere by brute force."""

import csv
from pathlib import Path

import pytest

from visavis.core.any_provider import AnyProvider
from visavis.core.availability import Availability
from visavis.core.hours import Timetable, timetable
from visavis.core.rules import Rules

from .scenarios import OFFICE_HOURS, PARIS, busy, digest, window

with Path(__file__).with_name("slots_v1.csv").open() as table:
    ROWS = list(csv.DictReader(table))


def prepared(row, provider):
    days, duration = int(row["days"]), int(row["duration"])
    hours = timetable(weekly=OFFICE_HOURS, zone=PARIS, window=window(days))
    return Availability(
        rules=Rules(duration=duration, step=duration),
        zone=PARIS,
        now=window(days)[0],
        company=hours,
        provider=hours,
        taken=busy(days, int(row["busy"]), provider),
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(list(row.values())[:4]))
def test_the_reference_scenarios_offer_exactly_their_known_starts(row):
    providers = {number: prepared(row, number) for number in range(int(row["providers"]))}

    starts = AnyProvider(providers).slots(window(int(row["days"])))

    assert (len(starts), digest(starts)) == (int(row["slots"]), row["digest"])


def test_one_provider_alone_offers_the_same_as_any_of_one():
    row = next(row for row in ROWS if row["providers"] == "1" and row["busy"] == "1000")

    starts = prepared(row, 0).slots(window(int(row["days"])))

    assert digest(starts) == row["digest"]


def test_an_empty_timetable_offers_nothing():
    row = ROWS[0]
    nothing = Availability(
        rules=Rules(duration=30, step=30),
        zone=PARIS,
        now=0,
        company=Timetable(()),
        provider=Timetable(()),
    )

    assert nothing.slots(window(int(row["days"]))) == []
