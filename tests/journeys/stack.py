"""The whole product as its users have it: web, worker, mail server and Zoom's stand-in.

Real processes on free loopback ports, with a database of their own: the same kind as the
other tests use. The tests know it only by HTTP, by mail and through a browser.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2

from local_http import plain_http

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
PRODUCT = {"DJANGO_SETTINGS_MODULE": "visavis.config.settings", "VISAVIS_ENV": "development"}
PASSWORD = "demo-demo-demo"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Stack:
    """Where everything is."""

    base: str
    zoom: str
    mailbox: Path
    environment: dict

    def url(self, path):
        return f"{self.base}{path}"

    def steer_zoom(self, method, path, **body):
        with plain_http() as http:
            answer = http.request(method, f"{self.zoom}/_sim{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def manage(self, *command):
        done = subprocess.run(
            [*MANAGE, *command],
            check=False,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def shell(self, code):
        """Run a few lines inside the installation, for what no user could set up in time."""
        return self.manage("shell", "--no-imports", "-c", code)

    def mails(self, *, to="", subject=""):
        """Return the mail that arrived so far, oldest first."""
        found = []
        for file in sorted(self.mailbox.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if to in str(mail["To"]) and subject in str(mail["Subject"]):
                found.append(mail)
        return found

    def mail(self, *, to, subject="", seconds=20, fits=lambda mail: True):
        """Wait for a mail and return the newest one that fits."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [mail for mail in self.mails(to=to, subject=subject) if fits(mail)]
            if found:
                return found[-1]
            time.sleep(0.1)
        last = [(str(one["To"]), str(one["Subject"])) for one in self.mails()[-6:]]
        raise AssertionError(f"no mail to {to} about {subject!r}; the last ones are {last}")


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def links_in(mail, part=""):
    return [link for link in re.findall(r"https?://\S+", text_of(mail)) if part in link]


@contextmanager
def running(folder, *, database_url, connect_zoom=False):
    """Start everything, and end everything."""
    port, zoom_port, smtp_port = free_port(), free_port(), free_port()
    base, zoom = f"http://localhost:{port}", f"http://localhost:{zoom_port}"
    mailbox = folder / "mail"
    for name in ("mail", "static"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        **PRODUCT,
        "VISAVIS_HOME": str(folder),
        "VISAVIS_BASE_URL": base,
        "VISAVIS_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "VISAVIS_MAILBOX_DIRECTORY": str(mailbox),
        "VISAVIS_ZOOM_OAUTH_URL": zoom,
        "VISAVIS_ZOOM_API_URL": zoom,
        "VISAVIS_ZOOM_INSTALLED_APPS_URL": f"{zoom}/user/installed",
        "VISAVIS_ZOOM_CLIENT_ID": "visavis-demo",
        "VISAVIS_ZOOM_CLIENT_SECRET": "visavis-demo-secret",
        "VISAVIS_ZOOM_WEBHOOK_SECRET": "visavis-demo-webhook-secret",
        "VISAVIS_LOG_LEVEL": "WARNING",
        "DATABASE_URL": database_url,
    }
    stack = Stack(base, zoom, mailbox, environment)
    servers = []
    try:
        servers.append(
            start(
                environment, sys.executable, "-m", "zoom_simulator", "--port", str(zoom_port),
                "--base-url", zoom, "--redirect-uri", f"{base}/connect/zoom/callback/",
                "--webhook-url", f"{base}/inbound/zoom/",
            )
        )  # fmt: skip
        servers.append(start(environment, *MANAGE, "mail_sink"))
        _wait_for(f"{zoom}/", servers)
        stack.manage("load_demo", *(["--connect-zoom"] if connect_zoom else []))
        _wait_for_port(smtp_port)
        servers.append(start(environment, *MANAGE, "worker"))
        servers.append(start(environment, *MANAGE, "serve", "--port", str(port), "--workers", "1"))
        _wait_for(f"{base}/healthz", servers)
        yield stack
    finally:
        stop(servers)


@contextmanager
def empty_database(folder, *, like=None):
    """Yield the address of a new database, and take it away afterwards."""
    url = new_database(folder, like=like)
    try:
        yield url
    finally:
        drop_database(url)


def new_database(folder, *, like=None):
    """Return the address of a new database, of the kind that the tests run on.

    `like` names one to copy: migrating takes longer than most tests.
    """
    url, name = os.environ.get("DATABASE_URL", ""), f"stack_{uuid.uuid4().hex[:12]}"
    if not url.startswith("postgres"):
        file = folder / f"{name}.sqlite3"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"
    template = urlsplit(like).path.lstrip("/") if like else "template0"
    _on_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def drop_database(url):
    """Take a database away; files go with their folder."""
    if url.startswith("postgres"):
        name = urlsplit(url).path.lstrip("/")
        _on_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_postgres(statement):
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)


def migrate(database_url):
    """Make the tables of an empty database, as whoever installs the product does."""
    environment = {**os.environ, **PRODUCT, "DATABASE_URL": database_url}
    subprocess.run([*MANAGE, "migrate", "--verbosity=0"], env=environment, check=True)


def start(environment, *command, **streams):
    return subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
        **({"stdout": subprocess.DEVNULL} | streams),
    )


def stop(servers):
    for server in reversed(servers):
        server.terminate()
    for server in servers:
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(url, servers, seconds=60):
    deadline = time.monotonic() + seconds
    with plain_http(timeout=2) as http:
        while time.monotonic() < deadline:
            assert all(server.poll() is None for server in servers), "a server ended by itself"
            try:
                if http.get(url).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
    raise AssertionError(f"{url} did not come up")


def _wait_for_port(port, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")
