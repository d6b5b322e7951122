"""A client of the simulator for its tests: control, REST, browsers, and a webhook receiver."""

import hashlib
import hmac
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx2

from zoom_schema import check_exchange

APP = "visavis-demo"
SECRET = "visavis-demo-secret"
WEBHOOK_SECRET = "visavis-demo-webhook-secret"
OWNER = "DemoOwner000000000001A"
LIAM = "DemoLicensed0000000002"
LENA = "DemoLicensed0000000003"
BEA = "DemoBasic0000000000005"
STRANGER = "SecondAdmin0000000006B"
ACCOUNT = "DemoPracticeAccount01"
CALLBACK = "http://127.0.0.1:8000/zoom/callback"


class Zoom:
    """Everything a test does to the simulator."""

    def __init__(self, base_url):
        self.base_url = base_url
        self.clients = []
        self.http = self.client()
        self.token = ""

    def client(self, **options):
        # Everything here is plain HTTP; loading certificates would only take time.
        options = {"timeout": 30, "trust_env": False, "verify": False, **options}
        self.clients.append(httpx2.Client(base_url=self.base_url, **options))
        return self.clients[-1]

    def close(self):
        for client in self.clients:
            client.close()

    def control(self, method, path, /, **body):
        response = self.http.request(method, f"/_sim/{path}", json=body or None)
        assert response.status_code < 300, response.text
        return response.json()

    def fault(self, kind, **options):
        return self.control("POST", "faults", kind=kind, **options)

    def advance(self, **span):
        # What is on its way arrives before the clock moves.
        self.control("POST", "webhooks/flush")
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        seconds = sum(units[unit] * number for unit, number in span.items())
        self.control("POST", "clock", advance=seconds)

    def install(self, user=OWNER, *, shared_access=True, client_id=APP):
        body = {"client_id": client_id, "user": user, "shared_access": shared_access}
        tokens = self.control("POST", "grants", **body)
        self.token = tokens["access_token"]
        return tokens

    def personal_app(self, **fields):
        body = {"client_secret": "s", "level": "user", **fields}
        self.control("PUT", "apps/personal", **body)
        return "personal"

    def api(self, method, path, json=None, *, token=None, **options):
        headers = {"authorization": f"Bearer {token or self.token}"}
        url = f"{self.base_url}/v2{path}"
        response = self.http.request(method, url, json=json, headers=headers, **options)
        check_exchange(method, path, json, response)
        return response

    def meeting(self, host=LIAM, **fields):
        response = self.api("POST", f"/users/{host}/meetings", {"type": 1, **fields})
        assert response.status_code == 201, response.text
        return response.json()

    def exchange(self, **form):
        return self.http.post("/oauth/token", data=form, auth=(APP, SECRET))

    def refresh(self, refresh_token, auth=(APP, SECRET)):
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.http.post("/oauth/token", data=form, auth=auth)

    def browser(self, user=None):
        browser = self.client()
        if user:
            browser.post("/signin", data={"user": user, "next": "/"})
        return browser

    def visitor(self):
        return self.client(follow_redirects=True)

    def events(self, name=None):
        self.control("POST", "webhooks/flush")
        found = self.control("GET", "webhooks")["deliveries"]
        return [one for one in found if name in {None, one["event"]}]


def code_in(location):
    return parse_qs(urlsplit(location).query)["code"][0]


def passcode_in(meeting):
    return parse_qs(urlsplit(meeting["join_url"]).query)["pwd"][0]


def heading(response):
    return re.search(r"<h1>(.*?)</h1>", response.text, re.DOTALL)[1].strip()


def status_line(response):
    found = re.search(r'role="status">(.*?)</p>', response.text, re.DOTALL)[1]
    return re.sub(r"<[^>]+>", "", found).strip()


class Receiver:
    """An endpoint for webhooks, which proves itself and can be told to misbehave."""

    def __init__(self):
        self.received = []
        self.statuses = []
        self.secret = WEBHOOK_SECRET
        self.challenges = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["content-length"]))
                status, answer = receiver.take(dict(self.headers.items()), raw)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def take(self, headers, raw):
        body = json.loads(raw)
        if body["event"] == "endpoint.url_validation":
            self.challenges += 1
            plain = body["payload"]["plainToken"]
            digest = hmac.new(self.secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
            return 200, json.dumps({"plainToken": plain, "encryptedToken": digest}).encode()
        self.received.append((headers, raw))
        return (self.statuses.pop(0) if self.statuses else 204), b""

    def events(self, name=None):
        bodies = [json.loads(raw) for _, raw in self.received]
        return [body for body in bodies if name in {None, body["event"]}]

    def wait(self, count):
        deadline = time.monotonic() + 20
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return [body["event"] for body in self.events()]

    def is_signed(self, number, secret=WEBHOOK_SECRET):
        headers, raw = self.received[number]
        message = b"v0:" + headers["x-zm-request-timestamp"].encode() + b":" + raw
        expected = "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
        return headers["x-zm-signature"] == expected

    def close(self):
        self.server.shutdown()
        self.server.server_close()
