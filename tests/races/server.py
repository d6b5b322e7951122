"""The web server alone, in several processes, for those who all come at once."""

import os
import time
from contextlib import contextmanager
from subprocess import STDOUT

from journeys.stack import MANAGE, ROOT, free_port, start, stop

WORKERS = 4


@contextmanager
def web(folder, *, database_url, settings="visavis.config.settings"):
    """Yield the address of a server whose processes have all begun to answer."""
    port, log = free_port(), folder / "server.log"
    base = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
        # Without static files of their own the processes would warn, each of them.
        "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": settings,
        "VISAVIS_ENV": "development",
        "VISAVIS_HOME": str(folder),
        "VISAVIS_BASE_URL": base,
        "VISAVIS_TRUSTED_PROXIES": "1",
        "VISAVIS_LOG_LEVEL": "ERROR",
        "DATABASE_URL": database_url,
    }
    serve = [*MANAGE, "serve", "--port", str(port), "--workers", str(WORKERS)]
    with log.open("wb") as output:
        server = start(environment, *serve, stdout=output, stderr=STDOUT)
        try:
            _wait_for_workers(server, log)
            yield base
        finally:
            stop([server])


def _wait_for_workers(server, log, seconds=60):
    deadline = time.monotonic() + seconds
    while log.read_text().count("Started worker-") < WORKERS:
        assert server.poll() is None, "the server ended by itself"
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.05)
