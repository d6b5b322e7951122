"""Encryption at rest, for tokens and secrets of other people's systems.

Fernet (AES-128-CBC with HMAC) from the `cryptography` package. The first key
encrypts; all keys decrypt, so a key is rotated by putting a new one in front.
"""

import base64
import hashlib
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Unreadable(str):
    """A secret that no configured key decrypts: empty, so that nobody can use it.

    What stands in the database is kept and saved as it was. When the operator puts the old
    key back, everything works as before.
    """

    __slots__ = ("encrypted",)
    encrypted: str

    def __new__(cls, encrypted: str) -> "Unreadable":
        """Return an empty text that remembers what could not be read."""
        made = super().__new__(cls, "")
        made.encrypted = encrypted
        return made


def is_unreadable(value: str) -> bool:
    """Tell whether a value from the database could not be decrypted."""
    return isinstance(value, Unreadable)


def _key_from(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"visavis:" + secret.encode()).digest())


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key_from(key)) for key in keys])


def _keys() -> tuple[str, ...]:
    return tuple(settings.ENCRYPTION_KEYS) or (settings.SECRET_KEY,)


def box() -> MultiFernet:
    """Return what encrypts and decrypts with the configured keys."""
    return _box(_keys())


def is_current(encrypted: str) -> bool:
    """Tell whether the first key decrypts what stands in the database."""
    try:
        _box(_keys()[:1]).decrypt(encrypted.encode())
    except InvalidToken:
        return False
    return True


def decrypted(encrypted: str) -> str:
    """Return the secret behind what stands in the database, or `Unreadable`."""
    try:
        return box().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return Unreadable(encrypted)


class EncryptedTextField(models.TextField[str, str]):
    """Text that is encrypted in the database and plain in Python, or `Unreadable` there."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.encrypted
        if not value:
            return ""
        return box().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypted(value) if value else ""
