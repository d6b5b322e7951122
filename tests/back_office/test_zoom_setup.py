"""The company's own app at Zoom, both kinds of it, and the page that proves a set-up."""

import pytest
from django.utils import timezone

from back_office.staff import sign_in
from back_office.zoom_person import connect, depart, text
from factories import make_member
from gateways.zoom_simulator import ACCOUNT, CLIENT_ID, CLIENT_SECRET, LIAM, OWNER
from visavis.companies.models import Company
from visavis.connections.models import Connection, Mode, PlatformApp, Webhook
from visavis.meetings.models import MeetingProvider

pytestmark = pytest.mark.django_db
SETTINGS = "/office/willow/online-meetings/"
SETUP = f"{SETTINGS}zoom/app/"
SECRET = "a-client-secret-of-their-own-7f3a"
TOKEN = "a-secret-token-of-their-own-b00k"


@pytest.fixture
def owner(client, company):
    return sign_in(client, company, "owner")


@pytest.fixture
def own(zoom, settings):
    """Apps that people made at Zoom: one of each kind; the installation itself has none."""
    settings.ZOOM_CLIENT_ID = settings.ZOOM_CLIENT_SECRET = ""
    zoom.steer("PUT", "/apps/own-app", client_secret=SECRET)
    zoom.steer("PUT", "/apps/personal", client_secret=SECRET, level="user")
    zoom.steer("PUT", "/apps/server", client_secret=SECRET, kind="s2s", account_id=ACCOUNT)
    return zoom


def enter(client, company="willow", **changes):
    data = {
        "mode": "oauth",
        "client_id": "own-app",
        "client_secret": SECRET,
        "webhook_secret": TOKEN,
        "account_id": "",
    }
    return client.post(f"/office/{company}/online-meetings/zoom/app/", data | changes)


def enter_server(client, company="willow"):
    return enter(client, company, mode="server", client_id="server", account_id=ACCOUNT)


def check(client):
    return text(client.post(f"{SETTINGS}zoom/check/"))


def live():
    return list(Connection.objects.live())


def test_the_page_shows_what_to_paste_into_zoom(client, owner, zoom, settings):
    page = text(client.get(SETUP))

    assert f"{settings.BASE_URL}/connect/zoom/callback/" in page
    assert f"{settings.BASE_URL}/inbound/zoom/" in page
    for name in ("user:read:list_users:admin", "meeting:write:meeting<", "meeting.started"):
        assert name in page


def test_without_an_app_the_platforms_lead_to_the_set_up(client, owner, own):
    assert SETUP in text(client.get(SETTINGS))
    assert depart(client).url == SETUP


def test_an_own_app_is_used_from_authorising_to_disconnecting(client, owner, own, person):
    enter(client)

    connect(client, person)
    client.post(f"{SETTINGS}zoom/users/")
    assert [one.client_id for one in live()] == ["own-app"]

    client.post(f"{SETTINGS}zoom/disconnect/")
    assert own.steer("GET", "/grants")["grants"] == []


def test_a_token_of_an_own_app_is_renewed_by_that_app(client, owner, own, person):
    enter(client)
    connect(client, person)
    Connection.objects.update(expires_at=timezone.now())

    assert "The Zoom account answers" in check(client)
    assert own.calls("POST", "/oauth/token")[-1]["app"] == "own-app"


def test_secrets_are_never_shown_again(client, owner, own):
    enter(client)

    page = text(client.get(SETUP)) + check(client)

    assert SECRET not in page
    assert TOKEN not in page
    assert "••••7f3a" in page


def test_secrets_do_not_stand_in_the_database_as_they_are(client, owner, own):
    from django.db import connection as database

    enter(client)

    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM connections_platformapp")
        row = str(cursor.fetchone())
    assert SECRET not in row
    assert TOKEN not in row


def test_what_is_missing_is_said_beside_the_field_and_the_rest_stays(client, owner, own):
    response = enter(client, mode="server", client_id="server", account_id="")

    assert response.status_code == 422
    assert "Enter the account ID" in text(response)
    assert 'value="server"' in text(response)
    assert SECRET not in text(response)
    assert not PlatformApp.objects.exists()


def test_a_new_secret_keeps_the_connection_and_what_was_left_empty(client, owner, own, person):
    enter(client)
    connect(client, person)
    own.steer("PUT", "/apps/own-app", client_secret=f"{SECRET}2")

    enter(client, client_secret=f"{SECRET}2", webhook_secret="")

    assert [one.client_id for one in live()] == ["own-app"]
    assert PlatformApp.objects.get().webhook_secret == TOKEN
    assert "Zoom accepts the client ID" in check(client)


def test_another_app_must_be_confirmed_and_ends_the_connection(client, owner, own, person):
    enter(client)
    connect(client, person)

    refused = enter(client, client_id="personal")
    assert refused.status_code == 422
    assert len(live()) == 1

    enter(client, client_id="personal", confirmed="on")
    assert live() == []
    assert own.steer("GET", "/grants")["grants"] == []


def test_removing_the_app_ends_the_connection_and_forgets_the_secrets(client, owner, own, person):
    enter(client)
    connect(client, person)

    client.post(f"{SETUP}remove/")

    assert live() == []
    assert not PlatformApp.objects.exists()


def test_an_own_app_goes_before_the_installations(client, owner, own, person, settings):
    settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    enter(client)

    connect(client, person)

    assert [one.client_id for one in live()] == ["own-app"]


def test_only_administrators_may_enter_or_remove_an_app(client, company, own):
    sign_in(client, company, "scheduling_administrator")

    assert client.get(SETUP).status_code == 200
    assert 'name="client_secret"' not in text(client.get(SETUP))
    assert enter(client).status_code == 403
    assert client.post(f"{SETUP}remove/").status_code == 403


def test_an_app_of_single_users_lets_its_own_user_host_and_says_so(client, owner, own, person):
    enter(client, client_id="personal")

    connect(client, person)

    (connection,) = live()
    assert connection.shared_access == "no"
    assert [user.external_id for user in connection.users.all()] == [OWNER]
    assert "managed by each user" in text(client.get(SETTINGS))
    asked = {call["path"] for call in own.calls("GET", "/v2/")}
    assert asked == {"/v2/users/me"}


def test_server_to_server_connects_the_account_at_once(client, owner, own):
    enter_server(client)

    response = depart(client)

    assert response.url == SETTINGS
    (connection,) = live()
    assert (connection.mode, connection.account_id) == (Mode.SERVER, ACCOUNT)
    assert connection.refresh_token == ""
    assert connection.users.filter(gone_at=None).count() == 5
    assert "a Server-to-Server app" in text(client.get(SETTINGS))


def test_server_to_server_never_says_me(client, owner, own):
    own.steer("PUT", "/apps/server", me_allowed=False)
    enter_server(client)

    depart(client)

    assert "The Zoom account answers" in check(client)


def test_a_server_token_that_ran_out_is_fetched_anew(client, owner, own):
    enter_server(client)
    depart(client)
    before = live()[0].access_token
    Connection.objects.update(expires_at=timezone.now())

    client.post(f"{SETTINGS}zoom/users/")

    assert live()[0].access_token != before
    assert live()[0].attention == ""


def test_a_wrong_secret_of_a_server_app_is_said_and_nothing_is_connected(client, owner, own):
    enter(client, mode="server", client_id="server", account_id=ACCOUNT, client_secret="wrong")

    response = depart(client)

    assert response.status_code == 502
    assert "did not let the app in" in text(response)
    assert live() == []


def test_a_server_app_serves_one_company_only(client, owner, own):
    enter_server(client)
    depart(client)
    token = live()[0].access_token
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    client.force_login(make_member(other, "owner", "owner@birch.example").user)
    enter_server(client, "birch")

    response = depart(client, "birch")

    assert response.status_code == 409
    assert "connected to another company" in text(response)
    assert [one.company.slug for one in live()] == ["willow"]
    assert live()[0].access_token == token


def test_disconnecting_a_server_app_says_that_it_stays_in_zoom(client, owner, own):
    enter_server(client)
    depart(client)

    page = text(client.post(f"{SETTINGS}zoom/disconnect/", follow=True))

    assert "itself stays in Zoom" in page
    assert live() == []


def test_reconnecting_a_server_app_keeps_the_connection(client, owner, own):
    enter_server(client)
    depart(client)
    before = live()[0]

    depart(client, page="reconnect")

    (after,) = live()
    assert after.pk == before.pk
    assert after.access_token != before.access_token


def test_the_environments_server_app_is_for_the_one_company_it_names(
    client, company, own, settings
):
    settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "server", SECRET
    settings.ZOOM_ACCOUNT_ID, settings.ZOOM_ACCOUNT_COMPANY = ACCOUNT, "willow"
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")
    assert depart(client, "birch").url.endswith("zoom/app/")

    sign_in(client, company, "owner")
    depart(client)

    assert [one.company.slug for one in live()] == ["willow"]


# Check.


def test_check_before_connecting_says_what_it_could_see(client, owner, own):
    enter(client)

    page = check(client)

    assert "Zoom accepts the client ID and secret" in page
    assert "Connect Zoom first; then check again." in page
    assert "The connection works." not in page


def test_check_finds_a_wrong_secret(client, owner, own):
    enter(client, client_secret="wrong")

    assert "Zoom does not accept the client ID and secret" in check(client)


def test_check_names_the_scopes_that_are_missing(client, owner, own, person):
    known = own.steer("GET", "/apps")["apps"]
    scopes = next(app["scopes"] for app in known if app["client_id"] == "own-app")
    own.steer("PUT", "/apps/own-app", scopes=[one for one in scopes if "update:status" not in one])
    enter(client)
    connect(client, person)

    page = check(client)

    assert "Scopes are missing" in page
    findings = page.split('id="app-in-use"')[0]
    assert "meeting:update:status:admin" in findings
    assert "meeting:write:meeting:admin" not in findings


def test_check_looks_at_the_hosts_that_are_chosen(client, owner, own, person, provider):
    enter(client)
    connect(client, person)
    MeetingProvider.objects.create(
        provider=provider, platform="zoom", host_id=LIAM, host_name="Liam Licensed"
    )
    assert "Liam Licensed can be host" in check(client)

    own.steer("PATCH", f"/users/{LIAM}", status="inactive")

    assert "Liam Licensed cannot be used as host" in check(client)


def test_check_tells_of_shared_access_and_the_list_of_hosts_follows(client, owner, own, person):
    enter(client)
    connect(client, person, shared=False)
    assert "Only Olivia Owner can be host" in check(client)

    person.update_permissions("own-app", shared=True)

    assert "All users of the account can be hosts: 5" in check(client)
    assert live()[0].shared_access == "yes"


def test_check_says_when_zoom_was_last_heard(client, owner, own, person):
    enter(client)
    connect(client, person)
    assert "No event has come from Zoom yet" in check(client)

    Webhook.objects.create(
        address=PlatformApp.objects.get().address,
        verified_at=timezone.now(),
        verified_event="meeting.started",
    )

    assert "The last event from Zoom: meeting.started" in check(client)


def test_check_when_zoom_is_away_ends_soon_and_says_so(client, owner, own, settings):
    enter(client)
    settings.ZOOM_OAUTH_URL = "http://127.0.0.1:9"

    page = check(client)

    assert "Zoom does not answer" in page
    assert "were not looked at" in page


def test_check_without_an_app_says_to_enter_one(client, owner, own):
    assert "There is no app yet" in check(client)


@pytest.mark.django_db(transaction=True)
def test_check_asks_our_own_addresses_what_zoom_would(client, owner, own, settings, live_server):
    settings.BASE_URL = live_server.url
    enter(client)

    page = check(client)

    assert "The redirect address answers" in page
    assert "The webhook address answers" in page
    assert not Webhook.objects.exists()
    settings.BASE_URL = f"{live_server.url}/somewhere-else"
    page = check(client)
    assert "The redirect address does not answer" in page
    assert "does not pass Zoom" in page
