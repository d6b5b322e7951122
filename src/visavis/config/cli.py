"""The command `visavis`: what an operator runs. Django's own commands work here as well."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `visavis serve`, `worker`, `migrate`, `doctor`, `rotate-keys`, or any other command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visavis.config.settings")
    # Commands are modules, whose names hold no hyphen; on a command line one expects it.
    called, *words = sys.argv
    if words and not words[0].startswith("-"):
        words[0] = words[0].replace("-", "_")
    execute_from_command_line([called, *words])
