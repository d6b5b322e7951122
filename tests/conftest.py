"""Who and what the tests play with: one company, its people, and a fixed moment."""

from datetime import UTC, datetime

import pytest

# A Monday, so that "tomorrow at ten" is a working day.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, tmp_path_factory, request
):
    """Keep SQLite in a file: threads of one test must see the same database."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
        folder = tmp_path_factory.mktemp("database")
        database["TEST"]["NAME"] = str(folder / f"{worker}.sqlite3")
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


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


def make_provider(company, name, **fields):
    """Return a provider who works Monday to Friday, nine to five."""
    from visavis.catalog.models import Provider, WeeklyHours

    defaults = {
        "time_zone": company.time_zone,
        "email": f"{name.split()[0].lower()}@{company.slug}.example",
    }
    provider = Provider.objects.create(company=company, name=name, **(defaults | fields))
    WeeklyHours.objects.bulk_create(
        WeeklyHours(company=company, provider=provider, weekday=day, starts=540, ends=1020)
        for day in range(5)
    )
    return provider


def make_service(company, name, providers, **fields):
    """Return a service of half an hour."""
    from django.utils.text import slugify

    from visavis.catalog.models import Offering

    defaults = {"kind": "service", "duration_minutes": 30, "slug": slugify(name)}
    offering = Offering.objects.create(company=company, name=name, **(defaults | fields))
    offering.providers.set(providers)
    return offering


def make_member(company, role, email, **fields):
    """Return a member who may sign in with the password `correct horse`."""
    from visavis.companies.models import Member, User

    user = User.objects.create_user(email, "correct horse", name=email.split("@")[0], **fields)
    return Member.objects.create(company=company, user=user, role=role)


@pytest.fixture(scope="session")
def simulator_url():
    from gateways import zoom_simulator

    process, url = zoom_simulator.start()
    yield url
    zoom_simulator.stop(process)


@pytest.fixture
def zoom(simulator_url, settings):
    """A fresh Zoom, and an installation that knows it under its app."""
    import httpx2

    from gateways import zoom_simulator

    with httpx2.Client() as http:
        stand_in = zoom_simulator.Zoom(simulator_url, http)
        stand_in.steer("POST", "/reset")
        settings.ZOOM_OAUTH_URL = settings.ZOOM_API_URL = simulator_url
        settings.ZOOM_CLIENT_ID = zoom_simulator.CLIENT_ID
        settings.ZOOM_CLIENT_SECRET = zoom_simulator.CLIENT_SECRET
        settings.ZOOM_WEBHOOK_SECRET = "visavis-demo-webhook-secret"
        yield stand_in


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
