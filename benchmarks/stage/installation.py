"""An installation as production has it, on loopback, with everything of its own.

The database is the one of DATABASE_URL, or a SQLite file that is thrown away.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
BASE_URL = "https://bookings.example"
WORKERS = 2
SECONDS_TO_START = 60


def on_both_engines(measure: Callable[[], int]) -> int:
    """Run this script again for each database, the second of which must hold its bars."""
    # Whoever ends this ends the servers that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if "--here" in sys.argv:
        return measure()
    again = [sys.executable, sys.argv[0], "--here"]
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(again, env=clean, check=True)
    with_postgres = [sys.executable, str(ROOT / "bin" / "with_postgres.py"), *again]
    # With the durability of a real server: this is about the time that writing takes.
    durable = clean | {"POSTGRES_DURABLE": "1"}
    return subprocess.run(with_postgres, env=durable, check=False).returncode


@contextmanager
def installation() -> Iterator[None]:
    """Set up Django in this process, with an empty database that is ready for use."""
    with TemporaryDirectory(prefix="visavis-bench-") as home:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/visavis.sqlite3")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "visavis.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'benchmarks'}",
            "VISAVIS_HOME": home,
            "VISAVIS_BASE_URL": BASE_URL,
            "VISAVIS_SECRET_KEY": "only-for-measuring-" * 3,
            "VISAVIS_ENCRYPTION_KEYS": "vBwHEgXG0q1s0HNm1uRr5AtmCwAUBJWBEo5Nq2LwZ3Y=",
            "VISAVIS_SMTP_URL": "smtp://localhost:25",
            "VISAVIS_MAIL_FROM": "bench@bookings.example",
            # Every visitor has an address of their own, so that nobody is slowed down on purpose.
            "VISAVIS_TRUSTED_PROXIES": "1",
            "VISAVIS_LOG_LEVEL": "WARNING",
        }
        os.environ.pop("VISAVIS_ENV", None)
        sys.path.insert(0, str(ROOT / "src"))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@contextmanager
def product() -> Iterator[str]:
    """Run the product's web server, and yield its address."""
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]
    with _running(command, {}) as url:
        yield url


@contextmanager
def floor() -> Iterator[str]:
    """Run the yardstick on the same kind of server and the same database, and yield its address."""
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory"]
    command += ["--blocking-threads", "4", "django.core.wsgi:get_wsgi_application"]
    with _running(command, {"DJANGO_SETTINGS_MODULE": "stage.floor_settings"}) as url:
        yield url


def analyse() -> None:
    """Let the database take stock, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgresql() else "ANALYZE")


def is_postgresql() -> bool:
    """Return whether this run is on PostgreSQL."""
    return os.environ["DATABASE_URL"].startswith("postgres")


def engine() -> str:
    """Return what the database is called, with its version."""
    from django.db import connection

    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [*command, "--workers", str(WORKERS), "--port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(url, server)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
