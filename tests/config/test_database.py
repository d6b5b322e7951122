"""What the address of the database says, and what the settings add to it."""

from config.fresh import run_anew

SHOW = """
from django.conf import settings
options = settings.DATABASES["default"]["OPTIONS"]
print(options["sslmode"], options["connect_timeout"], options["server_side_binding"])
"""


def test_what_the_address_asks_for_is_kept_beside_what_we_set():
    address = "postgres://visavis@db.example.org/visavis?sslmode=require&connect_timeout=5"

    shown = run_anew(SHOW, DATABASE_URL=address)

    assert shown.stdout == "require 5 True\n", shown.stderr
