"""What messages look like on the wire."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.gateways.mail import Permanent
from visavis.gateways.mail.compose import CalendarPart, Mailbox, compose

DATE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
INVITE = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:S\xc3\xa9ance\r\nEND:VCALENDAR\r\n"


def composed(**changes):
    values = {
        "sender": Mailbox("bookings@example.com", "Practice"),
        "to": Mailbox("ada@example.org", "Ada"),
        "subject": "Your booking",
        "text": "See you soon.\n",
        "message_id": "<b-1@example.com>",
        "date": DATE,
    }
    return compose(**values | changes)


def reread(message):
    return message_from_bytes(message.as_bytes(), policy=default)


def test_a_plain_message_says_who_what_and_when():
    message = reread(composed())

    assert dict(message.items()) == {
        "From": "Practice <bookings@example.com>",
        "To": "Ada <ada@example.org>",
        "Subject": "Your booking",
        "Date": "Sun, 01 Mar 2026 09:30:00 +0000",
        "Message-ID": "<b-1@example.com>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }
    assert message.get_content() == "See you soon.\r\n"


def test_text_comes_before_html_which_is_preferred():
    message = reread(composed(html="<p>Séance</p>"))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert message.get_body().get_content() == "<p>Séance</p>\r\n"


def test_an_invitation_is_both_an_alternative_and_a_file():
    calendar = CalendarPart(INVITE, method="REQUEST", filename="invite.ics")

    message = reread(composed(html="<p>Hello</p>", calendar=calendar))

    alternatives, attached = message.iter_parts()
    inline = list(alternatives.iter_parts())[-1]
    assert inline.get_content_type() == "text/calendar"
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_content().splitlines() == INVITE.decode().splitlines()
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content() == INVITE


def test_everything_is_seven_bit():
    message = composed(
        sender=Mailbox("bookings@example.com", "Cabinet Zoé"),
        subject="Séance d’essai",
        text="À bientôt\n" + "x" * 2000,
        calendar=CalendarPart(INVITE),
    )

    lines = message.as_bytes().split(b"\r\n")

    assert message.as_bytes().isascii()
    assert max(map(len, lines)) <= 998


def test_the_way_out_is_one_header_that_a_program_can_use():
    url = "https://example.com/u/" + "long" * 100

    raw = composed(unsubscribe_url=url).as_bytes()

    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_replies_go_where_they_should():
    message = reread(composed(reply_to=Mailbox("ada@example.org", "Dr. Ada, Lovelace")))

    assert message["Reply-To"] == '"Dr. Ada, Lovelace" <ada@example.org>'


def test_a_domain_beyond_ascii_is_written_in_ascii():
    assert reread(composed(to=Mailbox("ada@bücher.example")))["To"] == "ada@xn--bcher-kva.example"


NASTY = st.text(alphabet=st.sampled_from("ab é,;:<>@\"'\\\r\n\t\0\x0b\x0c\x1c\x85\u2028\u202e=?_"))


@settings(max_examples=40)
@given(NASTY, NASTY)
def test_names_and_subjects_never_become_headers(name, subject):
    said = {"name": f"Eve\r\nBcc: eve@evil.example{name}", "subject": f"Hi\nX-Evil: 1\r{subject}"}

    raw = composed(
        sender=Mailbox("bookings@example.com", said["name"]),
        to=Mailbox("ada@example.org", said["name"]),
        subject=said["subject"],
    ).as_bytes()

    headers = message_from_bytes(raw.replace(b"\r\n", b"\n"))
    assert headers["Bcc"] is None
    assert headers["X-Evil"] is None
    assert headers.keys() == composed().keys()


def test_control_characters_become_spaces():
    nasty = "a\0b\x85c\u2028d\u202ee\tf"

    message = reread(composed(subject=nasty, to=Mailbox("ada@example.org", nasty)))

    assert message["Subject"] == "a b c d e f"
    assert message["To"].addresses[0].display_name == "a b c d e f"


@pytest.mark.parametrize("subject", ["Séance d’essai très longue avec un nom " * 5, "x" * 300])
def test_a_long_subject_survives_the_journey(subject):
    assert reread(composed(subject=subject))["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example.org\r\nBcc: eve@evil.example",
        "ada@example.org\n",
        "ada@example.org, eve@evil.example",
        "ada <ada@example.org>",
        "a da@example.org",
        "ada@exa mple.org",
        '"a\\b"@example.org',
        "ada@a..b.ü",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Permanent):
        composed(to=Mailbox(address))
    with pytest.raises(Permanent):
        composed(reply_to=Mailbox(address))


@pytest.mark.parametrize(
    "message_id", ["b-1@example.com", "<b-1>", "<a@b>\r\nBcc: <x@y>", "<a b@c>"]
)
def test_what_is_no_message_id_is_refused(message_id):
    with pytest.raises(ValueError, match="Message-ID"):
        composed(message_id=message_id)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://x.example/\r\nBcc: a@b", "https://x.example/>", "x" * 999],
)
def test_what_is_no_link_is_refused(url):
    with pytest.raises(ValueError, match="link"):
        composed(unsubscribe_url=url)
