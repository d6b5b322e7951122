"""The command `visavis`: what an operator runs. Django's own commands work here as well."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `visavis serve`, `worker`, `migrate`, `doctor`, or any other command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visavis.config.settings")
    execute_from_command_line(sys.argv)
