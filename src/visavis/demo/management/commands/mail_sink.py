import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand


class Folder:
    """Keeps each message as a file, named so that they sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        body = content if isinstance(content, bytes) else str(content).encode()
        part = self.folder / f"{time.time_ns()}-{uuid4().hex[:8]}.part"
        part.write_bytes(body)
        part.rename(part.with_suffix(".eml"))
        return "250 2.0.0 kept for the demo's mailbox"


class Command(BaseCommand):
    help = "Receive mail by SMTP for the demo's mailbox page. Nothing leaves this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        folder = Path(settings.MAILBOX_DIRECTORY)
        folder.mkdir(parents=True, exist_ok=True)
        sink = Controller(Folder(folder), hostname="127.0.0.1", port=port)
        sink.start()
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        over.wait()
        sink.stop()
