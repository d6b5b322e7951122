"""Relays that tell what becomes of mail, and the header by which they know which one it was.

Mail leaves by SMTP as ever. Each of these relays takes a header of its own kind along, and hands
what stands in it back with everything that it tells of that mail.
"""

import json
from collections.abc import Callable, Mapping

# Under which name a relay keeps our reference.
REFERENCE = "visavis"


def _alone(reference: str) -> str:
    return reference


def _in_json(reference: str) -> str:
    return json.dumps({REFERENCE: reference}, separators=(",", ":"))


def _in_unique_args(reference: str) -> str:
    return json.dumps({"unique_args": {REFERENCE: reference}}, separators=(",", ":"))


_HEADERS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    # https://developers.brevo.com/docs/smtp-integration
    "brevo": ("X-Mailin-custom", _in_json),
    # https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages
    "mailgun": ("X-Mailgun-Variables", _in_json),
    # https://dev.mailjet.com/smtp-relay/custom-headers/
    "mailjet": ("X-MJ-EventPayload", _in_json),
    # https://postmarkapp.com/support/article/1125-custom-metadata-faq
    "postmark": (f"X-PM-Metadata-{REFERENCE}", _alone),
    # https://www.twilio.com/docs/sendgrid/for-developers/sending-email/unique-arguments
    "sendgrid": ("X-SMTPAPI", _in_unique_args),
}
RELAYS = tuple(_HEADERS)
HEADER_NAMES = frozenset(name.lower() for name, _form in _HEADERS.values())


def header_for(relay: str, reference: str) -> tuple[str, str] | None:
    """Return name and value of the header for a relay, or None if we know no such relay."""
    if relay not in _HEADERS:
        return None
    name, form = _HEADERS[relay]
    return name, form(reference)
