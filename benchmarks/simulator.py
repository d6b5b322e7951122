"""How soon the Zoom stand-in answers, and how many calls a second it takes, over real HTTP.

    python benchmarks/simulator.py [--calls 4000]

One process of the simulator, and clients in two processes of their own that keep their
connections: so many GETs of a user, then so many creations of instant meetings, all of them
recorded and, as at Zoom, with rate-limit headers. Beside what the clock on the wall says stands
what the simulator's own second of the processor is worth, which other work on the machine does
not change; the bars are for that. Linux only.

Exits with 1 if an answer was not what it should be, or if a bar is missed.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

Call = tuple[str, str, str | None, int]
COMMAND = [sys.executable, "-m", "zoom_simulator", "--port", "0", "--no-rate-limits"]
CLIENTS = 2
STARTS = 5
HOST = "DemoLicensed0000000002"
GRANT = {"client_id": "visavis-demo", "user": "DemoOwner000000000001A"}
MEETING = {"type": 1, "topic": "Talk", "settings": {"use_pmi": False}}
# Seconds of the processor to the first answer, and calls in each.
BAR_START, BAR_CALLS = 1.0, 1000


@dataclass
class Running:
    """A simulator that is up."""

    process: "subprocess.Popen[str]"
    address: str

    def worked(self) -> float:
        """Return how many seconds of the processor it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running() -> Iterator[Running]:
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Running(process, urlsplit(process.stdout.readline().split()[-1]).netloc)
    finally:
        process.terminate()
        process.communicate()


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=4000)
    number = options.parse_args().calls
    starts = sorted(_start_once() for _ in range(STARTS))
    wall, work = starts[STARTS // 2]
    with running() as simulator:
        token = _ask(simulator.address, "POST", "/_sim/grants", GRANT)["access_token"]
        get = ("GET", f"/v2/users/{HOST}", None, 200)
        gets = _rate(simulator, token, number, get)
        create = ("POST", f"/v2/users/{HOST}/meetings", json.dumps(MEETING), 201)
        creations = _rate(simulator, token, number, create)
    print(f"{number} calls each, {CLIENTS} clients\n")
    print("                on the wall   of its processor")
    print(f"start, seconds {wall:>12.2f} {work:>18.2f}   bar {BAR_START:.0f}")
    print(f"GET a second   {gets[0]:>12.0f} {gets[1]:>18.0f}   bar {BAR_CALLS}")
    print(f"create a second{creations[0]:>12.0f} {creations[1]:>18.0f}")
    return int(work > BAR_START or gets[1] < BAR_CALLS)


def _start_once() -> tuple[float, float]:
    begun = perf_counter()
    with running() as simulator:
        _ask(simulator.address, "GET", "/_sim/clock", None)
        return perf_counter() - begun, simulator.worked()


def _ask(address: str, method: str, path: str, body: object) -> dict[str, str]:
    line = http.client.HTTPConnection(address)
    line.request(method, path, json.dumps(body) if body else None)
    found: dict[str, str] = json.loads(line.getresponse().read())
    line.close()
    return found


def _rate(simulator: Running, token: str, number: int, call: Call) -> tuple[float, float]:
    """Return calls a second: by the wall's clock, and by the simulator's own work."""
    share = number // CLIENTS
    with ProcessPoolExecutor(CLIENTS) as pool:
        # Both are up before the clock runs.
        list(pool.map(abs, range(CLIENTS)))
        begun, worked = perf_counter(), simulator.worked()
        list(pool.map(_many, [(simulator.address, token, share, call)] * CLIENTS))
        took, work = perf_counter() - begun, simulator.worked() - worked
    return share * CLIENTS / took, share * CLIENTS / work


def _many(work: tuple[str, str, int, Call]) -> None:
    address, token, number, (method, path, body, status) = work
    line = http.client.HTTPConnection(address)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    for _ in range(number):
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == status, answer.status
    line.close()


if __name__ == "__main__":
    sys.exit(main())
