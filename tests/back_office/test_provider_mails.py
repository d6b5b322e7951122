"""Which mails a provider gets: chosen on their page, honoured when planning and when sending."""

import pytest
from django.utils import timezone

from back_office.staff import at, book, sign_in, told
from factories import make_provider
from visavis.bookings import replanning
from visavis.bookings.actors import by_client
from visavis.bookings.operations import ending, moving
from visavis.companies.models import Company
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications.models import Message, ReminderTime, Switch
from visavis.notifications.muting import CHOOSABLE
from visavis.worker import mail

pytestmark = pytest.mark.django_db
MINE = "/office/willow/my-hours/mails/"
ADA = ("provider", "ada@willow.example")
OFFICE = ("company", "office@willow.example")


def url(provider):
    return f"/office/willow/providers/{provider.pk}/mails/"


@pytest.fixture
def ada(client, company, provider):
    """The provider, signed in as themselves."""
    provider.member = sign_in(client, company, "provider")
    provider.save()
    return provider


def ticked(client, page):
    form = client.get(page).context["form"]
    return set(form["wanted"].value())


def send_all():
    line = MemorySender()
    mail.send_due(line, clock=timezone.now)
    return {one.message["Subject"].split(":")[0] for one in line.sent}


def test_a_provider_gets_every_mail_until_they_say_otherwise(client, ada):
    assert ticked(client, MINE) == set(CHOOSABLE)


def test_a_provider_chooses_their_own_mails(client, ada, service):
    response = client.post(MINE, {"wanted": ["changed"]})
    book(service)

    assert response.url == MINE
    assert ticked(client, MINE) == {"changed"}
    assert told("confirmed") == {("client", "grace@example.com")}


def test_whoever_manages_providers_chooses_for_them(client, company, provider, service):
    sign_in(client, company, "scheduling_administrator")

    client.post(url(provider), {"wanted": ["changed"]})

    book(service)
    assert ADA not in told("confirmed")


def test_a_provider_chooses_for_nobody_else(client, company, ada):
    other = make_provider(company, "Bea Demo")

    assert client.post(url(other), {"wanted": []}).status_code == 403


def test_a_provider_of_another_company_is_not_found(client, company):
    sign_in(client, company, "owner")
    birch = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")

    assert client.get(url(make_provider(birch, "Bea Demo"))).status_code == 404


def test_what_is_owed_is_no_choice_and_the_page_says_so(client, ada):
    response = client.post(MINE, {"wanted": ["cancelled"]})

    assert response.status_code == 422
    assert "An e-mail is always sent when a booking is cancelled" in response.content.decode()


def test_a_kind_that_the_company_switched_off_is_named(client, company, ada):
    Switch.objects.create(company=company, event="changed", audience="provider", on=False)

    page = client.get(MINE).content.decode()

    assert "Switched off for the whole company: Booking changed, Reminder." in page


def test_who_chose_again_gets_mails_again(client, ada, service):
    client.post(MINE, {"wanted": []})
    client.post(MINE, {"wanted": list(CHOOSABLE)})

    book(service)

    assert ADA in told("confirmed")


def test_a_cancelled_booking_is_told_to_whoever_wants_no_mails(client, ada, service):
    client.post(MINE, {"wanted": []})

    ending.cancel(book(service), by=by_client("Grace"), now=timezone.now())

    assert ADA in told("cancelled")


def test_what_is_taken_over_is_told_to_whoever_wants_no_mails(client, company, ada, service):
    bea = make_provider(company, "Bea Demo")
    service.providers.add(bea)
    booking = book(service, provider=bea)
    client.post(MINE, {"wanted": []})

    moving.move(booking, starts_at=at(10), provider=ada, by=by_client("Grace"), now=timezone.now())

    assert ADA in told("changed")
    assert "Booking changed" in send_all()


def test_the_company_does_not_stand_in_for_whoever_wants_no_mails(client, company, ada, service):
    client.post(MINE, {"wanted": []})

    book(service)

    assert OFFICE not in told("confirmed")


def test_the_company_is_told_all_the_same_where_both_are(client, company, ada, service):
    Company.objects.update(recipients="both")
    client.post(MINE, {"wanted": []})

    book(service)

    assert told("confirmed") == {OFFICE, ("client", "grace@example.com")}


def test_at_one_address_who_wants_no_mails_gets_none_as_the_company_either(
    client, company, ada, service
):
    Company.objects.update(recipients="both", email=ada.email)
    client.post(MINE, {"wanted": []})

    book(service)

    assert told("confirmed") == {("client", "grace@example.com")}


def test_what_was_planned_before_is_not_sent_any_more(client, ada, service):
    book(service)
    client.post(MINE, {"wanted": []})

    assert send_all() == {"Your booking is confirmed"}
    dropped = Message.objects.get(status="cancelled")
    assert dropped.answer == "The provider does not want this message."


def test_reminders_of_bookings_ahead_follow_the_choice(client, company, ada, service):
    Switch.objects.create(company=company, event="reminder", audience="provider", on=True)
    ReminderTime.objects.create(company=company, audience="provider", minutes_before=60)
    book(service)
    assert told("reminder") == {ADA}

    client.post(MINE, {"wanted": ["confirmed"]})
    replanning.carry_on(timezone.now())
    assert told("reminder") == set()

    client.post(MINE, {"wanted": ["reminder"]})
    replanning.carry_on(timezone.now())
    assert told("reminder") == {ADA}
