"""Who and what the tests play with: one company, its people, and a fixed moment."""

import os
from datetime import UTC, datetime

import pytest

os.environ.setdefault("VISAVIS_ENV", "development")

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
