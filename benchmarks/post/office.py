"""A post office of our own: an installation that sends to a sink."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]


def on_postgres() -> None:
    """Start this program again with a throw-away PostgreSQL, unless it has a database already."""
    if "DATABASE_URL" not in os.environ:
        os.environ["POSTGRES_DURABLE"] = "1"
        again = [str(ROOT / "bin" / "with_postgres.py"), sys.executable, *sys.argv]
        os.execv(sys.executable, [sys.executable, *again])


def set_up(port: int) -> None:
    """Point the product in this process, and in those it starts, at the sink; make the tables."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "visavis.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "VISAVIS_ENV": "development",
        "VISAVIS_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "VISAVIS_LOG_LEVEL": "ERROR",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
