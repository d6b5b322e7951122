import sys
from typing import Any

from django.core.management.base import BaseCommand

from visavis.connections import keys


class Command(BaseCommand):
    help = "Encrypt every secret in the database with the first of VISAVIS_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        done = keys.rotate()
        self.stdout.write(f"{done.written} secrets are encrypted with the first key now.")
        if done.unreadable:
            self.stdout.write(
                f"{done.unreadable} secrets fit none of the keys. Put the key back that they "
                "were encrypted with, or authorise the connections concerned anew."
            )
            sys.exit(1)
