from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from visavis.companies.models import User
from visavis.demo import data, zoom


class Command(BaseCommand):
    help = "Load the demo company, unless it is there. For trying things out only."
    requires_system_checks = ("visavis",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--connect-zoom", action="store_true", help="also connect it to the Zoom simulator"
        )

    def handle(self, *args: Any, connect_zoom: bool, **options: Any) -> None:
        company = data.load(now=timezone.now())
        if connect_zoom and not company.connections.live().exists():
            owner = User.objects.get(memberships__company=company, memberships__role="owner")
            zoom.connect(company, owner, clock=timezone.now)
        self.stdout.write(f"Demo company ready: /{company.slug}/")
