"""The command that operators run, as it was installed."""

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "visavis"


@pytest.fixture
def visavis(tmp_path):
    """Run the command as a development installation without anything in it yet."""

    def run(*words):
        return subprocess.run(
            [COMMAND, *words],
            check=False,
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "VISAVIS_ENV": "development", "VISAVIS_HOME": tmp_path},
            capture_output=True,
            text=True,
        )

    return run


def test_its_help_names_what_an_operator_runs(visavis):
    done = visavis("--help")

    assert done.returncode == 0
    assert {"serve", "worker", "doctor", "migrate", "rotate_keys"} <= set(done.stdout.split())


def test_the_doctor_sends_the_owner_of_an_empty_installation_to_the_next_command(visavis):
    done = visavis("doctor")

    assert done.returncode == 1
    assert "run `visavis migrate`" in done.stdout


def test_a_command_of_two_words_is_written_with_a_hyphen(visavis):
    done = visavis("rotate-keys", "--help")

    assert done.returncode == 0
    assert "visavis rotate_keys" in done.stdout


def test_a_command_that_does_not_exist_is_said_in_one_line(visavis):
    done = visavis("doktor")

    assert done.returncode == 1
    assert "Unknown command: 'doktor'" in done.stderr
    assert "Traceback" not in done.stderr
