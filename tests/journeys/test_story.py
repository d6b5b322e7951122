"""The whole story, from an unconnected company to a client and a provider in the same room.

Told twice, once in English and once in French: what people press is what they read.
"""

import re

import pytest

from journeys.people import Person, Reader
from journeys.stack import empty_database, links_in, running, text_of

OFFICE = "/office/demo-practice"
SITE = "/demo-practice"
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(params=["en", "fr"])
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
    authorises_zoom(owner, picture)
    chooses_hosts(owner, picture)
    takes_offerings_online(owner, picture)
    code = books(person(**PHONE), picture)
    both_sides_are_told(stack, code)
    the_link_stands_where_it_belongs(owner, person(**PHONE), code, picture)
    they_meet(stack, owner, person(), picture)
    zoom_lists_none_of_it(stack, owner, picture)
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


def authorises_zoom(owner, picture):
    owner.presses("Authorise")
    signs_in_at_zoom(owner.page)
    picture(owner.page, "consent")
    owner.page.check("input[name=shared_access]")
    owner.page.click("button[value=allow]")
    owner.page.wait_for_url(re.compile(r".*/office/.*"))
    owner.sees("Shared")
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
    page.locator("ul.slots .slot").first.click()
    page.fill("input[name=name]", "Grace Sample")
    page.fill("input[name=email]", "grace@client.example")
    page.fill("input[name=phone]", "+33 1 99 00 00 09")
    page.check("form#details input[type=checkbox]")
    picture(page, "details")
    client.presses("Book")
    client.sees("Your appointment is booked")
    picture(page, "booked")
    return re.search(r"\b[A-HJ-NP-Z2-9]{8}\b", client.text)[0]


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

    alma = stack.shell(
        "from visavis.meetings.models import JoinLink\n"
        "robin = JoinLink.objects.get(side='client', name='Robin Sample', "
        f"token='{robins[0].rstrip('/').split('/')[-1]}')\n"
        "print(robin.meeting.links.get(side='provider').token)"
    ).split()[-1]
    owner.opens(f"/meet/{alma}/")
    owner.sees("Robin Sample")
    picture(owner.page, "host-waits")
    owner.page.locator("form#start button").click()
    owner.page.wait_for_url(re.compile(re.escape(stack.zoom) + r"/.*"))
    picture(owner.page, "room-of-the-host")

    client.page.wait_for_url(re.compile(re.escape(stack.zoom) + r"/.*"), timeout=20000)
    if client.page.locator("main form input[type=text], main form input:not([type])").count():
        client.page.locator("main form input").last.fill("Robin Sample")
        client.page.keyboard.press("Enter")
    client.page.get_by_text("Robin Sample").first.wait_for()
    picture(client.page, "room-of-the-client")
    meetings = stack.steer_zoom("GET", "/meetings")["meetings"]
    assert [(one["type"], one["status"]) for one in meetings] == [(1, "started")]


def zoom_lists_none_of_it(stack, owner, picture):
    for tab in ("", "?tab=previous"):
        owner.opens(f"{stack.zoom}/meetings{tab}")
        assert "Online consultation" not in owner.text
    picture(owner.page, "zoom-lists-nothing")


def staff_and_client_move_and_cancel(owner, client, code, picture):
    confirmation = owner.stack.mail(to="grace@client.example")
    door = links_in(confirmation, "/meet/")[0]
    client.opens(links_in(confirmation, "/rescheduling/")[0])
    client.page.locator("ul.slots .slot").last.click()
    picture(client.page, "move")
    client.page.locator("main form button.primary").last.click()
    owner.stack.mail(
        to="grace@client.example",
        subject=beginning(client, "Your booking was changed: [service], [start]"),
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
        subject=beginning(client, "Your booking is cancelled: [service], [start]"),
    )
    client.opens(door)
    client.sees("This appointment was cancelled")
    picture(client.page, "cancelled")


def beginning(person, subject):
    """Return how a subject begins in the person's language."""
    return person.say(subject).split("[")[0].strip(" \u00a0:")


def both_sides_can_disconnect(owner, picture):
    page = owner.page
    owner.opens(f"{OFFICE}/online-meetings/")
    page.get_by_role("link", name=owner.say("Disconnect"), exact=True).click()
    picture(page, "disconnect")
    page.locator("dialog[open] form button").last.click()
    owner.button("Authorise").wait_for()

    owner.presses("Authorise")
    signs_in_at_zoom(page)
    page.click("button[value=allow]")
    page.wait_for_url(re.compile(r".*/office/.*"))
    owner.sees("Not shared")
    picture(page, "not-shared")

    page.goto(f"{owner.stack.zoom}/user/installed")
    page.get_by_role("link", name=re.compile("Remove")).or_(
        page.get_by_role("button", name=re.compile("Remove"))
    ).first.click()
    if page.get_by_role("button", name=re.compile("Remove")).count():
        page.get_by_role("button", name=re.compile("Remove")).last.click()
    for _look in range(50):
        owner.opens(f"{OFFICE}/online-meetings/")
        if owner.button("Authorise").count():
            break
        page.wait_for_timeout(200)
    owner.sees("The app was removed in Zoom")
    picture(page, "removed-in-zoom")
