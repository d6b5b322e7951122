"""Every promise of the help page, kept by the running product. One test, one promise."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from journeys.stack import links_in, text_of
from journeys.visitors import Visitor

COMPANY = "demo-practice"
OFFICE = f"/office/{COMPANY}"
SETTINGS = f"{OFFICE}/online-meetings/"
OWNER_AT_ZOOM, LIAM_AT_ZOOM = "DemoOwner000000000001A", "DemoLicensed0000000002"
ANOTHER_AT_ZOOM = "SecondAdmin0000000006B"


@pytest.fixture(scope="module")
def owner(stack):
    return Visitor(stack).signs_in("owner")


@pytest.fixture(scope="module")
def booked(stack):
    """A booking made on the booking site, and the two mails that tell of it."""
    Visitor(stack).books(
        f"/{COMPANY}/s/online-consultation/", name="Grace Sample", email="grace@client.example"
    )
    return (
        stack.mail(to="grace@client.example", subject="confirmed"),
        stack.mail(to="office@demo-practice.example", subject="Grace Sample"),
    )


def badge(words):
    """Return the end of a badge that says this and nothing else: labels may say the same."""
    return f'">{words}</span>'


def door(mail):
    return links_in(mail, "/meet/")[0]


def in_minutes(stack, offering, minutes):
    """Let the next appointment of an offering begin soon; return its provider's link first.

    Not one of Alma's: the demo has given her another that begins within minutes.
    """
    printed = stack.shell(
        f"""
from datetime import timedelta
from django.utils import timezone
from visavis.bookings.operations import appointments
from visavis.bookings.actors import BY_CLOCK
from visavis.bookings.models import Appointment
from visavis.bookings.seats import STAFF_OVERRIDES
now = timezone.now()
one = Appointment.objects.filter(
    offering__slug="{offering}", active=True, seats_taken__gt=0, starts_at__gt=now
).exclude(provider__name="Alma Demo").order_by("starts_at").first()
start = now.replace(second=0, microsecond=0) + timedelta(minutes={minutes})
appointments.move(
    one, starts_at=start, provider=one.provider, by=BY_CLOCK, now=now, overriding=STAFF_OVERRIDES
)
print(*(link.token for link in one.meeting.links.order_by("-side")))
"""
    )
    return [f"/meet/{token}/" for token in printed.splitlines()[-1].split()]


def test_s01_only_scheduling_administrators_can_connect_zoom(stack):
    for who, may in (("scheduling", True), ("reception", False), ("viewer", False)):
        member = Visitor(stack).signs_in(who)
        status = member.sends(f"{OFFICE}/", to=f"{SETTINGS}zoom/authorise/").status_code
        assert (status == 403) is not may, who
        assert (f"{OFFICE}/features/" in member.reads(f"{OFFICE}/")) is may


def test_s02_a_company_has_one_zoom_account_at_a_time(owner):
    answer = owner.authorises_zoom(COMPANY, user=ANOTHER_AT_ZOOM)

    assert answer.status_code == 409
    assert "A company is connected to one Zoom account at a time" in html.unescape(answer.text)
    assert "Ada Admin" not in owner.reads(SETTINGS)


def test_s03_bookings_are_not_on_zooms_meetings_page_but_in_our_calendar(stack, owner, booked):
    meetings = stack.steer_zoom("GET", "/meetings")["meetings"]
    assert [one for one in meetings if one["type"] != 1] == []

    offering = re.search(
        r'<option value="(\d+)"[^>]*>Online consultation', owner.reads(f"{OFFICE}/calendar/")
    )[1]
    since, until = datetime.now(UTC), datetime.now(UTC) + timedelta(days=40)
    events = owner.gets(
        f"{OFFICE}/calendar/events/?offering={offering}&start={since:%Y-%m-%d}&end={until:%Y-%m-%d}"
    ).text
    assert "Grace Sample" in events
    assert "yoga" not in events


def test_s04_a_new_service_is_not_online_even_when_zoom_is_connected(owner):
    answer = owner.sends(
        f"{OFFICE}/services/new/", name="Brand new", slug="brand-new", duration_minutes=30,
        seats=1, places_max=1, buffer_before_minutes=0, buffer_after_minutes=0, listed="on",
    )  # fmt: skip

    assert "Enable as online meeting service" in answer.text
    assert 'role="switch" aria-checked="false"' in answer.text


def test_s05_a_class_has_a_link_for_each_and_one_room_for_all(stack, owner):
    host_door, *client_doors = in_minutes(stack, "gentle-yoga", 1)
    answer = owner.http.post(
        f"{host_door}start/",
        data={"csrfmiddlewaretoken": owner.http.cookies["csrftoken"]},
        headers={"referer": stack.base},
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.text[:300]

    def of_this_class(mail):
        return door(mail).removeprefix(stack.base) in client_doors

    mails = {
        name: door(
            stack.mail(
                to=f"{name}@client.example", subject="Gentle yoga", seconds=60, fits=of_this_class
            )
        )
        for name in ("alex", "billie", "charlie")
    }

    rooms = [
        Visitor(stack).http.get(link, follow_redirects=False).headers["location"]
        for link in mails.values()
    ]

    assert len(set(mails.values())) == 3
    assert all(address.startswith(stack.zoom) for address in rooms)
    # Whether Zoom made an address for each yet or not, all lead to the same number.
    assert len({urlsplit(address).path.rsplit("/", 1)[-1] for address in rooms}) == 1


def test_s06_online_video_meetings_is_one_of_the_custom_features(owner):
    page = owner.reads(f"{OFFICE}/features/")

    assert "Online video meetings" in page
    assert "Flexible notifications" in page
    assert f'href="{SETTINGS}"' in page


def test_s07_authorise_leads_to_zooms_own_sign_in(stack, owner):
    answer = owner.sends(SETTINGS, to=f"{SETTINGS}zoom/authorise/")

    assert f"{stack.zoom}/oauth/authorize?" in answer.text
    assert "code_challenge_method=S256" in answer.text


def test_s08_shared_access_decides_whom_we_may_act_for(owner):
    # The demo's consent shared it: everybody who may host can be chosen.
    page = owner.reads(f"{SETTINGS}providers/")

    assert page.count(LIAM_AT_ZOOM) >= 1
    assert badge("Shared") in owner.reads(SETTINGS)


def test_s09_each_provider_has_a_platform_and_a_zoom_user(owner):
    page = owner.reads(f"{SETTINGS}providers/")

    assert len(re.findall(r"<select[^>]*platform", page)) == 4
    assert len(re.findall(r"<select[^>]*host", page)) == 4


def test_s10_the_switch_is_under_more_options_of_services_and_classes(owner):
    for path, words in (
        ("services", "Enable as online meeting service"),
        ("classes", "Enable as online meeting class"),
    ):
        first = re.search(rf'href="({OFFICE}/{path}/\d+/)"', owner.reads(f"{OFFICE}/{path}/"))[1]
        page = owner.reads(first)
        assert page.index("More options") < page.index(words)


def test_s11_my_bookings_shows_the_link_in_the_list_and_in_the_details(stack, booked):
    to_client, _to_office = booked
    path = door(to_client).removeprefix(stack.base)
    mine = next(link for link in links_in(to_client, "/my-bookings/") if link.count("/") == 6)

    page = Visitor(stack).reads(mine.removeprefix(stack.base))
    assert path in page
    details = re.search(r'href="([^"]*/my-bookings/[^"/]+/[A-Z0-9]{8}/)"', page)[1]
    assert path in Visitor(stack).reads(details.removeprefix(stack.base))


def test_s12_staff_reach_the_meeting_from_pop_up_and_reports(stack, owner, booked):
    to_client, to_office = booked
    path = door(to_office).removeprefix(stack.base)
    code = re.search(r"\b[A-HJ-NP-Z2-9]{8}\b", text_of(to_client))[0]

    pop_up = owner.http.get(
        f"{OFFICE}/bookings/{code}/",
        headers={"hx-request": "true", "hx-request-type": "partial", "hx-target": "dialog-content"},
    ).text
    assert path in pop_up
    assert "Open meeting" in pop_up
    assert path in owner.reads(f"{OFFICE}/reports/bookings/?q={code}")
    assert path in owner.reads(f"{OFFICE}/reports/meetings/")


def test_s13_the_variables_work_in_every_text(owner):
    text = f"{OFFICE}/texts/reminder/client/en/"
    saved = owner.sends(text, subject="Soon", body="Hello. Enter: [online_meeting_link]")
    assert saved.status_code == 200

    wrong = owner.sends(text, subject="Soon", body="[online_meeting_provider_link]")
    assert wrong.status_code == 422
    page = owner.reads(f"{OFFICE}/texts/confirmed/provider/en/")
    assert "[online_meeting_provider_link]" in page


def test_s14_both_sides_receive_links_of_their_own(booked):
    to_client, to_office = booked

    assert door(to_client) != door(to_office)


def test_s15_before_the_hour_each_waits_and_at_the_hour_both_are_forwarded(stack, owner):
    host_door, client_door = in_minutes(stack, "short-check-in", 2)
    client = Visitor(stack)
    assert "Keep this page open" in client.reads(client_door)
    assert "Start now" in owner.reads(host_door)

    host = owner.sends(host_door, to=f"{host_door}start/")
    assert str(host.url).startswith(stack.zoom)
    guest = client.gets(client_door)
    assert str(guest.url).startswith(stack.zoom)


def test_s18_a_detour_is_said_in_plain_words(owner):
    owner.sends(SETTINGS, to=f"{SETTINGS}zoom/disconnect/")
    owner.authorises_zoom(COMPANY, user=OWNER_AT_ZOOM, shared_access=False)

    page = owner.reads(SETTINGS)
    assert badge("Not shared") in page
    assert "Update permissions" in page


def test_s16_disconnecting_here_gives_the_grant_back_to_zoom(stack, owner):
    owner.sends(SETTINGS, to=f"{SETTINGS}zoom/disconnect/")

    assert "Authorise" in owner.reads(SETTINGS)
    assert stack.steer_zoom("GET", "/grants")["grants"] == []


def test_s17_removal_at_zoom_disconnects_here_and_another_account_can_follow(stack, owner):
    owner.authorises_zoom(COMPANY, user=OWNER_AT_ZOOM)
    stack.steer_zoom("DELETE", f"/grants/visavis-demo/{OWNER_AT_ZOOM}")
    stack.steer_zoom("POST", "/webhooks/flush")
    stack.mail(to="owner@demo-practice.example", subject="Zoom needs attention", seconds=40)

    assert "The app was removed in Zoom" in owner.reads(SETTINGS)
    owner.authorises_zoom(COMPANY, user=ANOTHER_AT_ZOOM)
    assert "Ada Admin" in owner.reads(SETTINGS)


def test_s19_everything_exists_in_french(stack):
    reader = Visitor(stack, language="fr")

    assert "Mes réservations" in reader.reads(f"/{COMPANY}/")
    assert "Mot de passe" in reader.reads("/accounts/login/")


def test_s20_the_help_page_is_there_in_both_languages(stack):
    assert "Zoom" in Visitor(stack).reads("/help/online-meetings/")
    assert "autorisations d’accès partagé" in Visitor(stack, language="fr").reads(
        "/help/online-meetings/"
    )
