"""Texts through Twilio's HTTP, taken and refused."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from visavis.gateways.sms import Misconfigured, OptedOut, Permanent, Sms, Temporary
from visavis.gateways.sms.exchange import http_client
from visavis.gateways.sms.twilio import TwilioGateway

from . import twilio_stand_in
from .twilio_stand_in import ACCOUNT, TOKEN


@pytest.fixture
def twilio():
    stand_in = twilio_stand_in.Twilio()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def gateway(twilio):
    with http_client() as http:
        yield TwilioGateway(ACCOUNT, TOKEN, "+15005550006", http, twilio.url)


def text(to="+33612345678", words="See you, Grace", **more):
    return Sms(to=to, text=words, key="a-key", **more)


def test_a_text_is_taken_and_its_sid_kept(gateway, twilio):
    accepted = gateway.send(text(words="À bientôt, 3 < 4 & so on"))

    assert twilio.asked == [
        {"To": "+33612345678", "From": "+15005550006", "Body": "À bientôt, 3 < 4 & so on"}
    ]
    assert accepted.answer == f"queued {twilio.kept[0]['sid']}"


def test_a_messaging_service_is_named_as_one(twilio):
    with http_client() as http:
        TwilioGateway(ACCOUNT, TOKEN, "MG" + "1" * 32, http, twilio.url).send(text())

    assert twilio.asked[0]["MessagingServiceSid"] == "MG" + "1" * 32
    assert "From" not in twilio.asked[0]


@pytest.mark.parametrize(
    ("to", "error", "code"),
    [
        ("+15005550001", Permanent, "21211"),
        ("+15005550009", Permanent, "21614"),
        ("+15005550004", OptedOut, "21610"),
        ("+15005550011", Temporary, "20429"),
        ("+15005550015", Temporary, "20503"),
        ("+15005550013", Misconfigured, "21606"),
        ("+15005550014", Permanent, "99999"),
    ],
)
def test_a_refusal_says_what_to_do(gateway, to, error, code):
    with pytest.raises(error) as refusal:
        gateway.send(text(to))

    assert type(refusal.value) is error
    assert refusal.value.answer.startswith(code)


def test_a_wrong_token_is_about_us(twilio):
    with http_client() as http, pytest.raises(Misconfigured, match="20003"):
        TwilioGateway(ACCOUNT, "wrong", "+15005550006", http, twilio.url).send(text())


def test_a_page_in_front_of_twilio_is_no_refusal(gateway, twilio):
    twilio.troubles = ["html"]

    with pytest.raises(Temporary, match="502"):
        gateway.send(text())


def test_a_twilio_that_is_away_may_come_back():
    with http_client() as http, pytest.raises(Temporary, match="ConnectError"):
        TwilioGateway(ACCOUNT, TOKEN, "+1", http, "http://127.0.0.1:9").send(text())


def test_a_text_whose_answer_was_lost_is_found_and_not_sent_twice(gateway, twilio):
    twilio.troubles = ["lost"]
    began = datetime.now(UTC)
    with pytest.raises(Temporary):
        gateway.send(text())

    accepted = gateway.send(text(tried_since=began))

    assert len(twilio.kept) == 1
    assert twilio.kept[0]["sid"] in accepted.answer


def test_a_text_that_never_arrived_is_sent_by_the_repetition(gateway, twilio):
    gateway.send(text(words="Another one"))

    gateway.send(text(tried_since=datetime.now(UTC)))

    assert [one["body"] for one in twilio.kept] == ["Another one", "See you, Grace"]


def test_the_same_words_of_last_week_are_another_text(gateway, twilio):
    gateway.send(text())

    gateway.send(text(tried_since=datetime.now(UTC) + timedelta(days=7)))

    assert len(twilio.kept) == 2


def test_secrets_show_in_no_traceback(gateway):
    assert TOKEN not in repr(gateway)


def test_the_http_library_is_asked_to_follow_nothing():
    with http_client() as http:
        assert http.follow_redirects is False
        assert http.timeout == httpx2.Timeout(15.0, connect=5.0)
