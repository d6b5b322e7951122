"""Texts through Twilio's HTTP, taken and refused."""

import logging
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from local_http import plain_http
from visavis.gateways.sms import Misconfigured, OptedOut, Permanent, Sms, Temporary
from visavis.gateways.sms.exchange import http_client
from visavis.gateways.sms.twilio import LOOKED_AT, TwilioGateway

from . import twilio_stand_in
from .twilio_stand_in import ACCOUNT, PATH, TOKEN

LONGEST_TEXT = 1600


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
        ("+15005550016", Temporary, "99998"),
        ("+15005550017", Misconfigured, "99997"),
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


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [
        ("html", "502"),
        ("a page", "200"),
        ("elsewhere", "302"),
        ("a bare list", "200"),
        ("nothing", "201"),
    ],
)
def test_what_stands_in_front_of_twilio_refuses_nothing(gateway, twilio, trouble, answer):
    twilio.troubles = [trouble]

    with pytest.raises(Temporary, match=f"^{answer}"):
        gateway.send(text())


def test_a_refusal_without_a_code_is_known_by_its_status(gateway, twilio):
    twilio.troubles = ["no code"]

    with pytest.raises(Permanent, match="400 refused: Without a code"):
        gateway.send(text())


def test_a_refusal_as_newer_resources_write_it_is_understood(gateway, twilio):
    twilio.troubles = ["problem"]

    with pytest.raises(OptedOut, match="21610 The recipient answered STOP"):
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


def test_a_text_whose_answer_was_cut_off_is_found_and_not_sent_twice(gateway, twilio):
    twilio.troubles = ["cut off"]
    began = datetime.now(UTC)
    with pytest.raises(Temporary, match="RemoteProtocolError"):
        gateway.send(text())

    gateway.send(text(tried_since=began))

    assert len(twilio.kept) == 1


def test_a_text_whose_answer_took_too_long_is_found_and_not_sent_twice(twilio):
    began = datetime.now(UTC)
    with plain_http(timeout=httpx2.Timeout(5.0, read=0.2)) as http:
        impatient = TwilioGateway(ACCOUNT, TOKEN, "+15005550006", http, twilio.url)
        twilio.hold(True)
        with pytest.raises(Temporary, match="ReadTimeout"):
            impatient.send(text())
        twilio.hold(False)

        impatient.send(text(tried_since=began))

    assert len(twilio.kept) == 1


@pytest.mark.parametrize(
    ("trouble", "error", "answer"),
    [
        ("busy", Temporary, "20429"),
        ("suspended", Misconfigured, "20005"),
        ("html", Temporary, "502"),
        ("not a list", Temporary, "not understood"),
        ("a strange date", Temporary, "not understood"),
    ],
)
def test_a_text_is_not_repeated_while_nobody_says_what_was_sent(
    gateway, twilio, trouble, error, answer
):
    twilio.troubles = [trouble]

    with pytest.raises(error, match=f"^{answer}"):
        gateway.send(text(tried_since=datetime.now(UTC)))

    assert twilio.asked == []


def test_a_text_is_found_among_the_longest(gateway, twilio):
    long = ["Ω" * LONGEST_TEXT for _one in range(LOOKED_AT)]
    for words in long:
        gateway.send(text(words=words))

    gateway.send(text(words=long[-1], tried_since=datetime.now(UTC)))

    assert len(twilio.kept) == LOOKED_AT


def test_a_text_that_never_arrived_is_sent_by_the_repetition(gateway, twilio):
    gateway.send(text(words="Another one"))

    gateway.send(text(tried_since=datetime.now(UTC)))

    assert [one["body"] for one in twilio.kept] == ["Another one", "See you, Grace"]


def test_the_same_words_of_last_week_are_another_text(gateway, twilio):
    gateway.send(text())

    gateway.send(text(tried_since=datetime.now(UTC) + timedelta(days=7)))

    assert len(twilio.kept) == 2


def test_a_texts_beginning_may_be_of_an_account_on_trial(gateway, twilio):
    gateway.send(text(words="Sent from your Twilio trial account - See you, Grace"))

    gateway.send(text(tried_since=datetime.now(UTC)))

    assert len(twilio.kept) == 1


def test_texts_share_a_connection(gateway, twilio):
    for _one in range(3):
        gateway.send(text())

    assert len(twilio.connections) == 1


def test_secrets_show_in_no_traceback(gateway):
    assert TOKEN not in repr(gateway)


def test_nothing_of_a_text_is_logged(gateway, caplog):
    caplog.set_level(logging.DEBUG)

    gateway.send(text(tried_since=datetime.now(UTC)))

    assert caplog.text == ""


def test_the_librarys_own_environment_counts_for_nothing(twilio, monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")

    with http_client() as http:
        TwilioGateway(ACCOUNT, TOKEN, "+15005550006", http, twilio.url).send(text())
        with pytest.raises(Misconfigured, match="20003"):
            TwilioGateway(ACCOUNT, "", "+15005550006", http, twilio.url).send(text())

    assert len(twilio.kept) == 1


def test_twilio_is_asked_where_it_is():
    asked = []

    def nobody(request):
        asked.append(str(request.url))
        raise httpx2.ConnectError("no network in tests")

    with httpx2.Client(transport=httpx2.MockTransport(nobody)) as http, pytest.raises(Temporary):
        TwilioGateway(ACCOUNT, TOKEN, "+15005550006", http).send(text())

    assert asked == [f"https://api.twilio.com{PATH}"]


def test_the_http_library_is_asked_to_follow_nothing():
    with http_client() as http:
        assert http.follow_redirects is False
        assert http.timeout == httpx2.Timeout(15.0, connect=5.0)
