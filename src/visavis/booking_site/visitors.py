"""Who holds a seat: a browser, known by its session, and the address it comes from.

Both are kept as hashes, and only as long as something is held.
"""

import secrets

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from visavis.booking_site.rate_limits import address_of

_KEY = "visitor"


def visitor_of(request: HttpRequest) -> str:
    """Return this browser as holds know it, or nothing if it never held anything."""
    token = request.session.get(_KEY, "")
    return _hashed(token) if token else ""


def remembered_visitor(request: HttpRequest) -> str:
    """Return this browser as holds know it from now on."""
    request.session.setdefault(_KEY, secrets.token_urlsafe(24))
    return visitor_of(request)


def hashed_address_of(request: HttpRequest) -> str:
    """Return where the visitor comes from, unreadable."""
    return _hashed(address_of(request))


def _hashed(value: str) -> str:
    return salted_hmac(__name__, value, algorithm="sha256").hexdigest()
