"""Whether a message is lost when workers are killed, 200 times, at random moments.

    python benchmarks/kills.py [--kills 200]

Confirmations are due all the time; `visavis worker` sends them and gets SIGKILL after a random
time; the next one takes over, once the lease of the one before has run out. In the end the sink
must have seen every message, and under no other Message-ID than the ledger names.

Exits with 1 if a message was lost or came under two names, or if none came twice.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent))

from post import office

# More than a worker sends before it is killed.
MESSAGES_PER_KILL = 60


def main() -> int:
    office.on_postgres()
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200)
    kills = options.parse_args().kills
    from gateways import mail_sink

    with TemporaryDirectory(prefix="visavis-kills-") as name, mail_sink.running(Path(name)) as sink:
        office.set_up(sink.port)
        from post.due import make_due

        from visavis.notifications.models import Message
        from worker.killing import kill_workers, surroundings

        made = MESSAGES_PER_KILL * kills
        make_due(made)
        killed = kill_workers(kills, sink.taken, surroundings(), hold=sink.hold)
        names = dict(Message.objects.values_list("message_id", "status"))
        arrived = [one.message_id for one in sink.arrived()]
    lost, strange = made - len(set(arrived)), set(arrived) - set(names)
    print(f"{killed} workers killed, {made} messages: {lost} lost, {len(strange)} renamed,")
    print(f"{len(arrived) - len(set(arrived))} came twice, under the same Message-ID")
    sound = not lost and not strange and set(names.values()) == {"sent"} and killed == kills
    sound = sound and len(arrived) > made
    print("nothing lost" if sound else "MISSED")
    return int(not sound)


if __name__ == "__main__":
    sys.exit(main())
