"""Fifty people who press the button at the same moment."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from ipaddress import ip_address
from threading import Barrier
from urllib.parse import urlencode, urlsplit

SIZE = 50
CSRF = "c" * 32
PATIENCE = 60
# Everybody comes from elsewhere, so that nobody is turned away for coming too often.
_addresses = itertools.count(int(ip_address("10.0.0.1")))


@dataclass(frozen=True, slots=True)
class Order:
    """One form: where it goes, what it says, whose session it is, and whether it is a dialog."""

    path: str
    fields: dict = field(default_factory=dict)
    session: str = ""
    dialog: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    seconds: float
    text: str
    session: str
    leads_on: bool

    @property
    def granted(self):
        return self.leads_on or self.holds

    @property
    def holds(self):
        return self.status == 200 and "Held for you" in self.text

    @property
    def offers_others(self):
        """Whether it says no, clearly, and what could be had instead."""
        return self.status in (200, 422) and "nearest free times" in self.text


class Crowd:
    """People with open connections. Answers come in the order of the orders."""

    def __init__(self, base, size=SIZE):
        self._host = urlsplit(base).netloc
        self._pool = ThreadPoolExecutor(size)

    def rush(self, orders):
        together = Barrier(len(orders))
        return list(self._pool.map(lambda order: self._send(order, together), orders))

    def close(self):
        self._pool.shutdown()

    def _send(self, order, together):
        body = urlencode({"csrfmiddlewaretoken": CSRF, **order.fields})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={CSRF}; sessionid={order.session}",
            "X-Forwarded-For": str(ip_address(next(_addresses))),
            "Accept-Language": "en",
            **({"HX-Request": "true"} if order.dialog else {}),
        }
        # A new connection, so that it falls to another process each time; by the lightest of
        # clients, since fifty of them share the machine with the server.
        with closing(HTTPConnection(self._host, timeout=PATIENCE)) as person:
            person.connect()
            together.wait(PATIENCE)
            begun = time.perf_counter()
            person.request("POST", order.path, body, headers)
            with closing(person.getresponse()) as answer:
                text = answer.read().decode()
            seconds = time.perf_counter() - begun
        cookies = SimpleCookie(", ".join(answer.headers.get_all("Set-Cookie", [])))
        session = cookies["sessionid"].value if "sessionid" in cookies else ""
        leads_on = answer.status == 302 or "HX-Redirect" in answer.headers
        return Answer(answer.status, seconds, text, session, leads_on)
