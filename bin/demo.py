#!/usr/bin/env python3
"""Run the whole demo: web, worker, a mail server that keeps mail, and the Zoom simulator.

`make demo PORT=9000 ZOOM_PORT=9001 ZOOM=connected`. Ctrl-C ends all of it, and so does closing
the terminal.
"""

import contextlib
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
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def port(name: str, usual: int) -> int:
    given = os.environ.get(name) or str(usual)
    if not (given.isdecimal() and 0 < int(given) < 65536):
        sys.exit(f"{name}={given} is not a port. Choose a number, such as {name}={usual}.")
    return int(given)


def connected(given: str) -> bool:
    if given not in ("", "connected"):
        sys.exit(f"ZOOM={given} says nothing. Write ZOOM=connected, or leave it out.")
    return given == "connected"


PORT, ZOOM_PORT, SMTP_PORT = port("PORT", 8000), port("ZOOM_PORT", 8001), port("SMTP_PORT", 8025)
PORTS = {"PORT": PORT, "ZOOM_PORT": ZOOM_PORT, "SMTP_PORT": SMTP_PORT}
CONNECTED = connected(os.environ.get("ZOOM", ""))
HOW_MUCH = ["--connect-zoom"] if CONNECTED else []
HOME = Path(os.environ.get("DEMO_HOME") or ROOT / "var" / "demo").resolve()
BASE, ZOOM = f"http://localhost:{PORT}", f"http://localhost:{ZOOM_PORT}"
SECONDS_TO_START = 60
Servers = list[subprocess.Popen[bytes]]
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

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
    if trouble := trouble_with_ports():
        return fail(trouble)
    prepare_folder()
    servers: Servers = []
    for number in ENDINGS:
        # Whoever runs us under nohup wants us to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        # These two come up while the database is prepared.
        start_zoom(servers)
        start(servers, *MANAGE, "mail_sink")
        run(servers, "Preparing the database", "migrate", "--verbosity=0")
        wait_for(f"{ZOOM}/", servers)
        run(servers, "Loading the demo company", "load_demo", *HOW_MUCH)
        print("Starting web and worker", flush=True)
        wait_until_taken(SMTP_PORT)
        start(servers, *MANAGE, "worker")
        start(servers, *MANAGE, "serve", "--port", str(PORT), "--workers", "1")
        wait_for(f"{BASE}/healthz", servers)
        print(WELCOME.replace("{hint}", ALREADY if CONNECTED else NOT_CONNECTED), flush=True)
        return watch(servers)
    except KeyboardInterrupt:
        # The terminal may be gone.
        with contextlib.suppress(OSError):
            print("\nStopping.", flush=True)
        return 0
    except RuntimeError as error:
        return fail(str(error))
    finally:
        stop(servers)


def fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


def trouble_with_ports() -> str:
    """Return one line about the first port that will not do, or nothing."""
    for (name, number), (other, same) in itertools.combinations(PORTS.items(), 2):
        if number == same:
            return f"{name} and {other} are both {number}. Choose different ports."
    for name, number in PORTS.items():
        try:
            bind(number)
        except PermissionError:
            return f"Only root may use port {number}. Choose one above 1023: make demo {name}=…"
        except OSError:
            return f"Port {number} is in use. Choose another one: make demo {name}=…"
    return ""


def bind(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", number))


def is_taken(number: int) -> bool:
    try:
        bind(number)
    except OSError:
        return True
    return False


def prepare_folder() -> None:
    """Take away what the last demo left, and nothing else: the folder may be anybody's."""
    if os.environ.get("FRESH", "1") != "0":
        for name in ("mail", "media", "static"):
            shutil.rmtree(HOME / name, ignore_errors=True)
        for file in HOME.glob("demo.sqlite3*"):
            file.unlink()
    for name in ("mail", "static"):
        (HOME / name).mkdir(parents=True, exist_ok=True)


def wait_until_taken(number: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_taken(number) and time.monotonic() < deadline:
        time.sleep(0.1)


def run(servers: Servers, what: str, *command: str) -> None:
    print(what, flush=True)
    start(servers, *MANAGE, *command, stderr=subprocess.PIPE)
    _, errors = servers[-1].communicate()
    if servers.pop().returncode:
        raise RuntimeError(f"{what} failed:\n{errors.decode().strip()[-2000:]}")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and the like wait until what is begun is done."""
    came: list[int] = []
    usual = {number: signal.getsignal(number) for number in ENDINGS}
    for number, handler in usual.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: came.append(number))
    yield
    for number, handler in usual.items():
        signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt


def start(servers: Servers, *command: str, stderr: int | None = None) -> None:
    # What nobody knows of yet would be left running.
    with undisturbed():
        # In a session of its own, so that Ctrl-C reaches only us and we end it in order.
        server = subprocess.Popen(
            command,
            env=ENVIRONMENT,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        servers.append(server)


def start_zoom(servers: Servers) -> None:
    options = {
        "--port": str(ZOOM_PORT),
        "--base-url": ZOOM,
        "--redirect-uri": f"{BASE}/connect/zoom/callback/",
        "--webhook-url": f"{BASE}/inbound/zoom/",
    }
    start(servers, sys.executable, "-m", "zoom_simulator", *itertools.chain(*options.items()))


def wait_for(url: str, servers: Servers) -> None:
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


def watch(servers: Servers) -> int:
    while all(server.poll() is None for server in servers):
        time.sleep(0.5)
    return fail("A part of the demo ended by itself; stopping the rest.")


def stop(servers: Servers) -> None:
    # A second Ctrl-C must not leave anything running.
    for number in ENDINGS:
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
