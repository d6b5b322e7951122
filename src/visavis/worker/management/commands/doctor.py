import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from visavis.connections import keys
from visavis.connections.models import Connection
from visavis.connections.registrations import registration_of
from visavis.gateways.mail import MailError
from visavis.notifications import mail_server
from visavis.worker import heart


class Command(BaseCommand):
    help = "Look whether everything this installation needs is there, and say what is not."
    # They are its first examination; the others are worth knowing, too.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        examinations: tuple[tuple[str, Callable[[], str]], ...] = (
            ("Settings", self._settings),
            ("Database", self._database),
            ("Worker", self._worker),
            ("Mail server", self._mail),
            ("Browser libraries", self._libraries),
            ("Zoom app", self._zoom),
            ("Keys", self._keys),
        )
        problems = [self._examine(name, look) for name, look in examinations]
        if any(problems):
            sys.exit(1)

    def _examine(self, name: str, look: Callable[[], str]) -> bool:
        try:
            problem = look()
        except Exception as error:  # noqa: BLE001 whatever is wrong is the answer
            problem = str(error).splitlines()[0]
        self.stdout.write(f"{name:<18} {'ok' if not problem else 'PROBLEM: ' + problem}")
        return bool(problem)

    def _settings(self) -> str:
        return " ".join(str(error.msg) for error in run_checks() if error.is_serious())

    def _database(self) -> str:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return f"{len(waiting)} migrations wait: run `visavis migrate`" if waiting else ""

    def _worker(self) -> str:
        return "" if heart.alive(now=timezone.now()) else "none is running: `visavis worker`"

    def _mail(self) -> str:
        try:
            with mail_server.sender() as line:
                line.check()
        except MailError as error:
            return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}"
        return ""

    def _libraries(self) -> str:
        return "" if settings.NODE_MODULES.is_dir() else f"{settings.NODE_MODULES} is missing"

    def _zoom(self) -> str:
        without = [
            connection.company.slug
            for connection in Connection.objects.live().select_related("company")
            if registration_of(connection.company) is None
        ]
        return f"client id or secret missing for {', '.join(without)}" if without else ""

    def _keys(self) -> str:
        count = keys.outdated()
        return f"{count} secrets do not use the first key: `visavis rotate-keys`" if count else ""
