"""The demo as a newcomer runs it: it comes up, says where, and leaves nothing running."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
PROGRAM = ROOT / "bin" / "demo.py"


@pytest.fixture
def ports():
    """Three free ports: held together, so that they differ."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    numbers = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return dict(zip(("PORT", "ZOOM_PORT", "SMTP_PORT"), map(str, numbers), strict=True))


@contextmanager
def demo(folder, ports):
    """Run the demo in a folder of its own; whatever happens, nothing stays."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        env=kept | ports | {"DEMO_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        for number in parts_of(folder):
            os.kill(number, signal.SIGKILL)


def parts_of(folder):
    """Return the processes that work for the demo in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"VISAVIS_HOME={folder}\0".encode() in environment:
            found.append(int(process.name))
    return found


def lines_until(process, last):
    """Return what the demo says up to a line that begins like this."""
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(last):
            return "".join(said)
    raise AssertionError("".join(said))


def test_it_comes_up_says_where_and_leaves_nothing_running(tmp_path, ports):
    base = f"http://localhost:{ports['PORT']}"
    with demo(tmp_path, ports) as process:
        said = lines_until(process, "Ctrl-C stops everything.")
        assert f"{base}/demo-practice/" in said
        assert f"http://localhost:{ports['ZOOM_PORT']}/" in said
        assert httpx2.get(f"{base}/healthz").json()["status"] == "ok"
        assert "Mailbox of the demo" in httpx2.get(f"{base}/demo/mailbox/").text
        assert len(parts_of(tmp_path)) >= 4

        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=60) == 0
        assert process.stdout.read().strip() == "Stopping."
        assert parts_of(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_it_leaves_nothing_running_when_it_is_ended_half_way(tmp_path, ports, number):
    with demo(tmp_path, ports) as process:
        lines_until(process, "Preparing the database")
        assert parts_of(tmp_path) != []

        process.send_signal(number)
        process.stdout.close()  # there is nobody to read what it says

        process.wait(timeout=60)
        assert parts_of(tmp_path) == []


def said_of(ports):
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        check=False,
        env=os.environ | ports,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def test_a_port_in_use_is_one_clear_line(ports):
    with socket.create_server(("127.0.0.1", int(ports["ZOOM_PORT"]))):
        said = said_of(ports)

    wanted = f"Port {ports['ZOOM_PORT']} is in use. Choose another one: make demo ZOOM_PORT=…\n"
    assert said == wanted


def test_two_equal_ports_are_one_clear_line(ports):
    said = said_of(ports | {"SMTP_PORT": ports["PORT"]})

    assert said == f"PORT and SMTP_PORT are both {ports['PORT']}. Choose different ports.\n"


def test_what_is_no_port_is_one_clear_line(ports):
    said = said_of(ports | {"PORT": "http"})

    assert said == "PORT=http is not a port. Choose a number, such as PORT=8000.\n"


def test_a_misspelt_choice_is_one_clear_line(ports):
    said = said_of({**ports, "ZOOM": "conected"})

    assert said == "ZOOM=conected says nothing. Write ZOOM=connected, or leave it out.\n"


def test_a_port_that_only_root_may_use_is_one_clear_line(monkeypatch):
    class Refusing(socket.socket):
        """What ordinary users meet at port 80, whoever runs this test."""

        def bind(self, address):
            raise PermissionError(13, "Permission denied")

    spec = importlib.util.spec_from_file_location("demo_program", PROGRAM)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    monkeypatch.setattr(socket, "socket", Refusing)

    said = program.trouble_with_ports()

    wanted = f"Only root may use port {program.PORT}. Choose one above 1023: make demo PORT=…"
    assert said == wanted


def test_beginning_anew_takes_away_only_what_the_demo_left(tmp_path, ports):
    for name in ("demo.sqlite3", "letter.txt", "mail/1.eml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    with demo(tmp_path, ports) as process:
        lines_until(process, "Preparing the database")
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)

    assert (tmp_path / "letter.txt").exists()
    assert not (tmp_path / "mail" / "1.eml").exists()
