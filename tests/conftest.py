"""Who and what the tests play with: one company, its people, and a fixed moment."""

import gc
import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import pytest
from django.db.models.signals import post_migrate
from xdist.scheduler import LoadScopeScheduling

from factories import NOW, make_member, make_provider, make_service
from journeys.stack import empty_database
from migrated import forget, make_once

# What goes first in a parallel run. Begun last, the longest would leave the other cores idle; and
# behind a single test another group waits, whatever the other cores do: so first the group that
# nothing waits behind. Of that the promises come last: they end with another Zoom account.
FIRST = ("journeys", "test_promises", "test_story", "test_chaos", "test_mails")
WITH_DATABASE = {"db", "transactional_db", "django_db_setup", "migrated"}


def pytest_addoption(parser):
    parser.addoption(
        "--only-with-database", action="store_true", help="leave out what no database can change"
    )


def pytest_xdist_make_scheduler(config, log):
    return Companies(config, log)


class Companies(LoadScopeScheduling):
    """Give to one worker what belongs together.

    Our own, because the groups of xdist 3.8 are lost on pytest 9.2, where an item's nodeid is
    not to be set.
    """

    def _split_scope(self, nodeid):
        return _company(nodeid)


@cache
def _company(nodeid):
    """Return whose company a test keeps in a parallel run: those of one file, or of one stack.

    A stack takes longer to start than most of its journeys last. The story has one of its own.
    """
    file = Path(nodeid.partition("::")[0])
    if file.stem == "test_story":
        return nodeid
    with_stack = file.parent.name == "journeys" and file.stem != "test_mails"
    return "journeys" if with_stack else str(file)


def pytest_collection_modifyitems(config, items):
    items.sort(key=_turn)
    if config.getoption("--only-with-database"):
        config.hook.pytest_deselected(items=[one for one in items if not _asks_a_database(one)])
        items[:] = filter(_asks_a_database, items)


def pytest_collection_finish():
    # What is loaded by now stays: no use in looking through it for garbage again and again.
    gc.freeze()


def _turn(item):
    names = item.path.stem, _company(item.nodeid)
    return next((FIRST.index(one) for one in names if one in FIRST), len(FIRST))


def _asks_a_database(item):
    if item.get_closest_marker("any_database"):
        return False
    return item.get_closest_marker("django_db") or WITH_DATABASE & set(item.fixturenames)


def _folder_of_the_run(config):
    """Return a folder that all workers of this run share."""
    own = config._tmp_path_factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        forget(_folder_of_the_run(session.config))


@pytest.fixture(scope="session")
def migrated(request):
    """A database with all tables and nothing in them, to be copied."""
    return make_once(_folder_of_the_run(request.config))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, migrated, tmp_path_factory):
    """Work on a copy. SQLite's is a file: threads of one test must see the same database."""
    from django.conf import settings
    from django.db import connection

    database = settings.DATABASES["default"]
    with empty_database(tmp_path_factory.mktemp("database"), like=migrated) as url:
        database["NAME"] = connection.settings_dict["NAME"] = dj_database_url.parse(url)["NAME"]
        if connection.vendor == "sqlite":
            database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        _empty_tables_quickly(connection)
        yield
        with django_db_blocker.unblock():
            connection.close()


def _empty_tables_quickly(connection):
    """Spare what comes after each test that commits, and that no test needs.

    TRUNCATE makes every file of every table anew, and Django writes the permissions of its own
    admin again, which nobody asks for.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    if connection.vendor == "postgresql":
        quoted = connection.ops.quote_name
        connection.ops.sql_flush = lambda style, tables, **options: [
            # Neither references nor triggers look at rows that all go.
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {quoted(table)}" for table in tables),
        ]


@pytest.fixture(scope="session")
def database_url(django_db_setup):
    """The tests' own database, for the processes of a server."""
    from django.db import connection

    name, url = connection.settings_dict["NAME"], os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    return f"sqlite:///{name}"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def company(db):
    from visavis.companies.models import Company

    return Company.objects.create(
        slug="willow",
        name="Willow Practice",
        email="office@willow.example",
        time_zone="Europe/Paris",
        published=True,
    )


@pytest.fixture
def provider(company):
    return make_provider(company, "Ada Demo")


@pytest.fixture
def service(company, provider):
    return make_service(company, "First talk", [provider])


@pytest.fixture
def owner(company):
    return make_member(company, "owner", "owner@willow.example").user


@pytest.fixture(scope="session")
def simulator_url():
    from gateways import zoom_simulator

    process, url = zoom_simulator.start()
    yield url
    from visavis.connections import zoom

    zoom.http().close()
    zoom_simulator.stop(process)


@pytest.fixture
def zoom(simulator_url, settings):
    """A fresh Zoom, and an installation that knows it under its app."""
    from gateways import zoom_requests, zoom_simulator
    from local_http import plain_http

    with plain_http() as http:
        stand_in = zoom_simulator.Zoom(simulator_url, http)
        stand_in.steer("POST", "/reset")
        settings.ZOOM_OAUTH_URL = settings.ZOOM_API_URL = simulator_url
        settings.ZOOM_CLIENT_ID = zoom_simulator.CLIENT_ID
        settings.ZOOM_CLIENT_SECRET = zoom_simulator.CLIENT_SECRET
        settings.ZOOM_WEBHOOK_SECRET = "visavis-demo-webhook-secret"
        yield stand_in
        zoom_requests.check_all(stand_in.calls())


@pytest.fixture
def connection(zoom, company):
    """The company's grant at Zoom, with shared access."""
    from datetime import timedelta

    from django.utils import timezone

    from gateways.zoom_simulator import ACCOUNT, CLIENT_ID, LENA, LIAM, OWNER
    from visavis.companies import features
    from visavis.connections.models import Connection, PlatformUser

    features.switch(company, features.ONLINE_MEETINGS, on=True)
    zoom.install()
    now = timezone.now()
    made = Connection.objects.create(
        company=company,
        platform="zoom",
        client_id=CLIENT_ID,
        account_id=ACCOUNT,
        user_id=OWNER,
        user_name="Demo Owner",
        access_token=zoom.tokens["access_token"],
        refresh_token=zoom.tokens["refresh_token"],
        expires_at=now + timedelta(hours=1),
        refreshed_at=now,
        connected_at=now,
        shared_access="yes",
    )
    PlatformUser.objects.bulk_create(
        PlatformUser(connection=made, external_id=user, name=user) for user in (OWNER, LIAM, LENA)
    )
    return made


@pytest.fixture
def online(service, provider, connection):
    """The service, meeting online with Zoom's Liam as the provider's host."""
    from gateways.zoom_simulator import LIAM
    from visavis.meetings.models import MeetingProvider

    MeetingProvider.objects.create(provider=provider, platform="zoom", host_id=LIAM)
    service.online = True
    service.save()
    return service
