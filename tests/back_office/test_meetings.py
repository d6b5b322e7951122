from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import sign_in
from factories import make_provider, make_service
from gateways.zoom_simulator import LENA, LIAM, OWNER
from visavis.companies import features
from visavis.companies.models import Company
from visavis.connections.models import Connection
from visavis.meetings.models import Meeting, MeetingProvider, MeetingSettings

pytestmark = pytest.mark.django_db
PROVIDERS = "/office/willow/online-meetings/providers/"
RULES = "/office/willow/online-meetings/start/"
PAGES = ("/office/willow/online-meetings/", PROVIDERS, RULES)
AS_AGREED = {
    "opening": "at_the_hour",
    "early_start_minutes": 15,
    "strategy": "instant",
    "meetings_at_once": 1,
    "fallback": "none",
    "fallback_link": "",
}


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "scheduling_administrator")


def row(provider, platform, host="", fixed_link=""):
    given = {"platform": platform, "host": host, "fixed_link": fixed_link}
    return {f"provider-{provider.pk}-{name}": value for name, value in given.items()}


def ahead(provider, **fields):
    starts_at = timezone.now() + timedelta(days=2)
    return Meeting.objects.create(
        company=provider.company,
        provider=provider,
        topic="First talk",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        **fields,
    )


def chosen(provider):
    mapping = MeetingProvider.objects.get(provider=provider)
    return mapping.platform, mapping.host_id, mapping.fixed_link


def text(response):
    return response.content.decode()


def test_a_provider_is_given_a_zoom_user(client, member, provider, connection):
    response = client.post(PROVIDERS, row(provider, "zoom", LIAM))

    assert response.url == PROVIDERS
    assert chosen(provider) == ("zoom", LIAM, "")


def test_the_name_of_the_host_is_remembered(client, member, provider, connection):
    client.post(PROVIDERS, row(provider, "zoom", LIAM))

    assert MeetingProvider.objects.get(provider=provider).host_name == LIAM


def test_providers_meet_on_other_platforms_without_zoom(client, member, company, provider):
    other = make_provider(company, "Ben Demo")

    client.post(
        PROVIDERS,
        row(provider, "jitsi") | row(other, "fixed", fixed_link="https://meet.example.com/ben"),
    )

    assert chosen(provider) == ("jitsi", "", "")
    assert chosen(other) == ("fixed", "", "https://meet.example.com/ben")


def test_what_belongs_to_another_platform_is_dropped(client, member, provider, connection):
    client.post(PROVIDERS, row(provider, "jitsi", LIAM, "https://meet.example.com/ada"))

    assert chosen(provider) == ("jitsi", "", "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("zoom", ""), "Choose the Zoom user"),
        (("zoom", "NobodyWeKnow"), "is not one of the available choices"),
        (("fixed", "", ""), "Enter the link"),
        (("fixed", "", "not a link"), "Enter a valid URL"),
        (("teams",), "is not one of the available choices"),
    ],
)
def test_a_wrong_row_is_refused_beside_its_field(client, member, provider, connection, given, says):
    response = client.post(PROVIDERS, row(provider, *given))

    assert response.status_code == 422
    assert says in text(response)
    assert not MeetingProvider.objects.exists()


def test_one_wrong_row_saves_none_and_keeps_what_was_typed(client, member, company, provider):
    other = make_provider(company, "Ben Demo")

    response = client.post(
        PROVIDERS, row(provider, "jitsi") | row(other, "fixed", fixed_link="meet example")
    )

    assert response.status_code == 422
    assert 'value="meet example"' in text(response)
    assert '<option value="jitsi" selected>' in text(response)
    assert not MeetingProvider.objects.exists()


def test_zoom_cannot_be_chosen_before_it_is_connected(client, member, provider):
    response = client.post(PROVIDERS, row(provider, "zoom", LIAM))

    assert response.status_code == 422
    assert "Connect a Zoom account first" in text(response)


def test_without_shared_access_only_the_authorising_user_is_offered(
    client, member, provider, connection
):
    Connection.objects.update(shared_access="no", user_name="Olivia Owner")
    connection.users.exclude(external_id=OWNER).delete()

    page = text(client.get(PROVIDERS))

    assert "Only Olivia Owner can be chosen" in page
    assert f'value="{OWNER}"' in page
    assert f'value="{LIAM}"' not in page


def test_a_host_who_left_the_account_is_marked(client, member, provider, connection):
    MeetingProvider.objects.create(
        provider=provider, platform="zoom", host_id=LIAM, host_name="Liam Licensed"
    )
    connection.users.filter(external_id=LIAM).update(gone_at=timezone.now())

    page = text(client.get(PROVIDERS))

    assert "(no longer on the account)" in page
    assert "Choose another one, or the meetings" in page


def test_a_host_who_left_keeps_nobody_from_saving_other_rows(
    client, member, company, provider, connection
):
    other = make_provider(company, "Ben Demo")
    MeetingProvider.objects.create(provider=provider, platform="zoom", host_id=LIAM)
    connection.users.filter(external_id=LIAM).update(gone_at=timezone.now())

    client.post(PROVIDERS, row(provider, "zoom", LIAM) | row(other, "jitsi"))

    assert chosen(other) == ("jitsi", "", "")


def test_a_host_who_left_cannot_be_chosen_anew(client, member, provider, connection):
    connection.users.filter(external_id=LIAM).update(gone_at=timezone.now())

    response = client.post(PROVIDERS, row(provider, "zoom", LIAM))

    assert response.status_code == 422


def test_another_host_has_the_meetings_ahead_looked_at(client, member, provider, connection):
    MeetingProvider.objects.create(provider=provider, platform="zoom", host_id=LIAM)
    meeting = ahead(provider)
    past = ahead(provider)
    Meeting.objects.filter(pk=past.pk).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1)
    )

    client.post(PROVIDERS, row(provider, "zoom", LENA))

    meeting.refresh_from_db()
    past.refresh_from_db()
    assert meeting.look_at <= timezone.now()
    assert past.look_at is None


def test_saving_without_a_change_looks_at_nothing(client, member, provider, connection):
    MeetingProvider.objects.create(provider=provider, platform="zoom", host_id=LIAM, host_name=LIAM)
    meeting = ahead(provider)

    client.post(PROVIDERS, row(provider, "zoom", LIAM))

    meeting.refresh_from_db()
    assert meeting.look_at is None


def test_providers_who_share_a_zoom_user_are_pointed_out(
    client, member, company, provider, connection
):
    other = make_provider(company, "Ben Demo")
    for one in (provider, other):
        MeetingProvider.objects.create(provider=one, platform="zoom", host_id=LIAM)

    assert "Ada Demo, Ben Demo meet as the same Zoom user" in text(client.get(PROVIDERS))


def test_services_show_whether_they_meet_online_and_what_is_missing(
    client, member, company, provider
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    make_service(company, "Talk", [provider], online=True)
    make_service(company, "Massage", [provider])

    page = text(client.get(PROVIDERS))

    assert "Ada Demo: no platform is chosen." in page
    assert "Not ready" in page
    assert "Not online" in page


def test_a_service_that_lacks_nothing_is_ready(client, member, online):
    page = text(client.get(PROVIDERS))

    assert "Online, ready" in page
    assert "Not ready" not in page


def test_the_page_needs_as_many_queries_for_three_as_for_one(
    client, member, company, online, django_assert_max_num_queries
):
    with django_assert_max_num_queries(23) as one:
        client.get(PROVIDERS)
    needed = len(one)
    for name in ("Ben Demo", "Eva Demo"):
        make_service(company, f"With {name}", [make_provider(company, name)], online=True)

    with django_assert_max_num_queries(needed):
        client.get(PROVIDERS)


def test_how_meetings_start_is_changed(client, member, company):
    response = client.post(
        RULES, AS_AGREED | {"opening": "by_the_provider", "early_start_minutes": 5}
    )

    settings = MeetingSettings.objects.get(company=company)
    assert response.url == RULES
    assert settings.opening == "by_the_provider"
    assert settings.early_start_minutes == 5


def test_a_company_says_how_many_meetings_a_zoom_user_leads_at_a_time(client, member, company):
    assert "Zoom lets a user lead 1 meeting at a time" in text(client.get(RULES))

    client.post(RULES, AS_AGREED | {"meetings_at_once": 2})

    assert MeetingSettings.objects.get(company=company).meetings_at_once == 2


def test_a_fixed_link_to_fall_back_to_must_be_given(client, member):
    response = client.post(RULES, AS_AGREED | {"fallback": "fixed"})

    assert response.status_code == 422
    assert "Enter the link to fall back to." in text(response)
    assert not MeetingSettings.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"opening": "never"},
        {"early_start_minutes": 121},
        {"early_start_minutes": "soon"},
        {"strategy": "sometimes"},
        {"fallback": "zoom"},
        {"meetings_at_once": 0},
        {"meetings_at_once": 21},
    ],
)
def test_wrong_rules_are_refused(client, member, wrong):
    response = client.post(RULES, AS_AGREED | wrong)

    assert response.status_code == 422
    assert not MeetingSettings.objects.exists()


def test_while_the_feature_is_off_the_pages_say_so(client, member):
    assert "Online video meetings are switched off" in text(client.get(PAGES[0]))


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_lead_to_the_help(client, member, page):
    assert 'href="/help/online-meetings/"' in text(client.get(page))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["receptionist", "provider", "viewer"])
def test_roles_without_the_permission_are_refused(client, company, page, role):
    sign_in(client, company, role)

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(client, company, page):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(client, company, page):
    assert "/accounts/login/" in client.get(page).url


def test_providers_of_another_company_are_left_alone(client, member, company):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    theirs = make_provider(other, "Eve Demo")

    client.post(PROVIDERS, row(theirs, "jitsi"))

    assert not MeetingProvider.objects.exists()


def test_a_day_too_full_for_one_zoom_user_is_said(client, member, online, provider, monkeypatch):
    ahead(provider)
    assert "Too many meetings on one day" not in text(client.get(PROVIDERS))

    monkeypatch.setattr("visavis.meetings.day_limit.CROWDED", 1)

    assert "Too many meetings on one day" in text(client.get(PROVIDERS))
