from datetime import UTC, datetime

import pytest

from factories import make_provider, make_service
from visavis.companies import features
from visavis.connections.models import Connection, PlatformUser
from visavis.gateways.video.zoom import scopes
from visavis.meetings.models import MeetingProvider
from visavis.meetings.readiness import Gap, readiness

pytestmark = pytest.mark.django_db


@pytest.fixture
def online(company):
    features.switch(company, features.ONLINE_MEETINGS, on=True)


@pytest.fixture
def connection(company):
    connection = Connection.objects.create(
        company=company,
        platform="zoom",
        client_id="app",
        user_id="zoom-ada",
        connected_at=datetime(2027, 2, 1, tzinfo=UTC),
    )
    PlatformUser.objects.create(connection=connection, external_id="zoom-ada", name="Ada")
    return connection


def map_to(provider, platform="zoom", **fields):
    MeetingProvider.objects.create(provider=provider, platform=platform, **fields)


def test_while_the_feature_is_off_nothing_else_counts(service):
    assert readiness(service) == [Gap("feature_off")]


def test_a_company_from_nothing_must_connect_and_choose(service, provider, online):
    assert readiness(service) == [Gap("not_connected"), Gap("not_mapped", provider)]


def test_a_mapped_provider_of_a_connected_company_is_ready(service, provider, online, connection):
    map_to(provider, host_id="zoom-ada")

    assert readiness(service) == []


def test_each_provider_is_looked_at(company, provider, online, connection):
    bea, cleo = make_provider(company, "Bea Demo"), make_provider(company, "Cleo Demo")
    service = make_service(company, "Talk", [provider, bea, cleo])
    map_to(provider, host_id="zoom-ada")
    map_to(cleo, host_id="zoom-somebody-who-left")

    assert readiness(service) == [Gap("not_mapped", bea), Gap("host_gone", cleo)]


def test_a_grant_that_no_longer_works_wants_attention(service, provider, online, connection):
    map_to(provider, host_id="zoom-ada")
    Connection.objects.update(attention="reconnect")

    assert readiness(service) == [Gap("attention")]


def test_who_meets_elsewhere_needs_no_connection(service, provider, online):
    map_to(provider, "jitsi")

    assert readiness(service) == []


def test_a_fixed_link_must_be_given(service, provider, online, connection):
    map_to(provider, "fixed")

    assert readiness(service) == [Gap("not_mapped", provider)]


def test_an_offering_that_nobody_offers_cannot_take_place(company, online):
    assert readiness(make_service(company, "Talk", [])) == [Gap("no_providers")]


def test_a_host_whose_access_is_not_shared_is_not_called_gone(
    service, provider, online, connection
):
    map_to(provider, host_id="zoom-bea")
    Connection.objects.update(shared_access="no")

    assert readiness(service) == [Gap("not_shared", provider)]


def test_a_host_without_any_licence_for_meetings_is_not_called_gone(
    service, provider, online, connection
):
    map_to(provider, host_id="zoom-ada")
    PlatformUser.objects.update(active=False)

    assert readiness(service) == [Gap("host_not_allowed", provider)]


@pytest.mark.parametrize(("minutes", "gaps"), [(40, 0), (50, 1)])
def test_a_basic_host_of_a_long_offering_is_a_notice(
    company, provider, online, connection, minutes, gaps
):
    service = make_service(company, "Talk", [provider], duration_minutes=minutes)
    map_to(provider, host_id="zoom-ada")
    PlatformUser.objects.update(licensed=False)

    assert readiness(service) == [Gap("basic_host", provider, notice=True)] * gaps


@pytest.mark.parametrize(
    ("lacking", "notice"),
    [("meeting:write:meeting:admin", False), ("meeting:delete:meeting:admin", True)],
)
def test_a_scope_that_is_missing_is_named(service, provider, online, connection, lacking, notice):
    map_to(provider, host_id="zoom-ada")
    granted = [one for one in scopes.names(whole_account=True) if one != lacking]
    Connection.objects.update(scopes=" ".join(granted))

    assert readiness(service) == [Gap("scopes", notice=notice, detail=lacking)]


def test_the_number_of_queries_does_not_grow_with_providers(
    company, provider, online, connection, django_assert_num_queries
):
    others = [make_provider(company, name) for name in ("Bea Demo", "Cleo Demo")]
    service = make_service(company, "Talk", [provider, *others])

    with django_assert_num_queries(5):
        readiness(service)
