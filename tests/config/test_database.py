"""What the address of the database says, and what the settings add to it."""

import os
import subprocess
import sys

SHOW = """
from django.conf import settings
options = settings.DATABASES["default"]["OPTIONS"]
print(options["sslmode"], options["connect_timeout"], options["server_side_binding"])
"""


def test_what_the_address_asks_for_is_kept_beside_what_we_set():
    ours = {
        "DJANGO_SETTINGS_MODULE": "visavis.config.settings",
        "DATABASE_URL": "postgres://visavis@db.example.org/visavis?sslmode=require&connect_timeout=5",
    }

    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        check=False,
        env=os.environ | ours,
        capture_output=True,
        text=True,
    )

    assert shown.stdout == "require 5 True\n", shown.stderr
