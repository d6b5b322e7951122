"""How many bookings can be made in a second, beside a yardstick of the same run.

    python benchmarks/bookings.py

`book` sends the filled-in form as a browser does and gets a booking with everything: its own
appointment, a new client, history, an online meeting with links for both sides, messages in the
outbox. Twenty providers share the work; `book, one calendar` is the same for one provider,
where each booking waits for the one before it. `form` opens the form. `floor` is a bare INSERT
under the same kind of constraint, from a bare Django view (benchmarks/stage/floor.py).

Exits with 1 if anything is refused or a bar is missed; the bars are PostgreSQL's.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from stage import installation, report, visitors
from stage.visitors import Figures

PROVIDERS = 20
STARTS = 4000


def measured() -> int:
    with installation.installation(), TemporaryDirectory() as folder:
        from stage import company, floor

        bench = company.make_company()
        many = company.make_online_service(bench, "many", PROVIDERS)
        one = company.make_online_service(bench, "one", 1)
        floor.make_table()
        installation.analyse()
        starts = [f"{start:%Y%m%dT%H%MZ}" for start in company.free_starts(STARTS)]
        paths = {
            "floor": [f"/book/{n}/{start}" for start in starts for n in range(PROVIDERS)],
            "book": list(company.form_paths(many, starts)),
            "book, one calendar": list(company.form_paths(one, starts)),
        }
        print(f"{installation.engine()}, {installation.WORKERS} web workers")
        with installation.product() as product, installation.floor() as bare:
            form = product + paths["book"][-1]
            targets: dict[str, Callable[[int], Figures]] = {
                "form": lambda clients: visitors.run(form, visitors.BROWSER, clients=clients)
            }
            for name, lines in paths.items():
                file = Path(folder, name)
                file.write_text("\n".join(lines))
                targets[name] = _sender(bare if name == "floor" else product, file, len(lines))
            crowd, alone = (
                visitors.compare(
                    {name: partial(ask, clients) for name, ask in targets.items()},
                    # The database plans by what it knows of the tables: until now they were empty.
                    warm=installation.analyse,
                )
                for clients in (16, 1)
            )
    report.table("bookings", crowd, alone, floor="floor")
    report.elsewhere(
        "Easy!Appointments 1.6, MariaDB: 24/s alone (p50 41 ms), 44/s with 16 clients (354 ms).",
        "Thunderbird Appointment 1.6.2, PostgreSQL: 1.8/s (476 ms), 1.8/s (8.6 s).",
    )
    if not installation.is_postgresql():
        return 0
    return report.verdict(
        [
            report.at_least("book, 16 clients, bookings a second", crowd["book"].rate, 200),
            report.at_most("book, 16 clients, p95, ms", crowd["book"].p95, 150),
        ]
    )


def _sender(url: str, file: Path, paths: int) -> Callable[[int], Figures]:
    """Return a run that sends the forms of a file, each time going on where it was left."""
    runs = 2 * (visitors.ROUNDS + 1)
    share = paths // runs
    turn = count()

    def send(clients: int) -> Figures:
        first = next(turn) * share
        return visitors.run(
            url,
            visitors.FORM,
            clients=clients,
            script="book",
            arguments=[str(file), str(first), str(first + share)],
        )

    return send


if __name__ == "__main__":
    sys.exit(installation.on_both_engines(measured))
