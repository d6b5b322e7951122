"""Sending SMS: the gateway's page, the texts for phones, and what clients said they want."""

import json

import pytest

from back_office.staff import book, sign_in
from factories import make_service
from visavis.companies import features
from visavis.companies.models import Company
from visavis.notifications import sms
from visavis.notifications.editing import switches
from visavis.notifications.models import Message, SmsAccount, SmsNumber, Template

pytestmark = pytest.mark.django_db
TEXTS = "/office/willow/texts/sms/"
GATEWAY = f"{TEXTS}gateway/"
TEXT = f"{TEXTS}confirmed/client/en/"
MOBILE, NUMBER = "06 12 34 56 78", "+33612345678"
LIMITS = {"most_parts": "3", "most_a_day": "100", "method": "POST"}
TWILIO = {
    "via": "twilio", "account_sid": "AC" + "a" * 32, "token": "very-secret",
    "sender": "+33644612345", **LIMITS,
}  # fmt: skip
HTTP = {
    "via": "http", "url": "https://sms.example/send?key=very-secret",
    "headers": "Authorization: Bearer very-secret\nX-From: Willow",
    "body": "to=[to]&text=[text]", **LIMITS,
}  # fmt: skip


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "administrator")


@pytest.fixture
def account(company):
    return SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")


def text(response):
    return response.content.decode()


def test_twilio_is_set_up(client, member, company):
    response = client.post(GATEWAY, TWILIO)

    assert response.url == GATEWAY
    account = SmsAccount.objects.get(company=company)
    assert (account.via, account.token, account.sender) == ("twilio", "very-secret", "+33644612345")


def test_another_gateway_is_set_up(client, member):
    client.post(GATEWAY, HTTP)

    account = SmsAccount.objects.get()
    assert account.url == HTTP["url"]
    assert json.loads(account.headers) == {
        "Authorization": "Bearer very-secret", "X-From": "Willow",
    }  # fmt: skip


@pytest.mark.parametrize("typed", [TWILIO, HTTP])
def test_secrets_are_never_shown_again(client, member, typed):
    client.post(GATEWAY, typed)

    page = text(client.get(GATEWAY))

    assert "very-secret" not in page
    assert "Stored and not shown." in page


@pytest.mark.parametrize("typed", [TWILIO, HTTP])
def test_what_is_left_empty_is_kept(client, member, typed):
    client.post(GATEWAY, typed)
    before = SmsAccount.objects.get()

    client.post(GATEWAY, {**typed, "token": "", "url": "", "headers": "", "most_parts": "5"})

    after = SmsAccount.objects.get()
    assert after.most_parts == 5
    assert (after.token, after.url, after.headers) == (before.token, before.url, before.headers)


def test_headers_do_not_go_to_another_address(client, member):
    client.post(GATEWAY, HTTP)

    client.post(GATEWAY, {**HTTP, "url": "https://elsewhere.example/", "headers": ""})

    assert SmsAccount.objects.get().headers == ""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({**TWILIO, "account_sid": "AC1"}, "It begins with AC"),
        ({**TWILIO, "token": ""}, "console shows it"),
        ({**TWILIO, "sender": "0612345678"}, "Enter a number with its country code"),
        ({**TWILIO, "most_parts": "0"}, "greater than or equal to 1"),
        ({**HTTP, "url": ""}, "Enter the address of the gateway."),
        ({**HTTP, "url": "sms.example"}, "Enter a whole address"),
        ({**HTTP, "url": "file:///etc/passwd"}, "Enter a whole address"),
        ({**HTTP, "url": "https://[sms"}, "Enter a whole address"),
        ({**HTTP, "headers": "nonsense"}, "This is no header: nonsense"),
        ({**HTTP, "headers": "Host: other.example"}, "This is no header: Host"),
        ({**HTTP, "body": "to=[to]"}, "has [text] in it"),
        ({**HTTP, "method": "GET"}, "has [to], [text] in it"),
        ({"via": "pigeon", **LIMITS}, "Select a valid choice"),
        ({"via": "installation", **LIMITS}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_refused_and_what_was_typed_stays(client, member, typed, says):
    response = client.post(GATEWAY, typed)

    assert response.status_code == 422
    assert says in text(response)
    assert not SmsAccount.objects.exists()
    for name in ("sender", "body"):
        assert typed.get(name, "").split("&")[0] in text(response)


def test_plain_http_is_refused_where_private_addresses_are(client, member, settings):
    settings.SMS_PRIVATE_ADDRESSES = False

    response = client.post(GATEWAY, {**HTTP, "url": "http://sms.example/"})

    assert response.status_code == 422


def test_the_installations_gateway_is_offered_when_there_is_one(client, member, settings):
    settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = settings.TWILIO_FROM = "x"

    response = client.post(GATEWAY, {"via": "installation", **LIMITS})

    assert response.status_code == 302


def test_a_gateway_is_tried_out_and_the_answer_awaited_on_its_page(client, member, account):
    response = client.post(f"{GATEWAY}test/", {"phone": MOBILE})

    message = Message.objects.get(channel="sms")
    assert response.url.endswith(f"/reports/messages/{message.pk}/")
    assert (message.recipient, message.about) == (NUMBER, "test")
    assert message.text == "A test by Willow Practice: texts arrive."


@pytest.mark.parametrize("phone", ["", "01 42 68 53 00", "nonsense"])
def test_a_phone_that_gets_no_texts_is_no_test(client, member, account, phone):
    response = client.post(f"{GATEWAY}test/", {"phone": phone})

    assert response.status_code == 422
    assert not Message.objects.exists()


@pytest.mark.parametrize("role", ["scheduling_administrator", "receptionist", "provider"])
def test_only_owners_and_administrators_choose_a_gateway(client, company, role):
    sign_in(client, company, role)

    assert client.get(GATEWAY).status_code == 403


def test_texts_to_phones_have_a_list_of_their_own(client, member):
    page = text(client.get(TEXTS))

    assert "No texts are sent yet" in page
    assert 'name="confirmed-client"' in page
    assert "follow_up" not in page


def test_texts_are_switched_apart_from_mail(client, member, company):
    client.post(TEXTS, {"reminder-client": "on"})

    assert [key for key, on in switches(company, "sms").items() if on] == [("reminder", "client")]
    assert switches(company, "email")["confirmed", "client"]


def test_a_text_for_phones_is_written_and_reset(client, member):
    client.post(TEXT, {"body": "Booked: [service], [short_start]"})

    template = Template.objects.get()
    assert (template.channel, template.subject) == ("sms", "")
    assert "changed EN" in text(client.get(TEXTS))
    client.post(f"{TEXT}reset/")
    assert not Template.objects.exists()


def test_a_wrong_variable_is_refused_with_the_right_one(client, member):
    response = client.post(TEXT, {"body": "[servise]"})

    assert response.status_code == 422
    assert "Did you mean [service]?" in text(response)


def test_a_preview_counts_parts_and_characters(client, member, account):
    response = client.post(f"{TEXT}preview/", {"body": "a" * 161}, headers={"HX-Request": "true"})

    page = " ".join(text(response).split())
    assert "<strong>2 parts</strong>" in page
    assert "of at most 3" in page
    assert "161 characters (GSM-7)" in page
    assert "145 left in this part" in page


def test_a_preview_names_what_makes_a_text_dear(client, member):
    response = client.post(
        f"{TEXT}preview/", {"body": "Fête l’été"}, headers={"HX-Request": "true"}
    )

    assert "Not in the alphabet of phones: ê." in text(response)


def test_a_preview_warns_of_what_would_not_be_sent(client, member, account):
    response = client.post(f"{TEXT}preview/", {"body": "a" * 500})

    assert "With these values it would not be sent" in text(response)


def test_a_test_goes_to_ones_own_phone_which_is_remembered(client, member, account):
    client.post(f"{TEXT}test/", {"body": "Trying [service]", "phone": MOBILE})

    message = Message.objects.get()
    assert (message.recipient, message.text) == (NUMBER, "Trying Sample service")
    assert MOBILE in text(client.get(TEXT))


@pytest.mark.parametrize("phone", ["", "01 42 68 53 00"])
def test_a_test_to_no_phone_is_refused(client, member, account, phone):
    response = client.post(f"{TEXT}test/", {"body": "Trying", "phone": phone})

    assert response.status_code == 422
    assert "No texts can be sent to this number." in text(response)


def test_without_a_gateway_nothing_can_be_tried(client, member):
    response = client.post(f"{TEXT}test/", {"body": "Trying", "phone": MOBILE})

    assert response.status_code == 422
    assert "No gateway is set up for texts yet." in text(response)


def test_a_text_without_the_link_of_an_online_service_is_pointed_out(
    client, member, company, provider
):
    make_service(company, "Talk", [provider], online=True)
    client.post(TEXT, {"body": "Hello"})

    assert "This text has no link to the online meeting" in text(client.get(TEXT))
    assert "no meeting link" in text(client.get(TEXTS))


def test_a_flexible_text_for_phones(client, member, company, service):
    features.switch(company, features.FLEXIBLE_NOTIFICATIONS, on=True)
    flexible = "/office/willow/texts/flexible/"
    chosen = {
        "offering": service.pk, "event": "confirmed", "audience": "client", "channel": "sms",
    }  # fmt: skip

    where = client.get(
        f"{flexible}new/", {f"new-{name}": value for name, value in chosen.items()}
    ).url
    client.post(where, {"body": "For talks"})

    assert where == f"{TEXTS}flexible/o{service.pk}/confirmed/client/en/"
    asked = {f"ask-{name}": value for name, value in chosen.items()}
    page = text(client.get(flexible, asked))
    assert "The text for First talk" in page
    assert "The default text" in page


def test_a_message_without_a_text_for_phones_is_not_offered_one(client, member, service):
    chosen = {"offering": service.pk, "event": "follow_up", "audience": "client", "channel": "sms"}

    response = client.get(
        "/office/willow/texts/flexible/new/", {f"new-{name}": one for name, one in chosen.items()}
    )

    assert response.status_code == 422
    assert "This message goes by e-mail only." in text(response)


@pytest.fixture
def grace(service):
    person = book(service).client
    person.phone = MOBILE
    person.save()
    return person


def page_of(person):
    return f"/office/willow/clients/{person.pk}/"


def test_staff_write_down_that_a_client_wants_texts(client, member, company, account, grace):
    client.post(f"{page_of(grace)}texts/", {"wanted": "on"})

    assert sms.wanted(company, NUMBER)
    assert "Wants texts" in text(client.get(page_of(grace)))
    client.post(f"{page_of(grace)}texts/")
    assert not sms.wanted(company, NUMBER)


def test_nobody_undoes_a_stop(client, member, company, account, grace, now):
    sms.note_wish(company, NUMBER, wanted=False, source=sms.Source.STOP, now=now)

    client.post(f"{page_of(grace)}texts/", {"wanted": "on"})

    assert not sms.wanted(company, NUMBER)
    assert "They answered STOP" in text(client.get(page_of(grace)))


def test_a_client_without_a_mobile_number_cannot_want_texts(client, member, account, grace):
    grace.phone = "01 42 68 53 00"
    grace.save()

    client.post(f"{page_of(grace)}texts/", {"wanted": "on"})

    assert not SmsNumber.objects.exists()
    assert "there is no mobile number on record" in text(client.get(page_of(grace)))


def test_without_a_gateway_the_client_page_says_nothing_of_texts(client, member, grace):
    assert "Texts (SMS)" not in text(client.get(page_of(grace)))


def test_a_client_of_another_company_is_not_found(client, member, account):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    theirs = other.clients.create(name="Eve", phone=MOBILE, created_at="2027-01-01T00:00Z")

    assert client.post(f"{page_of(theirs)}texts/", {"wanted": "on"}).status_code == 404
