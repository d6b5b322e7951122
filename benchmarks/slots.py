"""How long it takes to find the free starts, beside two yardsticks measured in the same run.

    python benchmarks/slots.py

The scenarios are those of the tests (tests/core/scenarios.py): half-hour appointments over 31
days. Every time is a median in this process, from plain lists of busy minutes in no order to a
list of starts. `hours` is the step that may be shared between requests: rules to spans, and
spans to a grid. `floor` is a bare sweep over sorted integers that knows one office and no other
rule; `naive` compares zone-aware datetimes one by one, as many programs do. `cold` is the same
question when nothing is remembered, hours included; in the last rows each of fifty providers
works other hours, so that none of them shares a grid with another.

Exits with 1 if an answer is wrong or a bar is missed.
"""

import sys
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "core")]

import scenarios  # noqa: E402 - found by the path above

from visavis.core import zones  # noqa: E402
from visavis.core.any_provider import AnyProvider  # noqa: E402
from visavis.core.availability import Availability  # noqa: E402
from visavis.core.hours import Timetable, WeeklyHours, timetable  # noqa: E402
from visavis.core.openings import openings, starts_within  # noqa: E402
from visavis.core.rules import Rules  # noqa: E402
from visavis.core.spans import Span, to_datetime  # noqa: E402

DAYS, DURATION = 31, 30
WINDOW = scenarios.window(DAYS)
RULES = Rules(duration=DURATION, step=DURATION)

# (providers, busy spans each): the digest of the right answer, our bar in milliseconds.
CASES = {
    (1, 0): ("8269f99657", None),
    (1, 100): ("8da07136ff", None),
    (1, 1000): ("581b5bd689", 1.0),
    (50, 0): ("8269f99657", None),
    (50, 100): ("8269f99657", None),
    (50, 1000): ("8269f99657", 10.0),
}

# Measured elsewhere, by us, in the summer of 2026 on two cores: compare orders of magnitude only.
PEERS = {
    (1, 1000): "Cal.com 0.0.360's engine 15.3, Thunderbird Appointment 1.6.2 with its reads 838",
    (50, 1000): "Cal.com 0.0.360's engine 459",
}


def main() -> int:
    hours, table = timed(office), office()
    print(f"{DAYS} days, {DURATION} minutes; milliseconds. hours of one provider: {hours:.3f}\n")
    print("providers  busy     ours    floor      x     cold     naive       x")
    sound = True
    for (providers, count), (digest, bar) in CASES.items():
        busy = [scenarios.busy(DAYS, count, number) for number in range(providers)]
        ours, right = timed(find, table, busy), find(table, busy)
        floor, floor_right = timed(sweep_all, table, busy), sweep_all(table, busy)
        line = f"{providers:>9} {count:>5} {ours:>8.3f} {floor:>8.3f} {ours / floor:>6.2f}"
        cold = timed(find_cold, busy, rounds=11)
        line += f" {cold:>8.3f}"
        if providers == 1:
            naive = timed(compare_datetimes, busy[0], rounds=5)
            line += f" {naive:>9.2f} {ours / naive:>7.3f}"
        answers = {scenarios.digest(right), scenarios.digest(floor_right)}
        good = answers == {digest} and (bar is None or ours <= bar)
        print(line + (f"   bar {bar}" if bar else "") + ("" if good else "   MISSED"))
        sound &= good
    print("\nfifty timetables: providers  busy     warm     cold")
    for count in (100, 1000):
        warm, cold, good = apart(count)
        print(f"{'':>18}{50:>9} {count:>5} {warm:>8.3f} {cold:>8.3f}{'' if good else '   MISSED'}")
        sound &= good
    print("\nmeasured elsewhere, by us; compare orders of magnitude only:")
    for (providers, count), figures in PEERS.items():
        print(f"{providers:>9} {count:>5} {figures}")
    return int(not sound)


def timed(work: Callable[..., Any], *given: Any, rounds: int = 41) -> float:
    """Return the median time of `work` in milliseconds."""
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        work(*given)
        times.append(perf_counter() - begun)
    return median(times) * 1000


def office() -> Timetable:
    """Prepare one provider's hours as if nobody had asked before."""
    openings.cache_clear()
    table = timetable(weekly=scenarios.OFFICE_HOURS, zone=scenarios.PARIS, window=WINDOW)
    availability(table, []).possible(WINDOW)
    return table


def availability(table: Timetable, busy: list[Span]) -> Availability:
    return Availability(
        rules=RULES,
        zone=scenarios.PARIS,
        now=WINDOW[0],
        company=table,
        provider=table,
        taken=busy,
    )


def find(table: Timetable, busy: list[list[Span]]) -> list[int]:
    if len(busy) == 1:
        return availability(table, busy[0]).slots(WINDOW)
    providers = {number: availability(table, one) for number, one in enumerate(busy)}
    return AnyProvider(providers).slots(WINDOW)


def find_cold(busy: list[list[Span]]) -> list[int]:
    """Find them as if nobody had asked before: hours spelt out, grid drawn, clocks looked up."""
    forget()
    return find(timetable(weekly=scenarios.OFFICE_HOURS, zone=scenarios.PARIS, window=WINDOW), busy)


def apart(count: int) -> tuple[float, float, bool]:
    """Return the times for providers who all work other hours, and whether the answers agree."""
    weeks = [
        [WeeklyHours(one.weekday, one.starts + number, one.ends) for one in scenarios.OFFICE_HOURS]
        for number in range(50)
    ]
    busy = [scenarios.busy(DAYS, count, number) for number in range(50)]

    def tables() -> list[Timetable]:
        return [timetable(weekly=week, zone=scenarios.PARIS, window=WINDOW) for week in weeks]

    def ask(given: list[Timetable]) -> list[int]:
        pairs = enumerate(zip(given, busy, strict=True))
        return AnyProvider({key: availability(*one) for key, one in pairs}).slots(WINDOW)

    def cold() -> list[int]:
        forget()
        return ask(tables())

    prepared = tables()
    each = (availability(*one).slots(WINDOW) for one in zip(prepared, busy, strict=True))
    right = sorted({start for starts in each for start in starts})
    return timed(ask, prepared), timed(cold, rounds=5), ask(prepared) == cold() == right


def forget() -> None:
    openings.cache_clear()
    starts_within.cache_clear()
    zones._periods_of_block.cache_clear()


def sweep_all(table: Timetable, busy: list[list[Span]]) -> list[int]:
    """The floor: provider after provider, as long as a start is missing."""
    missing = [
        start
        for opens, closes in table.open
        for start in range(opens, closes - DURATION + 1, DURATION)
        if WINDOW[0] <= start < WINDOW[1]
    ]
    free: set[int] = set()
    for one in busy:
        missing = [start for start in missing if start not in free]
        if not missing:
            break
        free |= sweep(missing, sorted(one))
    return sorted(free)


def sweep(starts: list[int], busy: list[Span]) -> set[int]:
    free, at, until = set(), 0, 0
    for start in starts:
        end = start + DURATION
        while at < len(busy) and busy[at][0] < end:
            until = max(until, busy[at][1])
            at += 1
        if until <= start:
            free.add(start)
    return free


def compare_datetimes(spans: list[Span]) -> list[int]:
    """The naive way: every start of every day against every busy time, zones and all."""
    busy = [(to_datetime(start), to_datetime(end)) for start, end in spans]
    found = []
    for number in range(DAYS):
        day = scenarios.OPENS + timedelta(days=number)
        if day.weekday() >= 5:
            continue
        start, closes = day.replace(hour=9), day.replace(hour=17)
        while start + timedelta(minutes=DURATION) <= closes:
            end = start + timedelta(minutes=DURATION)
            if not any(begins < end and start < ends for begins, ends in busy):
                found.append(int(start.astimezone(UTC).timestamp()) // 60)
            start = end
    return found


if __name__ == "__main__":
    sys.exit(main())
