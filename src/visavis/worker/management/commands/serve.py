import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from granian import Granian
from granian.constants import Interfaces
from granian.errors import ConfigurationError

# Of each worker: one computes while the other waits for the database. More than two interrupt
# each other so often that fewer visitors are served (benchmarks/bookings.py).
THREADS = 2


class Command(BaseCommand):
    help = "Serve the web pages."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        try:
            Granian(
                "visavis.config.wsgi:application",
                address=host,
                port=port,
                interface=Interfaces.WSGI,
                workers=workers,
                blocking_threads=THREADS,
                log_access=False,
            ).serve()
        except (ConfigurationError, OSError) as error:
            sys.exit(f"Cannot serve on {host}:{port}: {error}")
