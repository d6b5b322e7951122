"""How many mails a second leave: confirmations with HTML and a calendar entry, four workers.

    python benchmarks/mails.py [--messages 8000] [--reminders 10000]

On PostgreSQL, into a sink on this machine that takes everything. Beside it, in the same run, what
a bare loop over smtplib reaches that sends one ready-made message again and again: it renders
nothing, asks no database, and keeps nothing.

Then 10,000 reminders of as many bookings that are due at one minute, and somebody who books while
they leave: how long they wait for the confirmation.

Exits with 1 if a message is missing or came twice, or if a bar is missed.
"""

import argparse
import os
import smtplib
import subprocess
import sys
from collections import Counter
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, time

sys.path.insert(0, str(Path(__file__).resolve().parent))

from post import office

from gateways import mail_sink

WORKERS = 4
# So many that what the start of the workers takes hardly counts.
MESSAGES = 8000
WORKER = [sys.executable, str(office.ROOT / "manage.py"), "worker", "--until-idle"]
BAR = 200
WAIT_BAR = 5


def main() -> int:
    office.on_postgres()
    options = argparse.ArgumentParser()
    options.add_argument("--messages", type=int, default=MESSAGES)
    options.add_argument("--reminders", type=int, default=10_000)
    given = options.parse_args()
    with TemporaryDirectory(prefix="visavis-mails-") as name:
        (Path(name) / "first").mkdir()
        (Path(name) / "second").mkdir()
        with mail_sink.running(Path(name) / "first") as sink:
            office.set_up(sink.port)
            held = confirmations(given.messages, sink)
        with mail_sink.running(Path(name) / "second") as sink:
            os.environ["VISAVIS_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}"
            held = reminders(given.reminders, sink) and held
    return int(not held)


def confirmations(number: int, sink: mail_sink.Sink) -> bool:
    """Send confirmations, print how fast, and return whether all is as it should be."""
    from post.due import make_due

    make_due(number)
    codes = [worker.wait() for worker in started()]
    arrived = sink.arrived()
    bare = bare_rate(sink.port, number)
    ours = (len(arrived) - 1) / (arrived[-1].at - arrived[0].at)
    distinct = len({one.message_id for one in arrived})
    print(f"{number} confirmations with HTML and a calendar entry, PostgreSQL; mails a second\n")
    print(f"{WORKERS} workers          {ours:>8.0f}   bar {BAR}")
    print(f"bare smtplib loop  {bare:>8.0f}   {bare / ours:.1f} times as many")
    sound = codes == [0] * WORKERS and len(arrived) == distinct == number
    print("every message once" if sound else f"MISSED: {len(arrived)} came, {distinct} distinct")
    return sound and ours >= BAR


def reminders(number: int, sink: mail_sink.Sink) -> bool:
    """Send reminders while somebody books, print how fast, and return whether all is well."""
    from post.due import book_one, make_reminders

    from visavis.notifications.models import Message

    make_reminders(number)
    before = Message.objects.exclude(event="reminder").filter(status="planned").count()
    workers = started()
    while not sink.taken():
        sleep(0.01)
    key, booked = book_one(), time()
    codes = [worker.wait() for worker in workers]
    arrived = sink.arrived()
    waited = next(
        (
            one.at - booked
            for one in arrived
            if one.message_id == Message.objects.get(key=key).message_id
        ),
        inf,
    )
    names = Counter(one.message_id for one in arrived)
    sent = Message.objects.filter(event="reminder", status="sent").values_list(
        "message_id", flat=True
    )
    rate = (len(arrived) - 1) / (arrived[-1].at - arrived[0].at)
    print(f"\n{number} reminders of as many bookings, due at one minute\n")
    print(f"{WORKERS} workers          {rate:>8.0f} a second")
    print(f"who books meanwhile waits {waited:.1f} s for the confirmation, bar {WAIT_BAR}")
    sound = codes == [0] * WORKERS and len(sent) == number and not before
    sound = sound and all(names[one] == 1 for one in sent)
    print("every reminder once" if sound else f"MISSED: {len(sent)} of {number} are sent")
    return sound and waited <= WAIT_BAR


def started() -> list[subprocess.Popen[bytes]]:
    return [subprocess.Popen(WORKER) for _ in range(WORKERS)]


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
