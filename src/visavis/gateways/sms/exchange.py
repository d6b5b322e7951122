"""One HTTP exchange with a gateway, bounded in time; the HTTP library's errors end here."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from visavis.gateways.sms import Misconfigured, Temporary

TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
LONGEST_SECONDS = 30.0
# Twilio's list of twenty texts fits, of 1,600 letters each, if every letter is written as six.
LONGEST_BODY = 256 * 1024
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of an endless body only the beginning."""

    status: int
    text: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def line(self) -> str:
        """Status and text on one line, cut short, for people."""
        return " ".join(f"{self.status} {self.text}".split())[:LONGEST_LINE]


def http_client() -> httpx2.Client:
    """Return an HTTP client to share within a process; it follows no redirects."""
    return httpx2.Client(headers={"user-agent": "visavis"}, timeout=TIMEOUT)


def exchange(http: httpx2.Client, method: str, url: str, **content: Any) -> Answer:
    """Make one exchange and return the answer, whatever its status.

    Raises Temporary if there was none, Misconfigured if the address is none, or if something
    goes with it that cannot be sent.
    """
    try:
        with http.stream(method, url, **content) as response:
            return Answer(response.status_code, _beginning(response))
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise Misconfigured(f"not an address: {error}") from error
    except ValueError as error:
        # Headers beyond ASCII, among others. What stands in them is nobody's business.
        raise Misconfigured(f"not a request ({type(error).__name__})") from error
    except httpx2.RequestError as error:
        raise Temporary(f"no answer ({type(error).__name__})") from error


def _beginning(response: httpx2.Response) -> str:
    """Read what a gateway says, but not for ever: its address may have been typed by anybody."""
    body, ends = b"", time.monotonic() + LONGEST_SECONDS
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LONGEST_BODY or time.monotonic() > ends:
            break
    return body[:LONGEST_BODY].decode(errors="replace")


def public_address(host: str, port: int) -> str:
    """Return an address on the public internet that this name stands for.

    Whoever may type an address must not reach what stands beside our server. Raises
    Temporary if the name is not found, Misconfigured if it leads inside.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Temporary(f"{host} is not found ({error})") from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    for address in addresses:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None)
        if not (mapped or ip).is_global or ip.is_multicast:
            raise Misconfigured(f"{host} is not on the public internet")
    return addresses[0]
