"""The demo's mailbox page: what its mail server received, as a reader would see it."""

import re
from email.message import EmailMessage

import pytest

INBOX = "/demo/mailbox/"
LINK = "http://localhost:8000/my-bookings/abc123/"
HTML = f"""<html><head><title>Booked</title></head><body>
<p>Your <a href="{LINK}">bookings</a></p><script>alert(1)</script></body></html>"""


@pytest.fixture
def mailbox(tmp_path, settings):
    settings.MAILBOX_DIRECTORY = str(tmp_path)
    return tmp_path


@pytest.fixture
def receive(mailbox):
    """Keep a mail as the demo's mail server does; return its name there."""

    def receive(subject="Booked", *, html=HTML, calendar=False, arrived=1):
        mail = EmailMessage()
        mail["From"] = "Willow Practice <bookings@localhost>"
        mail["To"] = "Charlie Client <charlie@example.com>"
        mail["Subject"] = subject
        mail["Date"] = "Mon, 01 Mar 2027 09:00:00 +0000"
        mail.set_content(f"Your bookings: {LINK}\n")
        if html:
            mail.add_alternative(html, subtype="html")
        if calendar:
            mail.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="booking.ics")
        name = f"{arrived:019}-abcdef01"
        (mailbox / f"{name}.eml").write_bytes(mail.as_bytes())
        return name

    return receive


def frame_of(client, name):
    """Follow the page to the address of its frame, as a browser does."""
    page = client.get(f"{INBOX}{name}/").content.decode()
    [frame] = re.findall(r"<iframe [^>]*>", page)
    return frame, re.search(r'src="([^"]+)"', frame)[1]


def test_without_mail_it_says_what_to_do(client, mailbox):
    page = client.get(INBOX).content.decode()

    assert "No mail yet" in page
    assert "Book something" in page


def test_it_speaks_french(client, mailbox):
    page = client.get(INBOX, headers={"accept-language": "fr"}).content.decode()

    assert "No mail yet" not in page
    assert '<html lang="fr"' in page


def test_the_list_shows_the_newest_first_and_leads_to_each(client, receive):
    older, newer = receive("Booked", arrived=1), receive("Moved & confirmed", arrived=2)

    page = client.get(INBOX).content.decode()

    assert re.findall(r'href="/demo/mailbox/([^"/]+)/"', page) == [newer, older]
    assert "Moved &amp; confirmed" in page
    assert "Charlie Client &lt;charlie@example.com&gt;" in page


def test_one_mail_says_from_whom_to_whom_when_and_what_came_with_it(client, receive):
    name = receive(calendar=True)

    page = client.get(f"{INBOX}{name}/").content.decode()

    assert "<h1>Booked</h1>" in page
    assert "Willow Practice &lt;bookings@localhost&gt;" in page
    assert "Charlie Client &lt;charlie@example.com&gt;" in page
    assert 'datetime="2027-03-01T10:00+01:00"' in page
    assert "booking.ics" in page


def test_links_of_the_plain_text_can_be_followed(client, receive):
    page = client.get(f"{INBOX}{receive()}/").content.decode()

    assert f'<a href="{LINK}"' in page


def test_links_of_the_framed_html_leave_the_frame(client, receive):
    frame, address = frame_of(client, receive())

    assert "allow-top-navigation-by-user-activation" in frame
    html = client.get(address).content.decode()
    assert '<base target="_top">' in html
    assert f'<a href="{LINK}">' in html


def test_framed_html_can_run_and_load_nothing(client, receive):
    frame, address = frame_of(client, receive())
    answer = client.get(address)

    rights = re.search(r'sandbox="([^"]*)"', frame)[1].split()
    assert set(rights).isdisjoint({"allow-scripts", "allow-same-origin", "allow-forms"})
    policy = dict(
        part.strip().split(" ", 1)
        for part in answer["Content-Security-Policy"].split(";")
        if " " in part.strip()
    )
    assert {policy[of] for of in ("default-src", "script-src", "form-action")} == {"'none'"}
    assert policy["img-src"] == "data:"
    assert policy["frame-ancestors"] == "'self'"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_of_text_alone_has_no_frame(client, receive):
    page = client.get(f"{INBOX}{receive(html='')}/").content.decode()

    assert "<iframe" not in page
    assert LINK in page


@pytest.mark.parametrize("address", ["gone/", "gone/html/", "..%2Fsecret/"])
def test_what_is_not_there_is_not_found(client, mailbox, address):
    (mailbox.parent / "secret.eml").write_text("Subject: secret\n\nsecret")

    assert client.get(f"{INBOX}{address}").status_code == 404
