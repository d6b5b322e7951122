import pytest

from back_office.staff import book, sign_in
from factories import make_provider
from visavis.catalog.models import Offering
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink, MeetingProvider

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/features/"


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "scheduling_administrator")


@pytest.fixture
def online(company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()
    return service


def switch(client, key, to, company="willow"):
    return client.post(f"/office/{company}/features/{key}/{to}/")


def test_every_feature_is_listed_with_its_summary(client, member):
    page = client.get(PAGE).content.decode()

    for feature in features.FEATURES:
        assert str(feature.name) in page
        assert str(feature.summary).replace("'", "&#x27;") in page


def test_a_feature_is_enabled(client, member, company):
    response = switch(client, "online_meetings", "on")

    assert response.url == PAGE
    assert features.enabled(company, features.ONLINE_MEETINGS)


def test_enabling_shows_the_clashes_of_a_host_first(client, member, company, provider, service):
    other = make_provider(company, "Bea Demo")
    Offering.objects.update(online=True)
    service.providers.add(other)
    for each in (provider, other):
        MeetingProvider.objects.create(provider=each, platform="zoom", host_id="one-host")
    book(service), book(service, name="Alan Demo")

    asked = switch(client, "online_meetings", "on")

    assert len(asked.context["clashes"]) == 2
    assert not features.enabled(company, features.ONLINE_MEETINGS)

    client.post(f"{PAGE}online_meetings/on/", {"sure": "yes"})

    assert features.enabled(company, features.ONLINE_MEETINGS)


def test_settings_are_offered_only_while_a_feature_is_on(client, member):
    settings = "/office/willow/online-meetings/"
    before = client.get(PAGE).content.decode()
    switch(client, "online_meetings", "on")

    after = client.get(PAGE).content.decode()

    assert f'href="{settings}"' not in before
    assert f'href="{settings}"' in after


def test_settings_that_somebody_may_not_change_are_not_offered(client, member):
    page = client.get(PAGE).content.decode()

    assert features.enabled(member.company, features.RESCHEDULING)
    assert "/office/willow/company/" not in page


def test_a_feature_is_disabled(client, member, company):
    switch(client, "classes", "off")

    assert not features.enabled(company, features.CLASSES)


def test_disabling_online_meetings_with_bookings_ahead_asks_first_how_many(client, member, online):
    book(online)

    page = client.get(PAGE).content.decode()

    assert "One booking ahead meets online" in page
    assert 'href="#off-online_meetings"' in page


def test_without_bookings_ahead_nothing_is_asked(client, member, online):
    page = client.get(PAGE).content.decode()

    assert 'href="#off-online_meetings"' not in page


def test_disabling_online_meetings_withdraws_the_links(client, member, online):
    booking = book(online)

    switch(client, "online_meetings", "off")

    link = JoinLink.objects.get(side="client", holder_id=booking.pk)
    assert link.revoked_because == JoinLink.Revoked.NOT_ONLINE


def test_enabling_online_meetings_again_gives_links_again(client, member, online):
    booking = book(online)
    switch(client, "online_meetings", "off")

    switch(client, "online_meetings", "on")

    assert JoinLink.objects.standing().filter(side="client", holder_id=booking.pk).exists()


@pytest.mark.parametrize("to", ["on", "off"])
def test_an_unknown_feature_is_not_found(client, member, to):
    assert switch(client, "kiosk", to).status_code == 404


@pytest.mark.parametrize("to", ["on", "off"])
def test_looking_switches_nothing(client, member, to):
    assert client.get(f"{PAGE}classes/{to}/").status_code == 405


@pytest.mark.parametrize("role", ["receptionist", "provider", "viewer"])
def test_roles_without_the_permission_are_refused(client, company, role):
    sign_in(client, company, role)

    assert client.get(PAGE).status_code == 403
    assert switch(client, "classes", "off").status_code == 403


def test_a_stranger_finds_nothing(client, company):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")

    assert client.get(PAGE).status_code == 404
    assert switch(client, "classes", "off").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, company):
    assert "/accounts/login/" in client.get(PAGE).url
