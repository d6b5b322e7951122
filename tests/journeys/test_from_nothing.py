"""A company made from nothing by its owner, who then invites a colleague."""

import re

from journeys.people import Person, Reader
from journeys.stack import links_in


def test_from_sign_up_to_a_booking_and_a_colleague(stack, browser_for, picture):
    say = Reader("en")
    owner = Person(browser_for(), stack, say)

    signs_up(owner, picture)
    makes_a_company(owner, picture)
    adds_a_provider_and_a_service(owner, picture)
    publishes(owner, picture)

    client = Person(browser_for(viewport={"width": 390, "height": 844}), stack, say)
    books(client, picture)
    loses_the_mail(client)

    invites(owner, picture)
    accepts(Person(browser_for(), stack, say), picture)


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

    member.signs_in("alma@demo-practice.example", "another long demo word")


def signs_up(owner, picture):
    owner.opens("/")
    picture(owner.page, "home")
    owner.opens("/accounts/signup/")
    owner.page.fill("input[name=name]", "Fran Sample")
    owner.page.fill("input[name=email]", "fran@new.example")
    owner.page.fill("input[name=password1]", "a long demo word")
    picture(owner.page, "sign-up")
    owner.page.locator("main form button").last.click()
    owner.page.wait_for_url(re.compile(r".*/office/.*"))


def makes_a_company(owner, picture):
    page = owner.page
    if not page.url.endswith("/new/"):
        owner.opens("/office/new/")
    page.fill("input[name=name]", "Brand New Tutors")
    page.locator("input[name=slug]").fill("brand-new-tutors")
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


def publishes(owner, picture):
    picture(owner.page, "publish")
    owner.page.locator("main form button.primary").last.click()
    owner.page.wait_for_load_state()
    owner.opens("/office/brand-new-tutors/")
    picture(owner.page, "overview")


def books(client, picture):
    client.opens("/brand-new-tutors/")
    client.page.get_by_role("link", name=re.compile("Trial lesson")).click()
    client.page.locator("ul.slots .slot").first.click()
    client.page.fill("input[name=name]", "Toni Sample")
    client.page.fill("input[name=email]", "toni@client.example")
    client.presses("Book")
    client.sees("Your appointment is booked")


def loses_the_mail(client):
    client.opens("/brand-new-tutors/my-bookings/")
    client.page.fill("input[name=email]", "toni@client.example")
    client.page.locator("main form button").last.click()
    mail = client.stack.mail(to="toni@client.example", subject="Your bookings")
    client.opens(links_in(mail, "/my-bookings/")[0])
    client.page.get_by_role("link", name="Trial lesson").wait_for()


def invites(owner, picture):
    owner.opens("/office/brand-new-tutors/team/invite/")
    owner.page.fill("input[name=email]", "colleague@new.example")
    owner.page.locator("[name=role][value=receptionist], select[name=role]").first.evaluate(
        "e => e.tagName === 'SELECT' ? (e.value = 'receptionist') : e.click()"
    )
    picture(owner.page, "invite")
    owner.page.locator("main form button.primary").last.click()


def accepts(colleague, picture):
    mail = colleague.stack.mail(to="colleague@new.example")
    colleague.opens(links_in(mail, "/invitations/")[0])
    picture(colleague.page, "invited")
    colleague.page.get_by_role(
        "link", name=re.compile("sign up|create|account", re.IGNORECASE)
    ).or_(
        colleague.page.get_by_role(
            "button", name=re.compile("sign up|create|account", re.IGNORECASE)
        )
    ).first.click()
    colleague.page.fill("input[name=name]", "Col Sample")
    colleague.page.fill("input[name=email]", "colleague@new.example")
    colleague.page.fill("input[name=password1]", "a long demo word")
    colleague.page.locator("main form button").last.click()
    colleague.page.wait_for_url(re.compile(r".*/office/.*"))
    accept = colleague.page.locator("main form button.primary")
    if "/invitations/" in colleague.page.url and accept.count():
        accept.last.click()
    colleague.page.wait_for_url("**/office/brand-new-tutors/**")
    picture(colleague.page, "joined")
