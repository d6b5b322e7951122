"""Connecting Zoom through its own pages, over HTTP, and every way of not coming back properly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import sign_in
from back_office.zoom_person import connect, depart, text
from factories import make_member
from gateways.zoom_simulator import CLIENT_ID, LIAM, OTHER_ADMIN, OWNER
from visavis.companies.models import Company
from visavis.companies.permissions import PERMISSIONS_OF, Permission, Role
from visavis.connections.models import Connection
from visavis.meetings.models import Meeting, MeetingProvider

pytestmark = pytest.mark.django_db
SETTINGS = "/office/willow/online-meetings/"


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "scheduling_administrator")


def live():
    return list(Connection.objects.live())


def test_authorising_connects_the_company(client, member, person):
    response = connect(client, person)

    assert response.status_code == 302
    assert response.url == SETTINGS
    (connection,) = live()
    assert connection.company == member.company
    assert connection.connected_by == member.user
    assert connection.user_email == "olivia.owner@example.com"


def test_the_settings_show_who_is_connected(client, member, person):
    connect(client, person)

    page = text(client.get(SETTINGS))

    for fact in (
        "Olivia Owner",
        "olivia.owner@example.com",
        "DemoPracticeAccount01",
        "5 Zoom users",
    ):
        assert fact in page
    assert f"by {member.user}" in page


def test_with_the_box_ticked_everybody_on_the_account_can_be_host(client, member, person):
    connect(client, person, shared=True)

    (connection,) = live()
    assert connection.shared_access == "yes"
    assert connection.users.filter(gone_at=None).count() == 5


def test_without_the_box_only_the_authorising_user_can_be_host(client, member, person):
    connect(client, person, shared=False)

    (connection,) = live()
    assert connection.shared_access == "no"
    assert [user.external_id for user in connection.users.all()] == [OWNER]


def test_without_the_box_the_page_says_what_that_means_and_both_cures(client, member, person):
    connect(client, person, shared=False)

    page = text(client.get(SETTINGS))

    assert "Only Olivia Owner can be host" in page
    assert "Update permissions" in page
    assert "press Reconnect" in page
    assert page.count('href="#reconnect"') == 1


def test_updating_the_permissions_at_zoom_is_noticed_by_refreshing(client, member, person):
    connect(client, person, shared=False)
    person.update_permissions(CLIENT_ID, shared=True)

    client.post(f"{SETTINGS}zoom/users/")

    (connection,) = live()
    assert connection.shared_access == "yes"
    assert connection.users.filter(gone_at=None).count() == 5


def test_reconnecting_makes_zoom_ask_again(client, member, person):
    connect(client, person, shared=False)

    client.get(person.authorise(depart(client, page="reconnect"), shared=True))

    (connection,) = live()
    assert connection.shared_access == "yes"
    assert Connection.objects.count() == 2


def test_authorising_again_as_the_same_user_renews_the_connection(client, member, person):
    connect(client, person)
    before = live()[0].access_token

    connect(client, person)

    (connection,) = live()
    assert connection.access_token != before


def test_connecting_has_meetings_with_a_fault_looked_at_again(client, member, person, provider):
    now = timezone.now()
    meeting = Meeting.objects.create(
        company=member.company,
        provider=provider,
        topic="First talk",
        starts_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=2, hours=1),
        fault="not_connected",
    )

    connect(client, person)

    meeting.refresh_from_db()
    assert meeting.look_at is not None
    assert meeting.look_at <= timezone.now()


def test_declining_says_so_and_offers_another_try(client, member, person):
    response = connect(client, person, decision="decline")

    assert response.status_code == 200
    assert "You declined in Zoom" in text(response)
    assert 'action="/office/willow/online-meetings/zoom/authorise/"' in text(response)
    assert live() == []


def test_another_word_from_zoom_is_shown(client, member, person):
    back = person.authorise(depart(client), decision="decline")

    response = client.get(back.replace("access_denied", "pre_approval_needed"))

    assert response.status_code == 400
    assert "pre_approval_needed" in text(response)


@pytest.mark.parametrize("query", ["", "?code=abc", "?code=abc&state=guessed"])
def test_a_state_that_nobody_was_given_is_refused(client, member, query):
    depart(client)

    response = client.get(f"/connect/zoom/callback/{query}")

    assert response.status_code == 400
    assert "not open any more" in text(response)


def test_a_guessed_state_does_not_spoil_the_real_one(client, member, person):
    back = person.authorise(depart(client))
    client.get("/connect/zoom/callback/?code=abc&state=guessed")

    response = client.get(back)

    assert response.url == SETTINGS


def test_coming_back_works_once(client, member, person):
    back = person.authorise(depart(client))
    client.get(back)

    response = client.get(back)

    assert response.status_code == 400
    assert "not open any more" in text(response)
    assert len(live()) == 1


def test_a_newer_authorisation_replaces_an_older_one(client, member, person):
    back = person.authorise(depart(client))
    depart(client)

    response = client.get(back)

    assert response.status_code == 400
    assert live() == []


def test_after_ten_minutes_it_is_too_late(client, member, person):
    back = person.authorise(depart(client))
    session = client.session
    long_ago = timezone.now() - timedelta(minutes=11)
    session["zoom_authorisation"] = session["zoom_authorisation"] | {"at": long_ago.isoformat()}
    session.save()

    response = client.get(back)

    assert response.status_code == 400
    assert "within ten minutes" in text(response)
    assert live() == []


def test_coming_back_without_a_code_is_said(client, member, person):
    back = person.authorise(depart(client))
    state = client.session["zoom_authorisation"]["state"]

    response = client.get(f"/connect/zoom/callback/?state={state}")

    assert back
    assert response.status_code == 400
    assert "without an answer" in text(response)


def test_a_code_that_zoom_does_not_know_is_said(client, member, person):
    person.authorise(depart(client))
    state = client.session["zoom_authorisation"]["state"]

    response = client.get(f"/connect/zoom/callback/?state={state}&code=made-up")

    assert response.status_code == 400
    assert "did not accept the authorisation" in text(response)
    assert live() == []


def test_a_code_that_expired_on_the_way_is_said(client, member, person, zoom):
    back = person.authorise(depart(client))
    zoom.steer("POST", "/clock", advance=6 * 60)

    response = client.get(back)

    assert response.status_code == 400
    assert "has expired or was used already" in text(response)
    assert live() == []


def test_a_code_is_bound_to_the_browser_that_asked_for_it(client, member, person):
    back = person.authorise(depart(client))
    session = client.session
    session["zoom_authorisation"] = session["zoom_authorisation"] | {"verifier": "x" * 64}
    session.save()

    response = client.get(back)

    assert response.status_code == 400
    assert live() == []


def test_zoom_being_down_is_said(client, member, person, zoom):
    back = person.authorise(depart(client))
    zoom.fault("token_server_error", status=503)

    response = client.get(back)

    assert response.status_code == 503
    assert "Zoom does not answer" in text(response)
    assert live() == []


def test_an_app_without_the_scope_to_know_its_user_is_said_and_given_back(
    client, member, person, zoom
):
    back = person.authorise(depart(client))
    zoom.fault("missing_scope", path="/v2/users/me")

    response = client.get(back)

    assert response.status_code == 400
    assert "lacks a permission" in text(response)
    assert zoom.steer("GET", "/grants")["grants"] == []


def test_a_second_account_is_refused_and_the_first_stays(client, member, person, people):
    connect(client, person)

    response = connect(client, people(OTHER_ADMIN))

    assert response.status_code == 409
    assert "Another Zoom account is connected" in text(response)
    assert [one.user_id for one in live()] == [OWNER]


def test_the_refused_second_account_gets_its_grant_back(client, member, person, people, zoom):
    connect(client, person)

    connect(client, people(OTHER_ADMIN))

    grants = zoom.steer("GET", "/grants")["grants"]
    assert [grant["user_id"] for grant in grants] == [OWNER]


def test_one_zoom_user_cannot_serve_two_companies(client, member, person):
    connect(client, person)
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    client.force_login(make_member(other, "owner", "owner@birch.example").user)

    response = client.get(person.authorise(depart(client, "birch")))

    assert response.status_code == 409
    assert "connected to another company" in text(response)
    (standing,) = live()
    assert standing.company == member.company


def test_the_first_company_goes_on_working_after_the_second_tried(client, member, person):
    connect(client, person)
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    client.force_login(make_member(other, "owner", "owner@birch.example").user)
    client.get(person.authorise(depart(client, "birch")))
    client.force_login(member.user)

    page = client.post(f"{SETTINGS}zoom/check/")

    assert "The Zoom account answers" in text(page)


def test_somebody_signed_out_meanwhile_is_told(client, member, person):
    back = person.authorise(depart(client))
    client.logout()

    response = client.get(back)

    assert response.status_code == 400
    assert "You are signed out" in text(response)
    assert live() == []


def test_somebody_else_cannot_finish_what_was_begun(client, member, person, company):
    back = person.authorise(depart(client))
    begun = client.session["zoom_authorisation"]
    client.force_login(make_member(company, "owner", "owner@willow.example").user)
    session = client.session
    session["zoom_authorisation"] = begun
    session.save()

    response = client.get(back)

    assert response.status_code == 403
    assert live() == []


def test_rights_lost_meanwhile_count(client, member, person):
    back = person.authorise(depart(client))
    member.role = "viewer"
    member.save()

    response = client.get(back)

    assert response.status_code == 403
    assert live() == []


def test_disconnecting_revokes_the_grant_at_zoom(client, member, person, zoom):
    connect(client, person)

    page = text(client.post(f"{SETTINGS}zoom/disconnect/", follow=True))

    assert "Zoom confirmed that it removed the app" in page
    assert live() == []
    assert zoom.steer("GET", "/grants")["grants"] == []


def test_disconnecting_revokes_even_when_the_token_has_expired(client, member, person, zoom):
    connect(client, person)
    Connection.objects.update(access_token="expired-long-ago", expires_at=timezone.now())

    client.post(f"{SETTINGS}zoom/disconnect/")

    assert zoom.steer("GET", "/grants")["grants"] == []


def test_disconnecting_is_honest_when_zoom_does_not_answer(client, member, person, settings):
    connect(client, person)
    settings.ZOOM_OAUTH_URL = "http://127.0.0.1:9"

    page = text(client.post(f"{SETTINGS}zoom/disconnect/", follow=True))

    assert "did not confirm" in page
    assert live() == []


def test_the_question_before_disconnecting_says_how_many_meetings_it_touches(
    client, member, person, provider
):
    connect(client, person)
    MeetingProvider.objects.create(provider=provider, platform="zoom", host_id=LIAM)
    now = timezone.now()
    for day in (1, 2, 3):
        starts_at = now + timedelta(days=day)
        Meeting.objects.create(
            company=member.company,
            provider=provider,
            topic="First talk",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
        )

    assert "3 meetings ahead take place on Zoom" in text(client.get(SETTINGS))


def test_after_removal_at_zoom_a_check_finds_out_and_reconnecting_is_offered(
    client, member, person
):
    connect(client, person)
    person.remove_app(CLIENT_ID)

    client.post(f"{SETTINGS}zoom/check/")

    page = text(client.get(SETTINGS))
    assert live()[0].attention == "reconnect"
    assert "Needs attention" in page
    assert "Reconnect" in page


def test_another_account_can_be_connected_after_disconnecting(client, member, person, people):
    connect(client, person)
    client.post(f"{SETTINGS}zoom/disconnect/")

    connect(client, people(OTHER_ADMIN))

    assert [one.user_id for one in live()] == [OTHER_ADMIN]


@pytest.mark.parametrize("page", ["authorise", "reconnect", "disconnect", "users", "check"])
@pytest.mark.parametrize("role", ["receptionist", "provider", "viewer"])
def test_who_may_not_connect_is_refused(client, company, zoom, role, page):
    sign_in(client, company, role)

    assert depart(client, page=page).status_code == 403


def test_who_may_not_connect_sees_no_button(client, company, zoom, monkeypatch):
    without = PERMISSIONS_OF[Role.ADMINISTRATOR] - {Permission.MANAGE_CONNECTIONS}
    monkeypatch.setitem(PERMISSIONS_OF, Role.ADMINISTRATOR, without)
    sign_in(client, company, "administrator")

    page = text(client.get(SETTINGS))

    assert "zoom/authorise/" not in page
    assert "Ask a scheduling administrator" in page


def test_a_stranger_finds_nothing(client, company, zoom):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")

    assert depart(client).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, company, zoom):
    assert "/accounts/login/" in depart(client).url


@pytest.mark.parametrize("page", ["authorise", "reconnect", "disconnect", "users", "check"])
def test_looking_changes_nothing(client, member, zoom, page):
    assert client.get(f"{SETTINGS}zoom/{page}/").status_code == 405
