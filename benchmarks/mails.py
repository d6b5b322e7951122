"""How many mails a second leave: confirmations with HTML and a calendar entry, four workers.

    python benchmarks/mails.py [--messages 3000]

On PostgreSQL, into a sink on this machine that takes everything. Beside it, in the same run, what
a bare loop over smtplib reaches that sends one ready-made message again and again: it renders
nothing, asks no database, and keeps nothing.

Exits with 1 if a message is missing or came twice, or if the bar is missed.
"""

import argparse
import smtplib
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent))

from post import office

WORKERS = 4
WORKER = [sys.executable, str(office.ROOT / "manage.py"), "worker", "--until-idle"]
BAR = 200


def main() -> int:
    office.on_postgres()
    options = argparse.ArgumentParser()
    options.add_argument("--messages", type=int, default=3000)
    number = options.parse_args().messages
    from gateways import mail_sink

    with TemporaryDirectory(prefix="visavis-mails-") as name, mail_sink.running(Path(name)) as sink:
        office.set_up(sink.port)
        from post.due import make_due

        make_due(number)
        workers = [subprocess.Popen(WORKER) for _ in range(WORKERS)]
        codes = [worker.wait() for worker in workers]
        arrived = sink.arrived()
        bare = bare_rate(sink.port, number)
    ours = (len(arrived) - 1) / (arrived[-1].at - arrived[0].at)
    distinct = len({one.message_id for one in arrived})
    print(f"{number} confirmations with HTML and a calendar entry, PostgreSQL; mails a second\n")
    print(f"{WORKERS} workers          {ours:>8.0f}   bar {BAR}")
    print(f"bare smtplib loop  {bare:>8.0f}   {bare / ours:.1f} times as many")
    sound = codes == [0] * WORKERS and len(arrived) == distinct == number
    print("every message once" if sound else f"MISSED: {len(arrived)} came, {distinct} distinct")
    return int(not sound or ours < BAR)


def bare_rate(port: int, number: int) -> float:
    """Return how many ready-made messages a second one connection takes."""
    message = b"Message-ID: <bare@example.com>\r\n\r\n" + b"Hello, see you soon.\r\n" * 500
    begun = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(number):
            line.sendmail("bookings@example.com", "c@example.com", message)
    return number / (perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
