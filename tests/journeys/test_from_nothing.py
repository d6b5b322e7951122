"""A company made from nothing by its owner, who then invites a colleague."""

import re

import pytest

from journeys.people import LOCALES, PHONE, Person, Reader
from journeys.stack import links_in

# What is written on the way is tried on every database in tests/back_office.
pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_sign_up_to_a_booking_and_a_colleague(stack, browser_for, picture, language):
    def person(**options):
        return Person(browser_for(LOCALES[language], **options), stack, Reader(language))

    owner, slug = person(), f"brand-new-{language}"
    signs_up(owner, f"fran-{language}@new.example", picture)
    makes_a_company(owner, slug, picture)
    adds_a_provider_and_a_service(owner, picture)
    publishes(owner, slug, picture)

    client = person(**PHONE)
    books(client, slug)
    loses_the_mail(client, slug, picture)

    invites(owner, slug, f"colleague-{language}@new.example", picture)
    accepts(person(), slug, f"colleague-{language}@new.example", picture)


def test_a_forgotten_password_is_reset_by_mail(stack, browser_for, picture):
    member = Person(browser_for(), stack, Reader("en"))
    member.opens("/accounts/password/reset/")
    member.page.fill("input[name=email]", "alma@demo-practice.example")
    member.page.locator("main form button.primary").first.click()

    mail = stack.mail(to="alma@demo-practice.example", subject="assword")
    member.opens(links_in(mail, "/accounts/")[0])
    member.page.fill("input[name=password1]", "another long demo word")
    member.page.fill("input[name=password2]", "another long demo word")
    member.page.locator("main form button.primary").first.click()
    member.page.wait_for_load_state()
    picture(member.page, "done")
    member.page.locator("main a.button").click()
    member.page.wait_for_url("**/accounts/login/")

    member.signs_in("alma@demo-practice.example", "another long demo word")


def signs_up(owner, address, picture):
    owner.opens("/")
    picture(owner.page, "home")
    owner.opens("/accounts/signup/")
    owner.page.fill("input[name=name]", "Fran Sample")
    owner.page.fill("input[name=email]", address)
    owner.page.fill("input[name=password1]", "a long demo word")
    picture(owner.page, "sign-up")
    owner.page.locator("main form button").last.click()
    owner.page.wait_for_url(re.compile(r".*/office/.*"))


def makes_a_company(owner, slug, picture):
    page = owner.page
    if not page.url.endswith("/new/"):
        owner.opens("/office/new/")
    page.fill("input[name=name]", "Brand New Tutors")
    page.locator("input[name=slug]").fill(slug)
    picture(page, "company")
    page.locator("main form button.primary").last.click()
    page.wait_for_url("**/setup/provider/")


def adds_a_provider_and_a_service(owner, picture):
    page = owner.page
    picture(page, "provider")
    page.locator("main form button.primary").last.click()
    page.wait_for_url("**/setup/service/")
    page.fill("input[name=name]", "Trial lesson")
    picture(page, "service")
    page.locator("main form button.primary").last.click()
    page.wait_for_url("**/setup/publish/")


def publishes(owner, slug, picture):
    picture(owner.page, "publish")
    owner.page.locator("main form button.primary").last.click()
    owner.page.wait_for_load_state()
    owner.opens(f"/office/{slug}/")
    picture(owner.page, "overview")


def books(client, slug):
    client.opens(f"/{slug}/")
    client.page.get_by_role("link", name=re.compile("Trial lesson")).click()
    client.page.locator("ul.slots .slot").first.click()
    client.page.fill("input[name=name]", "Toni Sample")
    client.page.fill("input[name=email]", f"toni@{slug}.example")
    client.presses("Book")
    client.sees("Your appointment is booked")


def loses_the_mail(client, slug, picture):
    address = f"toni@{slug}.example"
    client.opens(f"/{slug}/my-bookings/")
    picture(client.page, "lost-link")
    client.page.fill("input[name=email]", address)
    client.presses("Send me the link")
    client.sees("Look into your mailbox")
    picture(client.page, "link-sent")
    mail = client.stack.mail(to=address, subject=client.begins("Your bookings with [company]"))
    client.opens(links_in(mail, "/my-bookings/")[0])
    client.page.get_by_role("link", name="Trial lesson").wait_for()


def invites(owner, slug, address, picture):
    owner.opens(f"/office/{slug}/team/invite/")
    owner.page.fill("input[name=email]", address)
    owner.page.locator("[name=role][value=receptionist], select[name=role]").first.evaluate(
        "e => e.tagName === 'SELECT' ? (e.value = 'receptionist') : e.click()"
    )
    picture(owner.page, "invite")
    owner.page.locator("main form button.primary").last.click()


def accepts(colleague, slug, address, picture):
    mail = colleague.stack.mail(to=address)
    colleague.opens(links_in(mail, "/invitations/")[0])
    picture(colleague.page, "invited")
    colleague.follows("Create a sign-in")
    colleague.page.fill("input[name=name]", "Col Sample")
    colleague.page.fill("input[name=email]", address)
    colleague.page.fill("input[name=password1]", "a long demo word")
    colleague.page.locator("main form button").last.click()
    colleague.page.wait_for_url(re.compile(r".*/office/.*"))
    accept = colleague.button("Accept")
    if "/invitations/" in colleague.page.url and accept.count():
        accept.click()
    colleague.page.wait_for_url(f"**/office/{slug}/**")
    picture(colleague.page, "joined")
