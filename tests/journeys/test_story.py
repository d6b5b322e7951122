"""The whole story, from an unconnected company to a client and a provider in the same room.

Told twice, once in English and once in French: what people press is what they read. What they
read depends on no database, so French is told on one.
"""

import re

import pytest

from journeys.people import LOCALES, PHONE, Person, Reader
from journeys.stack import empty_database, links_in, running, text_of

OFFICE = "/office/demo-practice"
SITE = "/demo-practice"
# Whoever is at Zoom to authorise has been there for longer than may be.
ELEVEN_MINUTES_LATER = """
from django.contrib.sessions.models import Session
for session in Session.objects.all():
    kept = session.get_decoded()
    if "zoom_authorisation" in kept:
        kept["zoom_authorisation"]["at"] = "2026-01-01T00:00:00+00:00"
        session.session_data = Session.objects.encode(kept)
        session.save()
"""


@pytest.fixture(params=["en", pytest.param("fr", marks=pytest.mark.any_database)])
def told(request, migrated, tmp_path):
    """A reader, and an installation on which nothing has happened yet."""
    with (
        empty_database(tmp_path, like=migrated) as database,
        running(tmp_path, database_url=database) as stack,
    ):
        yield stack, Reader(request.param), LOCALES[request.param]


def test_from_an_unconnected_company_to_the_same_room(told, browser_for, picture):
    stack, say, locale = told

    def person(**options):
        return Person(browser_for(locale, **options), stack, say)

    owner = person().signs_in("owner@demo-practice.example")
    switches_the_feature_on(owner, picture)
    comes_back_from_zoom_with_nothing(owner, picture)
    authorises_zoom(owner, picture)
    chooses_hosts(owner, picture)
    takes_offerings_online(owner, picture)
    code, day = books(person(**PHONE), picture)
    both_sides_are_told(stack, code)
    the_link_stands_where_it_belongs(owner, person(**PHONE), code, picture)
    the_calendar_shows_it(owner, day, picture)
    they_meet(stack, owner, person(), picture)
    zoom_lists_none_of_it(stack, person(), picture)
    staff_and_client_move_and_cancel(owner, person(), code, picture)
    both_sides_can_disconnect(owner, picture)


def switches_the_feature_on(owner, picture):
    owner.opens(f"{OFFICE}/features/")
    owner.page.locator("#online_meetings").get_by_role("button").click()
    owner.page.wait_for_load_state()
    picture(owner.page, "features")
    owner.opens(f"{OFFICE}/online-meetings/")
    assert owner.button("Authorise").is_visible()
    picture(owner.page, "not-connected")


def comes_back_from_zoom_with_nothing(owner, picture):
    owner.presses("Authorise")
    signs_in_at_zoom(owner.page)
    owner.page.click("button[value=decline]")
    owner.sees("You declined in Zoom")
    picture(owner.page, "declined")

    owner.presses("Authorise again")
    signs_in_at_zoom(owner.page)
    owner.stack.shell(ELEVEN_MINUTES_LATER)
    owner.page.click("button[value=decline]")
    owner.sees("That took a little too long")
    picture(owner.page, "too-late")


def authorises_zoom(owner, picture):
    owner.presses("Authorise again")
    signs_in_at_zoom(owner.page)
    picture(owner.page, "consent")
    owner.page.check("input[name=shared_access]")
    owner.page.click("button[value=allow]")
    owner.page.wait_for_url(re.compile(r".*/office/.*"))
    owner.sees_badge("Shared")
    picture(owner.page, "connected")


def signs_in_at_zoom(page, which=0):
    """Choose a person on Zoom's sign-in page, unless somebody is signed in there."""
    page.locator("button[name=user], input[name=shared_access]").first.wait_for()
    if page.locator("button[name=user]").count():
        page.locator("button[name=user]").nth(which).click()
        page.locator("input[name=shared_access]").wait_for()


def chooses_hosts(owner, picture):
    owner.opens(f"{OFFICE}/online-meetings/providers/")
    rows = owner.page.locator(".mapping")
    for index in range(rows.count()):
        row = rows.nth(index)
        row.locator("select[name$=platform]").select_option("zoom")
        hosts = row.locator("select[name$=host] option:not([value=''])")
        # Access is shared: everybody of the account can be chosen.
        assert hosts.count() >= 4
        row.locator("select[name$=host]").select_option(hosts.nth(index).get_attribute("value"))
    picture(owner.page, "mapping")
    owner.presses("Save")
    owner.page.wait_for_load_state()


def takes_offerings_online(owner, picture):
    for path, name, label in (
        ("services", "Online consultation", "Enable as online meeting service"),
        ("classes", "Gentle yoga class", "Enable as online meeting class"),
    ):
        owner.opens(f"{OFFICE}/{path}/")
        owner.page.get_by_role("link", name=re.compile(name)).first.click()
        owner.sees("More options")
        picture(owner.page, f"offline-{path}")
        owner.presses(label, role="switch")
        # Bookings ahead are touched: it says how many, and asks.
        owner.sees("Enable and tell them")
        picture(owner.page, f"sure-{path}")
        owner.presses("Enable and tell them")
        owner.page.locator("[role=switch][aria-checked=true]").wait_for()
        picture(owner.page, f"online-{path}")


def books(client, picture):
    page = client.page
    client.opens(f"{SITE}/")
    picture(page, "site")
    page.get_by_role("link", name=re.compile("Online consultation")).first.click()
    page.get_by_role("link", name=re.compile("Alma Demo")).click()
    page.locator('[aria-current]:has-text("Alma Demo")').wait_for()
    # A day of the next month, so that it may still be moved and cancelled.
    shown = page.locator(".month-title").inner_text()
    page.locator(".month a[rel=next]").click()
    page.locator(".month-title").filter(has_not_text=shown).wait_for()
    last_day = page.locator(".month td a").last
    number = last_day.locator("[aria-hidden]").inner_text()
    last_day.click()
    page.locator(".month td a[aria-current]").filter(has_text=number).wait_for()
    picture(page, "times")
    day = page.locator("ul.slots time").first.get_attribute("datetime")[:10]
    page.locator("ul.slots .slot").first.click()
    page.fill("input[name=name]", "Grace Sample")
    page.fill("input[name=email]", "grace@client.example")
    page.fill("input[name=phone]", "+33 1 99 00 00 09")
    page.check("form#details input[type=checkbox]")
    picture(page, "details")
    client.presses("Book")
    client.sees("Your appointment is booked")
    picture(page, "booked")
    return re.search(r"\b[A-HJ-NP-Z2-9]{8}\b", client.text)[0], day


def both_sides_are_told(stack, code):
    to_client = stack.mail(to="grace@client.example")
    to_provider = stack.mail(to="alma@demo-practice.example", subject="Grace Sample")
    assert code in text_of(to_client)
    client_doors, provider_doors = links_in(to_client, "/meet/"), links_in(to_provider, "/meet/")
    assert len(client_doors) == len(provider_doors) == 1
    assert client_doors != provider_doors


def the_link_stands_where_it_belongs(owner, client, code, picture):
    mail = owner.stack.mail(to="grace@client.example")
    path = links_in(mail, "/meet/")[0].removeprefix(owner.stack.base)
    mine = next(link for link in links_in(mail, "/my-bookings/") if code not in link)

    client.opens(mine)
    assert client.page.locator(f'a[href$="{path}"]').count() == 1
    picture(client.page, "my-bookings")
    client.page.get_by_role("link", name="Online consultation").first.click()
    client.page.wait_for_url(f"**/{code}/")
    assert client.page.locator(f'a[href$="{path}"]').count() == 1
    picture(client.page, "my-booking")

    to_provider = owner.stack.mail(to="alma@demo-practice.example", subject="Grace Sample")
    door = links_in(to_provider, "/meet/")[0].removeprefix(owner.stack.base)
    for name, address in (
        ("booking", f"{OFFICE}/bookings/{code}/"),
        ("booking-report", f"{OFFICE}/reports/bookings/?q={code}"),
        ("meeting-report", f"{OFFICE}/reports/meetings/"),
    ):
        owner.opens(address)
        assert owner.page.locator(f'a[href$="{door}"]').count() >= 1, name
        picture(owner.page, name)


def the_calendar_shows_it(owner, day, picture):
    page = owner.page
    to_provider = owner.stack.mail(to="alma@demo-practice.example", subject="Grace Sample")
    door = links_in(to_provider, "/meet/")[0].removeprefix(owner.stack.base)

    owner.opens(f"{OFFICE}/calendar/?day={day}&offering=")
    page.locator(".ec-event", has_text="Grace Sample").wait_for()
    page.get_by_label(owner.say("Service or class")).select_option(label="Gentle yoga class")
    page.locator(".ec-event", has_text="Gentle yoga class").first.wait_for()
    assert page.locator(".ec-event", has_text="Grace Sample").count() == 0
    page.get_by_label(owner.say("Service or class")).select_option(label="Online consultation")
    event = page.locator(".ec-event", has_text="Grace Sample")
    event.wait_for()
    assert page.locator(".ec-event", has_text="Gentle yoga class").count() == 0
    picture(page, "calendar")

    event.click()
    link = page.locator("dialog[open]").get_by_role("link", name=owner.say("Open meeting"))
    link.wait_for()
    assert link.get_attribute("href").endswith(door)
    picture(page, "pop-up")


def they_meet(stack, owner, client, picture):
    """Robin's appointment with Alma begins within minutes."""
    robins = next(
        links
        for mail in reversed(stack.mails(to="robin@client.example"))
        if (links := links_in(mail, "/meet/"))
    )
    client.opens(robins[0])
    client.sees(
        "You are in the right place. Keep this page open: it takes you to the meeting "
        "when it starts."
    )
    picture(client.page, "waiting")

    to_alma = stack.mail(to="alma@demo-practice.example", subject="Robin Sample")
    owner.opens(links_in(to_alma, "/meet/")[0])
    owner.sees("Robin Sample")
    picture(owner.page, "host-waits")
    owner.page.locator("form#start button").click()
    owner.page.wait_for_url(re.compile(re.escape(stack.zoom) + r"/.*"))
    picture(owner.page, "room-of-the-host")

    client.page.wait_for_url(re.compile(re.escape(stack.zoom) + r"/.*"), timeout=20000)
    client.goes_in_as("Robin Sample")
    picture(client.page, "room-of-the-client")
    meetings = stack.steer_zoom("GET", "/meetings")["meetings"]
    assert [(one["type"], one["status"]) for one in meetings] == [(1, "started")]


def zoom_lists_none_of_it(stack, host, picture):
    """Zoom's page lists what its users schedule themselves, and that alone."""
    running = stack.steer_zoom("GET", "/meetings")["meetings"][0]
    assert running["topic"] == "Online consultation"
    stack.steer_zoom("POST", "/meetings", host=running["host_id"], topic="Of my own", type=2)

    host.opens(f"{stack.zoom}/signin?next=/meetings")
    host.page.locator(f"button[name=user][value='{running['host_id']}']").click()
    host.page.get_by_text("Of my own").wait_for()
    assert "Online consultation" not in host.text
    picture(host.page, "zoom-lists-nothing")
    host.opens(f"{stack.zoom}/meetings?tab=previous")
    assert "Online consultation" not in host.text


def staff_and_client_move_and_cancel(owner, client, code, picture):
    confirmation = owner.stack.mail(to="grace@client.example")
    door = links_in(confirmation, "/meet/")[0]
    client.opens(links_in(confirmation, "/rescheduling/")[0])
    client.page.locator("ul.slots .slot").last.click()
    picture(client.page, "move")
    client.page.locator("main form button.primary").last.click()
    owner.stack.mail(
        to="grace@client.example",
        subject=client.begins("Your booking was changed: [service], [start]"),
    )
    client.opens(door)
    client.sees(
        "You are in the right place. Keep this page open: it takes you to the meeting when it "
        "starts."
    )

    owner.opens(f"{OFFICE}/bookings/{code}/cancel/")
    picture(owner.page, "cancel")
    owner.page.locator("main form button.danger").last.click()
    owner.stack.mail(
        to="grace@client.example",
        subject=client.begins("Your booking is cancelled: [service], [start]"),
    )
    client.opens(door)
    client.sees("This appointment was cancelled")
    picture(client.page, "cancelled")


def both_sides_can_disconnect(owner, picture):
    page = owner.page
    ahead = meetings_ahead(owner)
    owner.opens(f"{OFFICE}/online-meetings/")
    page.get_by_role("link", name=owner.say("Disconnect"), exact=True).click()
    assert ahead > 1
    assert page.locator("dialog[open] p").inner_text().startswith(f"{ahead} ")
    picture(page, "disconnect")
    page.locator("dialog[open] form button").last.click()
    owner.button("Authorise").wait_for()

    owner.presses("Authorise")
    signs_in_at_zoom(page)
    page.click("button[value=allow]")
    page.wait_for_url(re.compile(r".*/office/.*"))
    owner.sees_badge("Not shared")
    picture(page, "not-shared")

    removes_the_app_in_zoom(owner)
    owner.sees("The app was removed in Zoom")
    picture(page, "removed-in-zoom")
    connects_another_account(owner, picture)


def meetings_ahead(owner):
    """Count the meetings that the report would still open."""
    owner.opens(f"{OFFICE}/reports/meetings/")
    doors = owner.page.locator("main tbody").get_by_role("link", name=owner.say("Open meeting"))
    return doors.count()


def removes_the_app_in_zoom(owner):
    page = owner.page
    owner.opens(f"{owner.stack.zoom}/user/installed")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("You have not installed any app").wait_for()
    # Zoom tells us by itself.
    owner.reloads_until(f"{OFFICE}/online-meetings/", owner.button("Authorise"))


def connects_another_account(owner, picture):
    page = owner.page
    owner.presses("Authorise")
    page.get_by_role("link", name="Not you?").click()
    page.get_by_role("button", name="Ada Admin").click()
    page.check("input[name=shared_access]")
    page.click("button[value=allow]")
    page.wait_for_url(re.compile(r".*/office/.*"))
    owner.sees("Ada Admin")
    picture(page, "another-account")
