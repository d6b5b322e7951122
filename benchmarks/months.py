"""How many visitors can look at a month of free times, beside a yardstick of the same run.

    python benchmarks/months.py

One provider, half-hour appointments, the next month. `page` is the whole page that a visitor
gets first, `picker` the part of it that htmx asks for at every other day or month they look at,
`floor` a bare Django view with one query, on the same kind of server and the same table
(benchmarks/stage/floor.py). Visitors are many and ask for the same month: what the product
remembers between them (hours spelt out, grids drawn) is part of what is measured.

Exits with 1 if an answer is wrong or a bar is missed; the bars are PostgreSQL's.
"""

import json
import re
import sys
import urllib.request
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from stage import installation, report, visitors
from stage.visitors import Figures

PAST = 100_000


class Target(NamedTuple):
    """A page, and how it is asked for."""

    url: str
    headers: Mapping[str, str]


def measured() -> int:
    with installation.installation():
        from stage import company

        amounts = (0, 100, 1000) if installation.is_postgresql() else (100, 1000)
        bench, month = company.make_company(), company.next_month()
        services = {amount: company.make_service(bench, f"busy-{amount}") for amount in amounts}
        for amount, service in services.items():
            company.keep_busy(service, amount)
        installation.analyse()
        print(f"{installation.engine()}, {installation.WORKERS} web workers")
        with installation.product() as product, installation.floor() as floor:
            bars = []
            for amount, service in services.items():
                page = f"{product}/bench/s/{service.slug}/?month={month:%Y-%m}"
                bare = f"{floor}/month/{service.providers.get().pk}/{month}"
                targets = {
                    "floor": Target(bare, {}),
                    "picker": Target(page, visitors.PARTIAL),
                    "page": Target(page, visitors.BROWSER),
                }
                check(targets, f"{month:%Y-%m}")
                crowd, alone = measure(targets)
                report.table(f"{amount} busy", crowd, alone, floor="floor")
                bars += held_to(amount, crowd, alone)
                if amount == 100:
                    few, without = targets, alone
            company.remember(services[100], PAST)
            installation.analyse()
            crowd, alone = measure(few)
            report.table(f"100 busy, {PAST:,} past", crowd, alone, floor="floor")
            slower = alone["picker"].p50 / without["picker"].p50
            bars.append(report.at_most("time with the past, of that without", slower, 1.1))
    report.elsewhere(
        "Easy!Appointments 1.6, MariaDB, which days of a month are full, with 0, 100, 1,000 busy:",
        "    21/s, 17/s, 9.4/s with 16 clients; alone 80, 105, 204 ms",
        "    the hours of one day with 100,000 past rows: 9.4/s, without them 178/s",
        "Thunderbird Appointment 1.6.2, PostgreSQL, alone: 108, 238, 1,040 ms",
    )
    return report.verdict(bars) if installation.is_postgresql() else 0


def measure(targets: Mapping[str, Target]) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Return the medians of each target, for sixteen clients and for one."""
    crowd, alone = (
        visitors.compare(
            {name: partial(visitors.run, *one, clients=clients) for name, one in targets.items()}
        )
        for clients in (16, 1)
    )
    return crowd, alone


def held_to(
    amount: int, crowd: Mapping[str, Figures], alone: Mapping[str, Figures]
) -> list[report.Bar]:
    rate, share = crowd["picker"].rate, crowd["picker"].rate / crowd["floor"].rate
    if amount == 100:
        return [
            report.at_least("picker, 100 busy, answers a second", rate, 600),
            report.at_least("picker, 100 busy, of the floor", share, 1 / 3),
            report.at_most("picker, 100 busy, alone, ms", alone["picker"].p50, 3),
            report.at_least("page, 100 busy, answers a second", crowd["page"].rate, 300),
            report.at_most("page, 100 busy, alone, ms", alone["page"].p50, 6),
        ]
    if amount == 1000:
        return [report.at_least("picker, 1000 busy, answers a second", rate, 300)]
    return []


def check(targets: Mapping[str, Target], month: str) -> None:
    """Raise AssertionError unless all targets offer the same days of the month."""
    offered = {day for day, starts in json.loads(fetch(targets["floor"])).items() if starts}
    offered = {day for day in offered if day.startswith(month)}
    for name in ("picker", "page"):
        linked = set(re.findall(rf"[?&;]day=({month}-\d\d)", fetch(targets[name])))
        assert linked == offered, (name, linked ^ offered)


def fetch(target: Target) -> str:
    request = urllib.request.Request(target.url, headers=dict(target.headers))
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


if __name__ == "__main__":
    sys.exit(installation.on_both_engines(measured))
