"""How soon Zoom gets its answer: signed deliveries over HTTP to a server as production has it.

    python benchmarks/webhooks.py

Each delivery is another event, so that each is verified and stored; then all are sent again, as
Zoom does, and must leave nothing behind. One sender that waits for each answer, then eight.
Zoom gives three seconds and repeats what fails.

Exits with 1 if anything is refused, lost or stored twice, or if a bar is missed; the bar is
PostgreSQL's.
"""

import http.client
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import perf_counter
from urllib.parse import urlsplit

from stage import installation

SECRET = "only-for-measuring"
DELIVERIES = 500
SENDERS = (1, 8)
# Milliseconds that nineteen of twenty answers of one sender may take.
BAR = 50


def measured() -> int:
    os.environ |= {"VISAVIS_ZOOM_WEBHOOK_SECRET": SECRET}
    slowest = []
    with installation.installation():
        from visavis.connections.models import PlatformEvent

        print(f"{installation.engine()}, {installation.WORKERS} web workers; milliseconds\n")
        print(f"{'':22}{'p50':>8}{'p95':>8}{'a second':>10}")
        with installation.product() as product:
            for senders in SENDERS:
                bodies = [_event(senders * DELIVERIES + one) for one in range(DELIVERIES)]
                for what in ("new", "again"):
                    begun = perf_counter()
                    took = _deliver(product, bodies, senders)
                    rate = DELIVERIES / (perf_counter() - begun)
                    p50, p95 = took[len(took) // 2], took[len(took) * 19 // 20]
                    slowest.append(p95)
                    name = f"{what}, {senders} at a time"
                    print(f"{name:22}{p50:>8.1f}{p95:>8.1f}{rate:>10.0f}")
        kept = PlatformEvent.objects.count()
    sound = kept == DELIVERIES * len(SENDERS)
    print("\nevery event once" if sound else f"\nMISSED: {kept} events are stored")
    return int(not sound or slowest[0] > BAR)


def _event(number: int) -> bytes:
    about = {"id": str(80_000_000_000 + number), "uuid": f"uuid-{number}", "host_id": "host"}
    payload = {"account_id": "account", "object": about}
    return json.dumps({"event": "meeting.started", "event_ts": number, "payload": payload}).encode()


def _deliver(url: str, bodies: Sequence[bytes], senders: int) -> list[float]:
    """Send all, and return the milliseconds until each answer, in order of length."""
    shares = [bodies[sender::senders] for sender in range(senders)]
    with ThreadPoolExecutor(senders) as pool:
        return sorted(took for some in pool.map(_send, [url] * senders, shares) for took in some)


def _send(url: str, bodies: Sequence[bytes]) -> list[float]:
    from visavis.gateways.video.zoom import webhooks

    line = http.client.HTTPConnection(urlsplit(url).netloc)
    # What the proxy in front of a server says.
    proxied = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"}
    host = {"host": urlsplit(installation.BASE_URL).netloc}
    found = []
    for body in bodies:
        headers = webhooks.signed(SECRET, body, now=datetime.now(UTC)) | proxied | host
        begun = perf_counter()
        line.request("POST", "/inbound/zoom/", body, headers)
        answer = line.getresponse()
        answer.read()
        found.append((perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"answered with {answer.status}")
    line.close()
    return found


if __name__ == "__main__":
    sys.exit(installation.on_both_engines(measured))
