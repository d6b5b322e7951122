import os
import subprocess
import sys
from pathlib import Path

import pytest

from visavis.config import checks

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
SAFE = {
    "VISAVIS_SECRET_KEY": "x" * 50,
    "VISAVIS_BASE_URL": "https://book.example.org",
    "VISAVIS_SMTP_URL": "smtps://user:word@mail.example.org",
    "VISAVIS_MAIL_FROM": "bookings@example.org",
}


def start(tmp_path, command="check", **changes):
    """Start a production installation far enough to look at its settings."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = {**kept, **SAFE, "VISAVIS_HOME": str(tmp_path), **changes}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), command],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_safe_settings_pass(tmp_path):
    assert start(tmp_path).returncode == 0


def test_each_unsafe_setting_is_named(tmp_path):
    unsafe = {
        "VISAVIS_SECRET_KEY": "short",
        "VISAVIS_BASE_URL": "http://book.example.org",
        "VISAVIS_SMTP_URL": "smtp://mail.example.org",
        "VISAVIS_MAIL_FROM": "nobody",
        "VISAVIS_DEBUG": "yes",
        "VISAVIS_ZOOM_OAUTH_URL": "http://zoom.example.org",
        "VISAVIS_ZOOM_API_URL": "http://localhost:9001",
        "VISAVIS_TWILIO_API_URL": "http://localhost:9002",
    }

    done = start(tmp_path, **unsafe)

    assert done.returncode == 1
    assert [name for name in unsafe if name not in done.stderr] == []
    assert "Traceback" not in done.stderr


def test_nor_does_a_worker_start_with_an_unsafe_setting(tmp_path):
    done = start(tmp_path, "worker", VISAVIS_SMTP_URL="smtp://mail.example.org")

    assert done.returncode == 1
    assert "VISAVIS_SMTP_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_was_forgotten_is_named(tmp_path):
    done = start(tmp_path, VISAVIS_SECRET_KEY="", VISAVIS_SMTP_URL="", VISAVIS_MAIL_FROM="")

    assert done.returncode == 1
    for name in ("VISAVIS_SECRET_KEY", "VISAVIS_SMTP_URL", "VISAVIS_MAIL_FROM"):
        assert name in done.stderr


def test_nonsense_stops_the_start_with_the_variables_name(tmp_path):
    done = start(tmp_path, VISAVIS_HSTS_SECONDS="soon")

    assert done.returncode == 1
    assert "VISAVIS_HSTS_SECONDS must be a whole number" in done.stderr


def test_the_doctor_looks_at_the_rest_too_when_a_setting_is_unsafe(tmp_path):
    done = start(tmp_path, "doctor", VISAVIS_MAIL_FROM="", VISAVIS_SMTP_URL="smtp://127.0.0.1:9")

    assert done.returncode == 1
    assert "Settings           PROBLEM: VISAVIS_MAIL_FROM must be" in done.stdout
    assert "Mail server        PROBLEM: 127.0.0.1:9" in done.stdout
    assert "Browser libraries  ok" in done.stdout


RELAY = {
    "VISAVIS_MAIL_RELAY": "postmark",
    "VISAVIS_MAIL_WEBHOOK_SECRET": "relay:a-long-random-password",
}


def test_a_relay_with_its_secret_passes(tmp_path):
    assert start(tmp_path, **RELAY).returncode == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"MAIL_RELAY": "pigeon"}, "VISAVIS_MAIL_RELAY must be one of brevo, mailgun"),
        ({"MAIL_WEBHOOK_SECRET": ""}, "VISAVIS_MAIL_WEBHOOK_SECRET must be name:password"),
        ({"MAIL_WEBHOOK_SECRET": "x" * 40}, "VISAVIS_MAIL_WEBHOOK_SECRET must be"),
        ({"MAIL_WEBHOOK_SECRET": "relay:short"}, "VISAVIS_MAIL_WEBHOOK_SECRET must be"),
        ({"MAIL_RELAY": "mailgun"}, "VISAVIS_MAIL_WEBHOOK_KEY must be Mailgun's"),
        (
            {"MAIL_RELAY": "sendgrid", "MAIL_WEBHOOK_KEY": "SG.no-such-key"},
            "VISAVIS_MAIL_WEBHOOK_KEY must be the verification key",
        ),
    ],
)
def test_a_relay_that_could_not_be_believed_is_a_fault(settings, changes, said):
    settings.MAIL_RELAY = RELAY["VISAVIS_MAIL_RELAY"]
    settings.MAIL_WEBHOOK_SECRET = RELAY["VISAVIS_MAIL_WEBHOOK_SECRET"]
    for name, value in changes.items():
        setattr(settings, name, value)

    (fault,) = checks.mail_relay(None)

    assert fault.is_serious()
    assert said in fault.msg
    assert "a-long-random-password" not in fault.msg


def test_a_relay_that_could_not_be_believed_stops_the_start(tmp_path):
    done = start(tmp_path, **RELAY | {"VISAVIS_MAIL_RELAY": "mailgun"})
    said = "VISAVIS_MAIL_WEBHOOK_KEY must be Mailgun's"

    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "VISAVIS_" in line] == [
        line for line in done.stderr.splitlines() if said in line
    ]
    assert done.stderr.count(said) == 1
    assert "Traceback" not in done.stderr
    assert "a-long-random-password" not in done.stderr


WITHOUT_ANYMAIL = """
import sys
sys.modules["anymail"] = None
from visavis.config.cli import main
sys.argv = ["visavis", "check"]
main()
from django.urls import Resolver404, resolve
try:
    print(resolve("/inbound/mail/").view_name)
except Resolver404:
    print("no such address")
"""


def start_without_anymail(tmp_path, **changes):
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_ANYMAIL],
        check=False,
        env={**kept, **SAFE, "VISAVIS_HOME": str(tmp_path), **changes},
        capture_output=True,
        text=True,
    )


def test_a_relay_without_the_package_stops_the_start(tmp_path):
    done = start_without_anymail(tmp_path, **RELAY)

    assert done.returncode == 1
    assert "VISAVIS_MAIL_RELAY needs the package django-anymail" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_relay_the_package_is_neither_needed_nor_imported(tmp_path):
    done = start_without_anymail(tmp_path)

    assert done.returncode == 0, done.stderr
    assert "inbound" not in done.stdout
