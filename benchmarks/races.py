"""What becomes of fifty requests at once for one free seat, on every path, on both engines.

    python benchmarks/races.py [--rounds 200]

A real server with four processes, connections open beforehand, everybody at the same moment.
`accepted` is what the database has afterwards: exactly as many as there are seats, or the round
is lost. `unclear` answers are those that neither grant nor say what is free instead. Times are
milliseconds until an answer is complete. `floor` is the same crowd asking for a page that is
not there: what server and crowd cost together on this machine.

Each path has 200 rounds, unless fewer are asked for, and is called partial then. One more goes
before them, in which the server meets the path for the first time: its times do not count. In
mixed paths some want the seat and others do something to it. PostgreSQL is as durable as in use.
Exits with 1 if a seat was given twice or not at all, or a bar is missed.
"""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from journeys.stack import PRODUCT, empty_database, migrate  # noqa: E402 - found by the path above
from races import practice  # noqa: E402
from races.crowd import SIZE, Crowd, Order  # noqa: E402
from races.server import web  # noqa: E402

ROUNDS, BAR_MS, HALF = 200, 1000, SIZE // 2
# Measured elsewhere, by us, in the summer of 2026 on two cores: how many of fifty got one seat.
PEERS = "Easy!Appointments 1.6.0: 7 to 8, Thunderbird Appointment: 3 to 8, django-appointment: 50"


class Round(NamedTuple):
    """A start, who wants it at once, and who does something else to it at the same moment."""

    start: Any
    wanting: list[Order]
    others: tuple[Order, ...] | list[Order] = ()


class Race(NamedTuple):
    """How many seats are taken after a round, how many of them by those who wanted one."""

    seats: int
    granted: int
    prepare: Callable[[Any, int], Iterator[Round]]


def main() -> int:
    parser = ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--here", action="store_true", help="on the database of DATABASE_URL")
    options = parser.parse_args()
    if options.here:
        return measure(options)
    again = [sys.executable, __file__, "--here"]
    again += ["--rounds", str(options.rounds)]
    without = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    without["POSTGRES_DURABLE"] = "1"
    worst = 0
    for name, command in {
        "SQLite": again,
        "PostgreSQL": [sys.executable, str(ROOT / "bin" / "with_postgres.py"), *again],
    }.items():
        print(f"{SIZE} requests at once on {name}", flush=True)
        worst = max(worst, subprocess.run(command, check=False, env=without).returncode)
    print(f"\nmeasured elsewhere, accepted for one seat: {PEERS}")
    return worst


def measure(options: Namespace) -> int:
    server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as name, empty_database(Path(name)) as url:
        migrate(url)
        os.environ.update(PRODUCT, DATABASE_URL=url, VISAVIS_LOG_LEVEL="ERROR")
        import django

        django.setup()
        with web(Path(name), database_url=url) as base:
            status = race(Crowd(base), options)
        # Whoever takes the database away does it from the one it was made from.
        os.environ["DATABASE_URL"] = server
        return status


def race(crowd: Crowd, options: Namespace) -> int:
    from django.db import connection

    print("path              rounds  seats  accepted  5xx  unclear    p50    p95    max")
    nothing = sorted(one.seconds for one in crowd.rush([Order("/static/nothing")] * SIZE))
    print(f"{'floor':<45}{'':>9}  {figures(nothing)}")
    sound = True
    for name, path in PATHS.items():
        company = practice.make_company(name.replace(" ", "-"))
        sound &= run(crowd, name, path, path.prepare(company, options.rounds + 1))
        for fault in practice.faults(company):
            print(f"    {fault}")
            sound = False
    connection.close()
    return int(not sound)


def run(crowd: Crowd, name: str, path: Race, rounds: Iterator[Round]) -> bool:
    from visavis.bookings.models import Booking

    answers, others, accepted, times = [], [], [], []
    for start, wanting, beside in rounds:
        found = crowd.rush([*wanting, *beside])
        answers += found[: len(wanting)]
        others += found[len(wanting) :]
        times += [one.seconds for one in found] if accepted else []
        taken = Booking.objects.filter(
            company__slug=name.replace(" ", "-"), appointment__starts_at=start
        ).exclude(status="cancelled")
        accepted.append(taken.count())
    errors = sum(one.status >= 500 for one in (*answers, *others))
    unclear = sum(not (one.granted or one.offers_others) for one in answers)
    times.sort()
    granted = sum(one.granted for one in answers)
    right = set(accepted) == {path.seats} and granted == path.granted * len(accepted)
    good = right and not errors and not unclear
    fast = times[-1] * 1000 <= BAR_MS
    said = f"{min(accepted)}" if len(set(accepted)) == 1 else f"{min(accepted)}..{max(accepted)}"
    verdict = ("" if good and fast else "   MISSED") + (
        "" if len(accepted) > ROUNDS else "   partial"
    )
    print(
        f"{name:<17} {len(accepted) - 1:>6} {path.seats:>6} {said:>9} {errors:>4} {unclear:>8}"
        f" {figures(times)}{verdict}",
        flush=True,
    )
    return good and fast


def figures(times: list[float]) -> str:
    return "".join(
        f"{1000 * one:>7.0f}" for one in (median(times), quantiles(times, n=20)[-1], times[-1])
    )


def public(company: Any, count: int) -> Iterator[Round]:
    talk = practice.make_offering(company, "Talk")
    for start in practice.starts(count):
        yield Round(start, [practice.public(talk, start) for _n in range(SIZE)])


def staff(company: Any, count: int) -> Iterator[Round]:
    talk, office = practice.make_offering(company, "Talk"), practice.session_of_owner(company)
    for start in practice.starts(count):
        yield Round(start, [practice.staff(office, talk, start) for _n in range(SIZE)])


def move(company: Any, count: int) -> Iterator[Round]:
    talk, starts = practice.make_offering(company, "Talk"), practice.starts(count + SIZE)
    movers = [practice.book(talk, start) for start in starts[count:]]
    for start in starts[:count]:
        yield Round(start, [practice.move(booking, start) for booking in movers])


def any_provider(company: Any, count: int) -> Iterator[Round]:
    talk = practice.make_offering(company, "Talk", providers=3)
    for start in practice.starts(count):
        yield Round(start, [practice.public(talk, start) for _n in range(SIZE)])


def session(company: Any, count: int) -> Iterator[Round]:
    yoga = practice.make_class(company, "Yoga", range(8, 18))
    later = yoga.appointments.filter(starts_at__gte=practice.starts(1)[0]).order_by("starts_at")
    for start in later.values_list("starts_at", flat=True)[:count]:
        yield Round(start, [practice.public(yoga, start) for _n in range(SIZE)])


def hold(company: Any, count: int) -> Iterator[Round]:
    talk = practice.make_offering(company, "Talk")
    for start in practice.starts(count):
        yield Round(start, [practice.hold(talk, start) for _n in range(SIZE)])
        # No more of a provider's time can be held than a few starts.
        practice.let_go(company)


def sixteen(company: Any, count: int) -> Iterator[Round]:
    group = practice.make_offering(company, "Group", seats=16)
    for start in practice.starts(count):
        yield Round(start, [practice.public(group, start) for _n in range(SIZE)])


def staff_or_public(company: Any, count: int) -> Iterator[Round]:
    talk, office = practice.make_offering(company, "Talk"), practice.session_of_owner(company)
    for start in practice.starts(count):
        at_desks = [practice.staff(office, talk, start) for _n in range(HALF)]
        yield Round(start, [*at_desks, *(practice.public(talk, start) for _n in range(HALF))])


def move_or_create(company: Any, count: int) -> Iterator[Round]:
    talk, starts = practice.make_offering(company, "Talk"), practice.starts(count + HALF)
    movers = [practice.book(talk, start) for start in starts[count:]]
    for start in starts[:count]:
        moving = [practice.move(booking, start) for booking in movers]
        yield Round(start, [*moving, *(practice.public(talk, start) for _n in range(HALF))])


def approve_or_create(company: Any, count: int) -> Iterator[Round]:
    """The seat of whoever waits is nobody else's, whether it is being approved or not."""
    from visavis.companies import features

    features.switch(company, features.APPROVAL, on=True)
    talk = practice.make_offering(company, "Talk", approval_wanted=True)
    office = practice.session_of_owner(company)
    for start in practice.starts(count):
        booking = practice.book(talk, start)
        approving = [practice.change(office, booking, "approve_booking") for _n in range(HALF)]
        yield Round(start, [practice.public(talk, start) for _n in range(HALF)], approving)


PATHS = {
    "public": Race(1, 1, public),
    "staff": Race(1, 1, staff),
    "move": Race(1, 1, move),
    "any provider": Race(3, 3, any_provider),
    "class": Race(1, 1, session),
    "hold": Race(1, 1, hold),
    "sixteen seats": Race(16, 16, sixteen),
    "staff or public": Race(1, 1, staff_or_public),
    "move or create": Race(1, 1, move_or_create),
    "approve or create": Race(1, 0, approve_or_create),
}


if __name__ == "__main__":
    sys.exit(main())
