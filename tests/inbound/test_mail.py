"""What relays tell of mail that left: from the header it leaves with to what staff see."""

import importlib
import json
import logging
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.mail import send_mail
from django.core.signing import Signer
from django.urls import clear_url_caches
from django.utils import timezone

from factories import make_member, make_provider, make_service
from inbound.relays import BODIES, KINDS, MAILGUN_KEY, SAID, SECRET, post
from visavis.bookings import wishes
from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.models import Client
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.companies.models import Company
from visavis.config import urls
from visavis.gateways.mail.memory import MemorySender
from visavis.gateways.mail.relays import RELAYS
from visavis.inbound import urls as inbound_urls
from visavis.notifications import outbox
from visavis.notifications.mail_backend import OutboxBackend
from visavis.notifications.models import Fate, Message, ReminderTime
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
CLIENT = "grace@example.com"


def mount():
    """Make the addresses anew, as the settings have them now."""
    importlib.reload(inbound_urls)
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def through(settings):
    """Have mail leave through a relay that tells what becomes of it."""

    def named(relay, *, key=""):
        settings.MAIL_RELAY = relay
        settings.MAIL_WEBHOOK_SECRET = SECRET
        settings.ANYMAIL = {
            "WEBHOOK_SECRET": SECRET,
            "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY,
            "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": key,
        }
        mount()

    yield named
    settings.MAIL_RELAY = ""
    mount()


@pytest.fixture(params=RELAYS)
def relay(request, through):
    through(request.param)
    return request.param


@pytest.fixture
def postmark(through):
    through("postmark")
    return "postmark"


@pytest.fixture(autouse=True)
def _reminders(company):
    ReminderTime.objects.create(company=company, minutes_before=60)


def book(offering, now, *, starts_at=TEN):
    details = ClientDetails(name="Grace Demo", email=CLIENT)
    wish = Wish(offering=offering, starts_at=starts_at)
    return making.book(wish, details, by=by_client("Grace Demo"), now=now)


def sent_to(address, now):
    """Send what is due; return the mail to an address as it left, and its row."""
    line = MemorySender()
    mail.send_due(line, clock=lambda: now)
    left = [one.message for one in line.sent if one.to == address]
    ids = [one["Message-ID"] for one in left]
    return left[-1], Message.objects.get(message_id=ids[-1])


def confirmation(service, now):
    book(service, now)
    return sent_to(CLIENT, now)


def planned_reminders(company):
    return Message.objects.filter(
        company=company, event="reminder", audience="client", status="planned"
    )


# --- What each relay tells ----------------------------------------------------------


def test_mail_that_came_back_is_known_with_what_was_said(client, relay, service, now):
    left, message = confirmation(service, now)

    answer = post(client, BODIES[relay]("returned", left))

    message.refresh_from_db()
    assert answer.status_code == 200
    assert (message.status, message.fate, message.fate_words) == ("sent", "returned", SAID)


def test_what_the_relay_does_not_even_try_came_back_too(client, relay, service, now):
    left, message = confirmation(service, now)

    post(client, BODIES[relay]("blocked", left))

    message.refresh_from_db()
    assert message.fate == "returned"
    assert message.fate_words in (SAID, "bounced")
    assert not Client.objects.filter(unreminded=True).exists()


def test_whoever_reports_spam_is_reminded_no_more(client, relay, company, service, now):
    left, message = confirmation(service, now)
    assert planned_reminders(company).count() == 1

    post(client, BODIES[relay]("complained", left))

    message.refresh_from_db()
    grace = Client.objects.get(company=company)
    assert message.fate == "complained"
    assert (grace.unreminded, grace.unreminded_because) == (True, "complained")
    assert not planned_reminders(company).exists()


def test_whoever_unsubscribes_at_the_relay_is_reminded_no_more(
    client, relay, company, service, now
):
    left, _message = confirmation(service, now)

    post(client, BODIES[relay]("unsubscribed", left))

    grace = Client.objects.get(company=company)
    assert (grace.unreminded, grace.unreminded_because) == (True, "unsubscribed")


@pytest.mark.parametrize(
    ("kind", "fate"), [("delivered", "delivered"), ("deferred", None), ("opened", None)]
)
def test_what_asks_nothing_of_anybody_changes_little(client, relay, service, now, kind, fate):
    left, message = confirmation(service, now)

    answer = post(client, BODIES[relay](kind, left))

    message.refresh_from_db()
    assert (answer.status_code, message.fate) == (200, fate)
    assert not Client.objects.filter(unreminded=True).exists()


def test_the_reference_stands_in_one_whole_line(relay, service, now):
    left, _message = confirmation(service, now)

    header = next(name for name in left if name.lower().startswith("x-"))

    lines = left.as_bytes().decode().splitlines()
    assert f"{header}: {left[header]}" in lines


def test_without_a_relay_mail_leaves_as_ever(service, now):
    left, _message = confirmation(service, now)

    assert [name for name in left if name.lower().startswith("x-")] == []


# --- Once, in any order, and never another's --------------------------------------------


def test_of_one_mail_the_worst_is_kept_whatever_comes_last(client, postmark, service, now):
    left, message = confirmation(service, now)

    for kind in ("delivered", "complained", "returned", "delivered", "opened"):
        post(client, BODIES["postmark"](kind, left))

    message.refresh_from_db()
    assert message.fate == "complained"


def test_an_event_that_is_repeated_stops_nobody_who_asked_again(
    client, postmark, company, service, now
):
    left, _message = confirmation(service, now)
    post(client, BODIES["postmark"]("complained", left))
    wishes.remind(Client.objects.get(company=company), wanted=True, now=now)

    post(client, BODIES["postmark"]("complained", left))

    grace = Client.objects.get(company=company)
    assert (grace.unreminded, grace.unreminded_because) == (False, None)
    assert planned_reminders(company).count() == 1


def test_a_complaint_about_one_company_does_not_silence_another(
    client, postmark, company, service, now
):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC", published=True)
    ReminderTime.objects.create(company=other, minutes_before=60)
    theirs = make_service(other, "Talk", [make_provider(other, "Bea Demo")])
    left, _message = confirmation(service, now)
    book(theirs, now)
    sent_to(CLIENT, now)

    post(client, BODIES["postmark"]("complained", left))

    assert Client.objects.get(company=company).unreminded
    assert not Client.objects.get(company=other).unreminded
    assert planned_reminders(other).count() == 1
    assert Message.objects.filter(company=other).exclude(fate=None).count() == 0


def test_a_provider_who_complains_silences_no_client(client, postmark, company, service, now):
    Client.objects.create(
        company=company, name="Also Ada", email="ada@willow.example", created_at=now
    )
    book(service, now)
    left, message = sent_to("ada@willow.example", now)

    post(client, BODIES["postmark"]("complained", left))

    message.refresh_from_db()
    assert message.fate == "complained"
    assert not Client.objects.filter(unreminded=True).exists()


def test_mail_of_no_company_has_a_fate_too(client, postmark, owner):
    send_mail("Sign in", "A link", None, [owner.email], connection=OutboxBackend())
    left, message = sent_to(owner.email, timezone.now())

    post(client, BODIES["postmark"]("returned", left))

    message.refresh_from_db()
    assert (message.company, message.fate) == (None, "returned")


@pytest.mark.parametrize(
    "reference",
    ["", "1", "1:forged", "another installation's", "'; --", "x" * 5000, "é\x00"],
)
def test_what_is_not_of_a_mail_of_ours_is_heard_and_forgotten(
    client, postmark, service, now, reference
):
    _left, message = confirmation(service, now)
    signed_elsewhere = Signer(key="another key of forty characters or more", salt="mail")
    reference = signed_elsewhere.sign(str(message.pk)) if "another" in reference else reference

    answer = post(client, BODIES["postmark"]("returned", {"X-PM-Metadata-visavis": reference}))

    assert (answer.status_code, answer.content) == (200, b"")
    assert not Message.objects.exclude(fate=None).exists()


def test_mail_of_others_through_the_same_account_is_not_for_us(client, relay, service, now):
    left, message = confirmation(service, now)
    text = json.dumps(BODIES[relay]("complained", left)).replace("visavis", "newsletter")

    answer = post(client, text)

    message.refresh_from_db()
    assert (answer.status_code, message.fate) == (200, None)
    assert not Client.objects.filter(unreminded=True).exists()


def test_a_message_that_is_gone_is_no_trouble(client, postmark, service, now):
    left, message = confirmation(service, now)
    message.delete()

    assert post(client, BODIES["postmark"]("returned", left)).status_code == 200


def test_a_fate_that_is_told_before_the_worker_wrote_down_its_own_answer_stays(
    client, postmark, service, now
):
    left, message = confirmation(service, now)
    Message.objects.filter(pk=message.pk).update(status="planned")

    post(client, BODIES["postmark"]("returned", left))
    outbox.sent(message, "250 ok", now=now)

    message.refresh_from_db()
    assert (message.status, message.fate) == ("sent", "returned")


# --- Who is heard -------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["", "relay:wrong", "somebody:a-long-random-password", "é:é"])
def test_whoever_does_not_know_the_secret_changes_nothing(
    client, relay, service, now, secret, caplog
):
    left, message = confirmation(service, now)

    with caplog.at_level(logging.DEBUG):
        answer = post(client, BODIES[relay]("complained", left), secret=secret)

    message.refresh_from_db()
    assert (answer.status_code, message.fate) == (401, None)
    assert not Client.objects.filter(unreminded=True).exists()
    assert "relay's" in caplog.text
    for hidden in (SECRET, SECRET.partition(":")[2], MAILGUN_KEY):
        assert hidden not in caplog.text
        assert hidden not in answer.content.decode()


def test_mailgun_must_have_signed(client, through, service, now):
    through("mailgun")
    left, message = confirmation(service, now)
    body = BODIES["mailgun"]("returned", left)
    body["signature"]["signature"] = "0" * 64

    answer = post(client, body)

    message.refresh_from_db()
    assert (answer.status_code, message.fate) == (401, None)


@pytest.mark.parametrize("honest", [True, False])
def test_sendgrid_must_have_signed_where_a_key_is_set(client, through, service, now, honest):
    private = ec.generate_private_key(ec.SECP256R1())
    der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    through("sendgrid", key=b64encode(private.public_key().public_bytes(*der)).decode())
    left, message = confirmation(service, now)
    raw = json.dumps(BODIES["sendgrid"]("returned", left)).encode()
    signed = b"1803891600" + (raw if honest else b"something else")
    signature = private.sign(signed, ec.ECDSA(hashes.SHA256()))

    answer = post(
        client,
        raw,
        **{
            "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": "1803891600",
        },
    )

    message.refresh_from_db()
    expected = (200, "returned") if honest else (401, None)
    assert (answer.status_code, message.fate) == expected


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "null", "3", '"text"', "[[]]", "{}", "[]", "[null]", "[{}]", b"\xff\xfe",
        "[" * 100_000, '{"event": [], "event-data": {"event": {}}, "items": 1}',
        '{"RecordType": {}, "signature": {}}', '{"Metadata": "anymail_id", "RecordType": "Open"}',
        '{"event": "spam", "X-Mailin-custom": "5", "ts_epoch": "soon"}',
        '{"event": "delivered", "ts_epoch": 1e300}', '{"FromFull": "inbound"}',
    ],
    ids=lambda body: str(body)[:20],
)  # fmt: skip
def test_nonsense_gets_a_clear_answer_and_no_traceback(client, relay, service, now, body):
    _left, message = confirmation(service, now)

    answer = post(client, body)

    message.refresh_from_db()
    assert answer.status_code in (200, 400, 401)
    assert message.fate is None


@pytest.mark.parametrize("body", ["{", "null", b"\xff\xfe"])
def test_what_is_no_json_is_refused(client, postmark, body):
    answer = post(client, body)

    assert (answer.status_code, answer.json()) == (400, {"error": "unreadable"})


def test_the_address_is_only_for_relays(client, postmark):
    assert client.get("/inbound/mail/").status_code == 405
    assert client.head("/inbound/mail/").status_code == 200


def test_without_a_relay_there_is_no_such_address(client, db):
    assert post(client, {}).status_code == 404


def test_it_is_each_companys_own_business_whatever_role_calls(client, postmark, company):
    """Being signed in opens nothing: the secret alone does."""
    for role in ("owner", "administrator", "provider", "viewer"):
        client.force_login(make_member(company, role, f"{role}@willow.example").user)
        assert post(client, {}, secret="").status_code == 401


# --- What staff see -----------------------------------------------------------------------


@pytest.fixture
def office(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def returned(client, postmark, service, now):
    left, message = confirmation(service, now)
    body = BODIES["postmark"]("returned", left)
    body["Details"] = f"550 <script>alert(1)</script>\r\n\x00\u202e {'long ' * 200}"
    post(client, body)
    message.refresh_from_db()
    return message


def page(client, path):
    response = client.get(f"/office/willow/{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_report_says_what_came_back_and_finds_it(office, returned):
    listed = page(office, "reports/messages/?status=returned")
    details = page(office, f"reports/messages/{returned.pk}/")

    assert listed.count("<tr>") == 2
    for shown in (listed, details):
        assert "Came back" in shown
        assert "550 &lt;script&gt;alert(1)&lt;/script&gt; long" in shown
        assert "<script>alert" not in shown


def test_what_was_said_is_cleaned_and_not_endless(returned):
    assert len(returned.fate_words) <= 300
    assert returned.fate_words.isprintable()


def test_the_first_page_counts_what_came_back_as_not_delivered(office, returned):
    Message.objects.filter(pk=returned.pk).update(created_at=datetime.now(UTC))

    assert "1 message of the last seven days was not delivered" in page(office, "")


def notice(office, grace):
    return "Mail to this address comes back" in page(office, f"clients/{grace.pk}/")


def test_the_clients_page_says_so_until_the_address_is_changed(office, company, returned):
    grace = Client.objects.get(company=company)
    assert notice(office, grace)

    office.post(
        f"/office/willow/clients/{grace.pk}/edit/",
        {"name": grace.name, "email": "grace@elsewhere.example", "language": "en"},
    )

    assert not notice(office, grace)


def test_the_clients_page_says_so_until_a_message_arrives(office, company, returned, service, now):
    grace = Client.objects.get(company=company)
    book(service, now, starts_at=TEN + timedelta(hours=1))
    left, _message = sent_to(CLIENT, now)

    post(office, BODIES["postmark"]("delivered", left))

    assert not notice(office, grace)


def test_a_company_sees_nothing_of_what_came_back_to_another(client, returned, now):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC", published=True)
    grace = Client.objects.create(company=other, name="Grace", email=CLIENT, created_at=now)
    client.force_login(make_member(other, "owner", "owner@oak.example").user)

    shown = client.get(f"/office/oak/clients/{grace.pk}/").content.decode()

    assert "comes back" not in shown


def test_what_came_back_is_not_sent_again_by_itself_but_the_next_one_is(returned, service, now):
    line = MemorySender()
    mail.send_due(line, clock=lambda: now + timedelta(hours=12))
    assert [one for one in line.sent if one.to == CLIENT] == []

    book(service, now, starts_at=TEN + timedelta(hours=1))

    assert sent_to(CLIENT, now)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("complained", "They reported one of your messages as spam"),
        ("unsubscribed", "They unsubscribed"),
    ],
)
def test_the_clients_page_says_why_nobody_is_reminded(
    office, postmark, company, service, now, kind, why
):
    left, _message = confirmation(service, now)

    post(office, BODIES["postmark"](kind, left))

    grace = Client.objects.get(company=company)
    shown = page(office, f"clients/{grace.pk}/")
    assert "Wants no reminders" in shown
    assert why in shown


def test_without_a_relay_nothing_is_offered_that_cannot_be(office, company):
    assert 'value="returned"' not in page(office, "reports/messages/")


def test_every_kind_is_known_to_every_relay():
    assert set(BODIES) == set(RELAYS)
    assert {"returned", "complained", "unsubscribed", "delivered"} == set(Fate) & set(KINDS)
