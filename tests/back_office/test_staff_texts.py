"""What administrators are told of connections and meetings: in the company's own words."""

import pytest
from django.utils import timezone

from back_office.staff import sign_in
from visavis.connections.models import Connection
from visavis.gateways.mail.memory import MemorySender
from visavis.notifications.models import Template
from visavis.worker import mail, troubles

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/texts/"
CONNECTION = f"{PAGE}connection_attention/staff/en/"
MEETING = f"{PAGE}meeting_fault/staff/en/"


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "administrator")


def text(response):
    return response.content.decode()


def typed(body, subject="Look at [platform]"):
    return {"subject": subject, "body": body}


@pytest.mark.parametrize("page", [CONNECTION, MEETING])
def test_the_default_is_shown_filled_in_and_listed(client, member, page):
    editor = client.get(page)

    assert "[problem]" in text(editor)
    assert 'data-insert="[link]"' in text(editor)
    assert 'data-insert="[client]"' not in text(editor)
    assert 'name="example"' not in text(editor)
    assert "online-meetings" in editor.context["preview"].text
    assert page in text(client.get(PAGE))


def test_the_companys_own_words_are_sent(client, member, company):
    Connection.objects.create(
        company=company,
        platform="zoom",
        connected_at=timezone.now(),
        attention="reconnect",
        attention_since=timezone.now(),
    )
    client.post(CONNECTION, typed("At [company]: [problem] Go to [link]"))

    troubles.tell(timezone.now())
    line = MemorySender()
    mail.send_due(line, clock=timezone.now)

    (sent,) = line.sent
    body = sent.message.get_body(("plain",)).get_content()
    assert sent.message["Subject"] == "Look at Zoom"
    assert body.startswith("At Willow Practice: ")
    assert "/online-meetings/" in body


@pytest.mark.parametrize("wrong", ["Hello [client]", "[probelm]"])
def test_only_variables_of_such_messages_may_stand_there(client, member, wrong):
    assert client.post(CONNECTION, typed(wrong)).status_code == 422
    assert not Template.objects.exists()


def test_the_text_is_reset(client, member):
    client.post(MEETING, typed("[problem]", "Meetings"))
    assert "changed EN" in text(client.get(PAGE))

    client.post(f"{MEETING}reset/")

    assert not Template.objects.exists()


@pytest.mark.parametrize(
    "page",
    [
        f"{PAGE}sms/meeting_fault/staff/en/",
        f"{PAGE}confirmed/staff/en/",
        f"{PAGE}invitation/staff/en/",
        f"{PAGE}meeting_fault/client/en/",
    ],
)
def test_no_other_text_is_written_for_staff(client, member, page):
    assert client.get(page).status_code == 404


def test_there_is_one_for_the_whole_company(client, member, provider):
    page = f"{PAGE}flexible/p{provider.pk}/meeting_fault/staff/en/"

    assert client.get(page).status_code == 404


def test_saving_the_switches_leaves_them_alone(client, member):
    client.post(PAGE, {"confirmed-client": "on"})

    assert "To administrators" in text(client.get(PAGE))
