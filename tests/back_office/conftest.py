"""People who go to Zoom and come back."""

from contextlib import ExitStack

import pytest

from back_office.zoom_person import Person
from gateways.zoom_simulator import OWNER


@pytest.fixture
def people(zoom):
    """Whoever goes to Zoom; their browsers are closed in the end."""
    with ExitStack() as browsers:
        yield lambda user: browsers.enter_context(Person(zoom, user))


@pytest.fixture
def person(people):
    return people(OWNER)
