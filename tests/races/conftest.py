import pytest

from races.crowd import Crowd
from races.practice import faults, make_company, session_of_owner
from races.server import web


@pytest.fixture(scope="session")
def crowd(database_url, tmp_path_factory):
    with web(tmp_path_factory.mktemp("web"), database_url=database_url) as base:
        made = Crowd(base)
        yield made
        made.close()


@pytest.fixture
def company(transactional_db):
    """A company whose books are in order when everything is over."""
    made = make_company()
    yield made
    assert faults(made) == []


@pytest.fixture
def office(company):
    """The session of somebody who may do everything."""
    return session_of_owner(company)
