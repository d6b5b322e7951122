"""What staff read about online meetings that cannot take place yet, and what they can do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import at, book, sign_in
from factories import make_member, make_provider, make_service
from gateways.zoom_simulator import LIAM
from visavis.back_office.readiness import readiness_for, readiness_of_company
from visavis.companies import features
from visavis.companies.models import Member
from visavis.connections.models import PlatformUser
from visavis.meetings.models import Meeting, MeetingProvider
from visavis.notifications.models import Switch, Template

pytestmark = pytest.mark.django_db
PROVIDERS = "/office/willow/online-meetings/providers/"
PLATFORMS = "/office/willow/online-meetings/"
DASHBOARD = "/office/willow/"
PUBLISH = "/office/willow/setup/publish/"


@pytest.fixture
def owner(company):
    return make_member(company, "owner", "olivia@willow.example")


def missing(member):
    return [item.text for item in readiness_of_company(member, now=timezone.now()).items]


def write(company, body, **where):
    fields = {"event": "confirmed", "audience": "client", "language": "en"} | where
    return Template.objects.create(company=company, subject="Confirmed", body=body, **fields)


def page(client, url):
    return client.get(url).content.decode()


def test_a_set_up_that_lacks_nothing_is_ready(owner, online):
    found = readiness_of_company(owner, now=timezone.now())

    assert found.items == []
    assert [row.ready for row in found.rows] == [True]


def test_what_the_company_lacks_is_said_once_for_all(company, owner, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    for name in ("Talk", "Call"):
        make_service(company, name, [provider], online=True)

    assert missing(owner) == ["No Zoom account is connected.", "Ada Demo: no platform is chosen."]


def test_each_thing_has_its_cure(owner, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()

    found = readiness_of_company(owner, now=timezone.now()).items

    assert [(item.url, item.action) for item in found] == [
        ("/office/willow/online-meetings/", "Connect Zoom"),
        ("/office/willow/online-meetings/providers/#providers", "Choose one"),
    ]


def test_who_may_not_mend_it_reads_whom_to_ask(owner, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()
    make_member(company, "scheduling_administrator", "sam@willow.example")
    receptionist = make_member(company, "receptionist", "rita@willow.example")

    found = readiness_of_company(receptionist, now=timezone.now()).items

    assert {(item.url, item.ask) for item in found} == {("", "olivia or sam")}


def test_what_is_not_online_is_no_alarm(owner, service):
    found = readiness_for(owner, [service], now=timezone.now())

    assert found.items == []


def test_a_confirmation_without_the_link_is_pointed_out(owner, company, online):
    text = write(company, "See you on [start].")

    [item] = readiness_of_company(owner, now=timezone.now()).items

    assert item.text == "The confirmation for clients (EN) does not contain their link."
    assert item.url == f"/office/willow/texts/confirmed/client/{text.language}/"


@pytest.mark.parametrize(
    "where", [{"body": "Join: [online_meeting_link]"}, {"event": "cancelled"}, {"channel": "sms"}]
)
def test_other_texts_need_no_link(owner, company, online, where):
    write(company, **({"body": "See you."} | where))

    assert missing(owner) == []


def test_a_text_that_is_not_sent_needs_no_link(owner, company, online):
    write(company, "See you.")
    Switch.objects.create(company=company, event="confirmed", audience="client", on=False)

    assert missing(owner) == []


def test_a_text_of_the_service_goes_before_the_general_one(owner, company, online):
    features.switch(company, features.FLEXIBLE_NOTIFICATIONS, on=True)
    write(company, "See you.")
    write(company, "Join: [online_meeting_link]", offering=online)

    assert missing(owner) == []


def test_a_text_for_somebody_else_does_not_matter(owner, company, online):
    features.switch(company, features.FLEXIBLE_NOTIFICATIONS, on=True)
    write(company, "See you.", provider=make_provider(company, "Ben Demo"))

    assert missing(owner) == []


def test_faults_of_meetings_ahead_are_counted(owner, online):
    for hour in (10, 11):
        book(online, at(hour), f"Client{hour} Demo")
    Meeting.objects.update(fault="host_taken")

    [text] = missing(owner)

    assert text.startswith("2 meetings ahead, the first on ")
    assert "Zoom lets a user lead one at a time" in text


def test_a_fault_that_the_set_up_explains_is_said_once(owner, online):
    book(online)
    Meeting.objects.update(fault="not_mapped")
    MeetingProvider.objects.all().delete()

    assert missing(owner) == ["Ada Demo: no platform is chosen."]


def test_what_is_over_is_not_ahead(owner, online):
    book(online)
    past = timezone.now() - timedelta(hours=2)
    Meeting.objects.update(fault="host_taken", starts_at=past, ends_at=past + timedelta(minutes=30))

    assert missing(owner) == []


def test_a_basic_host_is_a_notice_and_the_service_stays_ready(owner, online):
    online.duration_minutes = 60
    online.save()
    PlatformUser.objects.filter(external_id=LIAM).update(licensed=False)

    found = readiness_of_company(owner, now=timezone.now())

    assert [item.notice for item in found.items] == [True]
    assert found.missing == []
    assert found.rows[0].ready


def test_a_host_without_any_licence_is_told_as_such(owner, online):
    PlatformUser.objects.filter(external_id=LIAM).update(active=False)

    assert missing(owner) == [
        "Ada Demo: the chosen Zoom user has no licence for meetings in Zoom.",
    ]


def test_the_settings_say_how_much_is_missing(client, company, online):
    MeetingProvider.objects.all().delete()
    sign_in(client, company, "owner")

    assert "1 thing is missing before online meetings" in page(client, PLATFORMS)


def test_a_service_is_switched_on_from_the_list(client, company, connection, service):
    sign_in(client, company, "owner")
    assert "Switch on" in page(client, PROVIDERS)

    answer = client.post(
        f"/office/willow/offerings/{service.pk}/online/", {"on": "yes", "next": PROVIDERS}
    )

    service.refresh_from_db()
    assert (answer.url, service.online) == (PROVIDERS, True)


def test_the_dashboard_has_one_line_about_it(client, company, online):
    MeetingProvider.objects.all().delete()
    sign_in(client, company, "owner")

    shown = page(client, DASHBOARD)

    assert "Online meetings cannot all take place: 1 thing is missing." in shown
    assert f'href="{PROVIDERS}#offerings"' in shown


def test_the_dashboard_tells_a_receptionist_whom_to_ask(client, company, owner, online):
    MeetingProvider.objects.all().delete()
    sign_in(client, company, "receptionist")

    shown = page(client, DASHBOARD)

    assert "Please ask olivia." in shown
    assert PROVIDERS not in shown


def test_a_dashboard_without_online_meetings_says_nothing_of_them(client, company, service):
    sign_in(client, company, "owner")

    assert "Online meetings" not in page(client, DASHBOARD)


def test_before_publishing_it_is_said_too(client, company, online):
    MeetingProvider.objects.all().delete()
    sign_in(client, company, "owner")

    assert "Ada Demo: no platform is chosen." in page(client, PUBLISH)


def test_the_dashboard_takes_the_same_queries_however_many_meet_online(
    client, company, online, django_assert_max_num_queries
):
    write(company, "See you.")
    sign_in(client, company, "owner")
    with django_assert_max_num_queries(25) as one:
        client.get(DASHBOARD)
    needed = len(one)
    for name in ("Ben Demo", "Eva Demo"):
        make_service(company, f"With {name}", [make_provider(company, name)], online=True)

    with django_assert_max_num_queries(needed):
        client.get(DASHBOARD)


def test_names_of_a_large_team_are_not_all_read_out(company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()
    for number in range(5):
        make_member(company, "administrator", f"admin{number}@willow.example")
    viewer = make_member(company, "viewer", "vera@willow.example")

    [first, *_rest] = readiness_of_company(
        Member.objects.get(pk=viewer.pk), now=timezone.now()
    ).items

    assert first.ask == "admin0, admin1 or admin2"
