"""Starts the simulator as a program of its own, and empties it before each test."""

import subprocess
import sys
from pathlib import Path

import pytest

# The helpers beside this file; a package here would be mistaken for the simulator itself.
sys.path.insert(0, str(Path(__file__).parent))

from zoom_driver import APP, CALLBACK, Receiver, Zoom

from zoom_schema import check_event


@pytest.fixture(scope="session")
def server():
    command = [sys.executable, "-m", "zoom_simulator", "--port", "0", "--redirect-uri", CALLBACK]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    yield line.split(" on ")[1].strip()
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


@pytest.fixture
def zoom(server):
    zoom = Zoom(server)
    zoom.control("POST", "reset")
    yield zoom
    zoom.close()


@pytest.fixture
def connected(zoom):
    """A simulator with the demo app installed by the owner, the box ticked."""
    zoom.install()
    return zoom


@pytest.fixture
def receiver(connected):
    receiver = Receiver()
    connected.control("PUT", f"apps/{APP}", event_url=receiver.url)
    yield receiver
    connected.control("POST", "webhooks/flush")
    receiver.close()
    for body in receiver.events():
        check_event(body)
