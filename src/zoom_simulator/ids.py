"""Identifiers which look like Zoom's, with the awkward ones made frequent.

Meeting numbers always have 11 digits, so they never fit 32 bits. Two meeting UUIDs in three begin
with a slash or hold a double one, which in a path must be encoded twice (Zoom API reference,
"past meetings").
"""

import base64
import json
import random
import secrets
import string
from datetime import datetime

_LETTERS = string.ascii_letters + string.digits


class Identifiers:
    """Makes identifiers; with a seed, the same ones each time."""

    def __init__(self, seed: int | None = None) -> None:
        # These are to be told apart and repeatable, not secret; secrets come from `secret`.
        self._random = random.Random(seed)  # noqa: S311
        self._uuids = 0

    def text(self, length: int) -> str:
        """Return a random word of letters and digits."""
        return "".join(self._random.choices(_LETTERS, k=length))

    def meeting_number(self) -> int:
        """Return an 11-digit meeting number."""
        return self._random.randrange(80_000_000_000, 99_999_999_999)

    def personal_number(self) -> int:
        """Return a 10-digit personal meeting number."""
        return self._random.randrange(3_000_000_000, 9_999_999_999)

    def uuid(self) -> str:
        """Return a meeting UUID: plain, led by a slash, or with a double slash, in turn."""
        self._uuids += 1
        body = self.text(20)
        awkward = {0: "/" + body + "A", 1: body[:9] + "//" + body[9:]}
        return awkward.get(self._uuids % 3, body + "+A") + "=="

    def passcode(self) -> str:
        """Return a six-character passcode."""
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=6))


def secret(length: int = 32) -> str:
    """Return an unguessable word for links, seats and sessions."""
    return secrets.token_urlsafe(length)


def jwt_like(**claims: str | int) -> str:
    """Return a token with the looks of a JWT; clients are told to treat it as opaque."""

    def part(data: object) -> str:
        raw = json.dumps(data, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    header = {"alg": "HS512", "typ": "JWT", "v": "2.0"}
    return f"{part(header)}.{part({**claims, 'jti': secrets.token_hex(8)})}.{secret(24)}"


def unix(moment: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(moment.timestamp())
