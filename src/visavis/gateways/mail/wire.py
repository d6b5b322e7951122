"""A message as it goes over the line: bytes, and addresses a server understands."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from visavis.gateways.mail import Permanent

LOCAL_PART = re.compile(r"[^\s()<>\[\]:;@\\,\"]+")
DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Wire:
    """What an SMTP conversation needs: sender, recipient, options of MAIL FROM, content."""

    sender: str
    to: str
    options: list[str]
    content: bytes


def to_wire(message: EmailMessage, sender: str, to: str, *, international: bool) -> Wire:
    """Return what to say for a message.

    A domain beyond ASCII is written in its ASCII form; a local part beyond it needs a server
    that is `international` (RFC 6531). Raises Permanent for an address that cannot be sent to.
    """
    ours, theirs = ascii_address(sender), ascii_address(to)
    if ours.isascii() and theirs.isascii():
        return Wire(ours, theirs, [], message.as_bytes(policy=SMTP))
    if not international:
        raise Permanent("the server cannot deliver to addresses beyond ASCII")
    content = message.as_bytes(policy=SMTPUTF8)
    return Wire(ours, theirs, ["SMTPUTF8", "BODY=8BITMIME"], content)


def ascii_address(address: str) -> str:
    """Return an address with its domain in ASCII. Raises Permanent if it is none.

    Quoted local parts, which nobody uses, are not addresses to us: they could hold anything.
    """
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise Permanent(f"not a domain: {domain!r}") from error
    if not (LOCAL_PART.fullmatch(local) and local.isprintable() and DOMAIN.fullmatch(domain)):
        raise Permanent(f"not an address: {address!r}")
    return f"{local}@{domain}"
