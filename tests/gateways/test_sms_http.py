"""Texts through any HTTP gateway: how requests are filled in, and answers read."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from visavis.gateways.sms import Misconfigured, Permanent, Sms, Temporary
from visavis.gateways.sms.exchange import LONGEST_BODY, http_client
from visavis.gateways.sms.http import HttpGateway

TEXT = Sms(to="+33612345678", text='Say "hi" & [to]\nÀ demain', key="k-1")


class Server:
    """A gateway that answers what it is told to, and remembers what it was asked."""

    def __init__(self):
        self.status, self.answer, self.asked = 200, "OK", []
        handler = type("Handler", (_Handler,), {"owner": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.owner.asked.append((self.command, self.path, dict(self.headers), body))
        self.send_response(self.owner.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(self.owner.answer.encode())

    do_GET = do_PUT = do_POST  # noqa: N815 the names are the library's

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture
def server():
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def gateway(server):
    with http_client() as http:

        def build(**fields):
            values = {"url": f"{server.url}/send", "inside": True, **fields}
            return HttpGateway(http=http, **values)

        yield build


def test_a_form_is_filled_in(gateway, server):
    gateway(body="to=[to]&text=[text]&from=[sender]&id=[id]", sender="Willow").send(TEXT)

    method, path, _headers, body = server.asked[0]
    assert (method, path) == ("POST", "/send")
    assert {name: values[0] for name, values in parse_qs(body).items()} == {
        "to": "+33612345678", "text": TEXT.text, "from": "Willow", "id": "k-1",
    }  # fmt: skip


def test_json_stays_json_whatever_is_in_the_text(gateway, server):
    headers = {"Content-Type": "application/json", "X-Key": "secret"}
    gateway(headers=headers, body='{"phones": ["[to]"], "message": "[text]"}').send(TEXT)

    _method, _path, sent, body = server.asked[0]
    assert json.loads(body) == {"phones": ["+33612345678"], "message": TEXT.text}
    assert sent["x-key"] == "secret"


@pytest.mark.parametrize("body", ['{"message": "[text]"}', ' [{"message": "[text]"}]'])
def test_what_looks_like_json_needs_no_header(gateway, server, body):
    gateway(body=body).send(TEXT)

    _method, _path, sent, body = server.asked[0]
    assert json.loads(body.strip(" []")) == {"message": TEXT.text}
    assert sent["content-type"] == "application/json"


def test_a_variable_at_the_beginning_is_no_json(gateway, server):
    gateway(body="[to]=[text]").send(TEXT)

    _method, _path, sent, body = server.asked[0]
    assert parse_qs(body) == {"+33612345678": [TEXT.text]}
    assert sent["content-type"] == "application/x-www-form-urlencoded"


def test_an_address_is_percent_encoded(gateway, server):
    gateway(method="GET", url=f"{server.url}/send?to=[to]&text=[text]").send(TEXT)

    method, path, _headers, body = server.asked[0]
    assert (method, body) == ("GET", "")
    assert path.startswith("/send?to=%2B33612345678&text=Say%20%22hi%22%20%26%20%5Bto%5D%0A")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Permanent), (422, Permanent), (401, Misconfigured), (404, Misconfigured),
        (302, Misconfigured), (429, Temporary), (408, Temporary), (500, Temporary),
        (503, Temporary),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(gateway, server, status, error):
    server.status, server.answer = status, "because"

    with pytest.raises(error, match=f"{status} because") as refusal:
        gateway().send(TEXT)

    assert type(refusal.value) is error


def test_success_may_be_a_word_in_the_answer(gateway, server):
    server.answer = "ERR 12 no credit"

    with pytest.raises(Permanent, match="no credit"):
        gateway(success="OK").send(TEXT)


def test_an_endless_answer_is_cut(gateway, server):
    server.answer = "x" * (LONGEST_BODY * 3)

    assert len(gateway().send(TEXT).answer) <= 300


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.1.1"])
def test_from_outside_nothing_inside_is_reached(gateway, server, host):
    url = f"http://{host}:{server.http.server_port}/send"

    with pytest.raises(Misconfigured, match="not on the public internet"):
        gateway(url=url, inside=False).send(TEXT)

    assert server.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(gateway, server, monkeypatch):
    monkeypatch.setattr("visavis.gateways.sms.http.public_address", lambda host, port: "127.0.0.1")
    port = server.http.server_port

    gateway(url=f"http://sms.example:{port}/send", inside=False).send(TEXT)

    assert server.asked[0][2]["host"] == f"sms.example:{port}"


def test_a_name_beyond_ascii_is_written_in_ascii(gateway, server, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "visavis.gateways.sms.http.public_address",
        lambda host, port: asked.append(host) or "127.0.0.1",
    )
    port = server.http.server_port

    gateway(url=f"http://bücher.example:{port}/send", inside=False).send(TEXT)

    assert asked == ["xn--bcher-kva.example"]
    assert server.asked[0][2]["host"] == f"xn--bcher-kva.example:{port}"


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    "url",
    ["http://sms.example:99999/", "http://[sms.example/", "http://ü" + "x" * 70 + ".example/"],
)
def test_an_address_that_can_be_none_is_a_matter_of_configuration(gateway, url, inside):
    with pytest.raises(Misconfigured):
        gateway(url=url, inside=inside).send(TEXT)


def test_a_header_beyond_ascii_is_a_matter_of_configuration(gateway, server):
    with pytest.raises(Misconfigured) as refusal:
        gateway(headers={"X-Key": "clé secrète"}).send(TEXT)

    assert "secr" not in refusal.value.answer


def test_a_name_that_is_not_found_may_be_found_later(gateway):
    with pytest.raises(Temporary, match="is not found"):
        gateway(url="https://no-such-name.invalid/", inside=False).send(TEXT)
