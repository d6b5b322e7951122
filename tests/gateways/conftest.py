from datetime import UTC, datetime

import pytest

from local_http import plain_http
from visavis.gateways.video import RoomRequest

from . import zoom_requests, zoom_simulator


@pytest.fixture(scope="session")
def simulator_url():
    process, url = zoom_simulator.start()
    yield url
    zoom_simulator.stop(process)


@pytest.fixture(scope="session")
def http():
    with plain_http() as client:
        yield client


@pytest.fixture
def zoom(simulator_url, http):
    """A fresh Zoom on which the app is installed, with shared access."""
    made = zoom_simulator.Zoom(simulator_url, http)
    made.steer("POST", "/reset")
    made.add_scopes("meeting:read:list_past_participants:admin")
    made.install()
    yield made
    # Some tests send us elsewhere.
    made.url = simulator_url
    zoom_requests.check_all(made.calls())


@pytest.fixture
def request_for():
    def build(host_id, **changes):
        values = {
            "topic": "First talk",
            "host_id": host_id,
            "starts_at": datetime(2030, 3, 1, 9, 30, tzinfo=UTC),
            "ends_at": datetime(2030, 3, 1, 10, 15, tzinfo=UTC),
            "time_zone": "Europe/Paris",
            "scheduled": False,
        }
        return RoomRequest(**values | changes)

    return build
