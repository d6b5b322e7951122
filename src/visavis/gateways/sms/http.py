"""Any gateway that takes a text by one HTTP request: a provider's, or a phone with a program.

Address, headers and body are templates. `[to]`, `[text]`, `[sender]` and `[id]` are replaced,
each written as its place demands: percent-encoded in the address and in forms, escaped in
JSON. What begins like JSON is taken for it unless a header says otherwise. `[id]` stays the same
however often we try, for gateways that recognise repeats by it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, quote_plus, urlsplit

import httpx2

from visavis.gateways.sms import Accepted, Misconfigured, Permanent, Sms, Temporary
from visavis.gateways.sms.exchange import Answer, exchange, public_address

Method = Literal["POST", "PUT", "GET"]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Where to send texts, and how to know that they were taken.

    An answer of status 2xx means success; if `success` is given, it must also stand in the
    answer. With `inside` false only addresses on the public internet are asked.
    """

    url: str
    http: httpx2.Client
    method: Method = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = ""
    success: str = ""
    sender: str = ""
    inside: bool = False

    def send(self, sms: Sms) -> Accepted:
        """Hand a text over. Raises Temporary, Permanent or Misconfigured."""
        values = {"to": sms.to, "text": sms.text, "sender": self.sender, "id": sms.key}
        url = _filled(self.url, values, lambda value: quote(value, safe=""))
        headers = {"content-type": _usual_type(self.body)} if self.body else {}
        headers |= {name.lower(): value for name, value in self.headers.items()}
        body = _filled(self.body, values, _escape_for(headers.get("content-type", "")))
        return self._judged(self._ask(url, headers, body))

    def _ask(self, url: str, headers: dict[str, str], body: str) -> Answer:
        content = body.encode() if self.method != "GET" else None
        try:
            parts = urlsplit(url)
            host, port = _ascii(parts.hostname or ""), parts.port
        except ValueError as error:
            raise Misconfigured(f"not an address: {error}") from error
        if self.inside:
            return exchange(self.http, self.method, url, headers=headers, content=content)
        # The address that was checked is the one that is asked: a name may change its mind.
        address = public_address(host, port or (443 if parts.scheme == "https" else 80))
        netloc, named = (f"[{one}]" if ":" in one else one for one in (address, host))
        if port:
            netloc, named = f"{netloc}:{port}", f"{named}:{port}"
        return exchange(
            self.http,
            self.method,
            parts._replace(netloc=netloc).geturl(),
            headers={**headers, "host": named},
            content=content,
            extensions={"sni_hostname": host},
        )

    def _judged(self, answer: Answer) -> Accepted:
        if answer.taken:
            if self.success and self.success not in answer.text:
                raise Permanent(answer.line)
            return Accepted(answer.line)
        if answer.status in LATER or answer.status >= 500:
            raise Temporary(answer.line)
        if answer.status < 400 or answer.status in (401, 403, 404, 405):
            raise Misconfigured(answer.line)
        raise Permanent(answer.line)


def _ascii(host: str) -> str:
    """Return a host as it goes over the line. Raises UnicodeError for one that can be none."""
    return host if host.isascii() else host.encode("idna").decode()


def _filled(template: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    # In one pass: a text that has “[to]” in it stays as it is.
    pieces = template.split("[")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, bracket, rest = piece.partition("]")
        if bracket and name in values:
            filled.append(escape(values[name]) + rest)
        else:
            filled.append(f"[{piece}")
    return "".join(filled)


def _usual_type(body: str) -> str:
    # A list of our variables begins with a bracket, too.
    return JSON if body.lstrip().startswith(("{", "[{", '["')) else FORM


def _escape_for(content_type: str) -> Callable[[str], str]:
    if "json" in content_type:
        return lambda value: json.dumps(value)[1:-1]
    if FORM in content_type:
        return quote_plus
    return str
