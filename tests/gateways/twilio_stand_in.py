"""Twilio's Messages resource over real HTTP, as its documentation describes it, refusals too."""

import base64
import json
import threading
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "0" * 32, "twilio-demo-token"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
# Numbers that are refused, as Twilio's own magic test numbers are.
REFUSED = {
    "+15005550001": (400, 21211, "Invalid 'To' Phone Number: +15005550001"),
    "+15005550004": (400, 21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (400, 21614, "To number is not a valid mobile number"),
    "+15005550011": (429, 20429, "Too Many Requests"),
    "+15005550013": (400, 21606, "The From phone number is not a valid sender"),
    "+15005550014": (400, 99999, "A code of next year"),
    "+15005550015": (503, 20503, "Service unavailable"),
    "+15005550016": (429, 99998, "Another code of next year"),
    "+15005550017": (403, 99997, "One of the year after"),
}
# How its newer resources refuse (RFC 9457).
PROBLEM = {
    "type": "https://www.twilio.com/docs/errors/21610",
    "title": "Unsubscribed recipient",
    "status": 400,
    "code": 21610,
    "detail": "The recipient answered STOP",
}
# What is answered instead, by the name of the trouble.
INSTEAD = {
    "html": (502, "<html>Bad gateway</html>"),
    "a page": (200, "<html>Sign in to this network</html>"),
    "elsewhere": (302, ""),
    "a bare list": (200, "[]"),
    "nothing": (201, ""),
    "not a list": (200, "{}"),
    "a strange date": (200, '{"messages": [{"date_created": "Wed, 31 Feb 2027 10:00:00 +0000"}]}'),
    "busy": (429, '{"code": 20429, "message": "Too Many Requests", "status": 429}'),
    "suspended": (403, '{"code": 20005, "message": "Account not active", "status": 403}'),
    "no code": (400, '{"message": "Without a code"}'),
    "problem": (400, json.dumps(PROBLEM)),
}


class Twilio:
    """A running stand-in: `kept` are the texts it took, `troubles` what it does instead."""

    def __init__(self):
        self.kept, self.asked, self.troubles = [], [], []
        self.connections = set()
        self.answering = threading.Event()
        self.answering.set()
        handler = type("Handler", (_Handler,), {"twilio": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def hold(self, on):
        """Take texts and answer none of them, or answer again."""
        self.answering.clear() if on else self.answering.set()

    def keep(self, form):
        resource = {
            "sid": f"SM{len(self.kept):032d}",
            "status": "queued",
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "date_created": format_datetime(datetime.now(UTC)),
            "error_code": None,
        }
        self.kept.append(resource)
        return resource


class _Handler(BaseHTTPRequestHandler):
    # Connections are kept, as at Twilio. A head and its body, written apart, wait for no receipt.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        self.twilio.connections.add(self.client_address)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.twilio.asked.append(form)
        trouble = self.twilio.troubles.pop(0) if self.twilio.troubles else None
        if not self._signed_in():
            self._refuse(401, 20003, "Authenticate")
        elif trouble in INSTEAD:
            self._answer(*INSTEAD[trouble])
        elif trouble == "lost":
            # It was taken, and the line breaks before anybody is told.
            self.twilio.keep(form)
            self.close_connection = True
        elif trouble == "cut off":
            self._answer(201, json.dumps(self.twilio.keep(form)), cut_off=20)
        elif form["To"] in REFUSED:
            self._refuse(*REFUSED[form["To"]])
        else:
            kept = json.dumps(self.twilio.keep(form))
            self.twilio.answering.wait()
            with suppress(OSError):
                self._answer(201, kept)

    def do_GET(self):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if not self._signed_in():
            self._refuse(401, 20003, "Authenticate")
            return
        trouble = self.twilio.troubles.pop(0) if self.twilio.troubles else None
        if trouble in INSTEAD:
            self._answer(*INSTEAD[trouble])
            return
        fits = [one for one in reversed(self.twilio.kept) if one["to"] == asked["To"]]
        listed = fits[: int(asked["PageSize"])]
        self._answer(200, json.dumps({"messages": listed, "page": 0}))

    def _signed_in(self):
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        here = urlsplit(self.path).path == PATH
        return here and self.headers.get("Authorization") == f"Basic {given}"

    def _refuse(self, status, code, message):
        info = f"https://www.twilio.com/docs/errors/{code}"
        words = {"code": code, "message": message, "more_info": info, "status": status}
        self._answer(status, json.dumps(words))

    def _answer(self, status, body, *, cut_off=0):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode()) + cut_off))
        self.end_headers()
        self.wfile.write(body.encode())
        self.close_connection = self.close_connection or bool(cut_off)

    def log_message(self, *_words):
        """Say nothing."""
