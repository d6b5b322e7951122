#!/usr/bin/env python3
"""Run the whole demo: web, worker, a mail server that keeps mail, and the Zoom simulator.

`make demo PORT=9000 ZOOM_PORT=9001 ZOOM=connected`. Ctrl-C ends all of it.
"""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def port(name: str, usual: int) -> int:
    given = os.environ.get(name) or str(usual)
    if not (given.isdecimal() and 0 < int(given) < 65536):
        sys.exit(f"{name}={given} is not a port. Choose a number, such as {name}={usual}.")
    return int(given)


PORT, ZOOM_PORT, SMTP_PORT = port("PORT", 8000), port("ZOOM_PORT", 8001), port("SMTP_PORT", 8025)
CONNECTED = os.environ.get("ZOOM", "") == "connected"
HOME = ROOT / "var" / "demo"
BASE, ZOOM = f"http://localhost:{PORT}", f"http://localhost:{ZOOM_PORT}"
SECONDS_TO_START = 60

ENVIRONMENT = {
    **os.environ,
    "VISAVIS_ENV": "development",
    "VISAVIS_HOME": str(HOME),
    "VISAVIS_BASE_URL": BASE,
    "VISAVIS_SMTP_URL": f"smtp://127.0.0.1:{SMTP_PORT}",
    "VISAVIS_MAILBOX_DIRECTORY": str(HOME / "mail"),
    "VISAVIS_ZOOM_OAUTH_URL": ZOOM,
    "VISAVIS_ZOOM_API_URL": ZOOM,
    "VISAVIS_ZOOM_INSTALLED_APPS_URL": f"{ZOOM}/user/installed",
    "VISAVIS_ZOOM_CLIENT_ID": "visavis-demo",
    "VISAVIS_ZOOM_CLIENT_SECRET": "visavis-demo-secret",
    "VISAVIS_ZOOM_WEBHOOK_SECRET": "visavis-demo-webhook-secret",
    "VISAVIS_LOG_LEVEL": "WARNING",
    "DATABASE_URL": f"sqlite:///{HOME / 'demo.sqlite3'}",
}
MANAGE = [sys.executable, str(ROOT / "manage.py")]

WELCOME = f"""
Visavis is running.

  Booking site   {BASE}/demo-practice/
  Back office    {BASE}/office/
  Mailbox        {BASE}/demo/mailbox/     every mail the demo sends
  Zoom           {ZOOM}/                  a stand-in for Zoom

Sign in to the back office with the password  demo-demo-demo  as
  owner@demo-practice.example         owner
  scheduling@demo-practice.example    scheduling administrator: may connect Zoom
  reception@demo-practice.example     receptionist
  alma@demo-practice.example          provider: her own calendar
  viewer@demo-practice.example        viewer

What to try
  {{hint}}
  An online consultation of Robin Sample with Alma Demo starts in a few minutes.

Ctrl-C stops everything.
"""
NOT_CONNECTED = """Custom features: enable Online video meetings, authorise Zoom, choose a host per
  provider, then switch a service to online (Services, More options), and book it."""
ALREADY = "Book an online consultation, read the mail, follow both links."


def main() -> int:
    for number, name in ((PORT, "PORT"), (ZOOM_PORT, "ZOOM_PORT"), (SMTP_PORT, "SMTP_PORT")):
        if is_taken(number):
            return fail(f"Port {number} is in use. Choose another one: make demo {name}=…")
    if os.environ.get("FRESH", "1") != "0":
        shutil.rmtree(HOME, ignore_errors=True)
    for folder in ("mail", "static"):
        (HOME / folder).mkdir(parents=True, exist_ok=True)
    servers: list[subprocess.Popen[bytes]] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        # These two come up while the database is prepared.
        servers += [start_zoom(), start(*MANAGE, "mail_sink")]
        run("Preparing the database", "migrate", "--verbosity=0")
        wait_for(f"{ZOOM}/", servers)
        run("Loading the demo company", "load_demo", *(["--connect-zoom"] if CONNECTED else []))
        print("Starting web and worker", flush=True)
        wait_until_taken(SMTP_PORT)
        servers.append(start(*MANAGE, "worker"))
        servers.append(start(*MANAGE, "serve", "--port", str(PORT), "--workers", "1"))
        wait_for(f"{BASE}/healthz", servers)
        print(WELCOME.replace("{hint}", ALREADY if CONNECTED else NOT_CONNECTED), flush=True)
        return watch(servers)
    except KeyboardInterrupt:
        print("\nStopping.")
        return 0
    except RuntimeError as error:
        return fail(str(error))
    finally:
        stop(servers)


def fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


def is_taken(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return True
    return False


def wait_until_taken(number: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_taken(number) and time.monotonic() < deadline:
        time.sleep(0.1)


def run(what: str, *command: str) -> None:
    print(what, flush=True)
    done = subprocess.run([*MANAGE, *command], env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{what} failed:\n{done.stderr.strip()[-2000:]}")


def start(*command: str) -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches only us and we end it in order.
    return subprocess.Popen(
        command, env=ENVIRONMENT, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
    )


def start_zoom() -> subprocess.Popen[bytes]:
    options = {
        "--port": str(ZOOM_PORT),
        "--base-url": ZOOM,
        "--redirect-uri": f"{BASE}/connect/zoom/callback/",
        "--webhook-url": f"{BASE}/inbound/zoom/",
    }
    return start(sys.executable, "-m", "zoom_simulator", *itertools.chain(*options.items()))


def wait_for(url: str, servers: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if any(server.poll() is not None for server in servers):
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not come up.")


def watch(servers: list[subprocess.Popen[bytes]]) -> int:
    while all(server.poll() is None for server in servers):
        time.sleep(0.5)
    return fail("A part of the demo ended by itself; stopping the rest.")


def stop(servers: list[subprocess.Popen[bytes]]) -> None:
    # A second Ctrl-C must not leave anything running.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # One after the other: the worker still needs the mail server to finish what it began.
    for server in reversed(servers):
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
