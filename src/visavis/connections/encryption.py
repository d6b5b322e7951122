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


class CannotDecrypt(Exception):
    """No configured key fits: `VISAVIS_ENCRYPTION_KEYS` or the secret key was changed."""


def _key_from(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"visavis:" + secret.encode()).digest())


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key_from(key)) for key in keys])


def box() -> MultiFernet:
    """Return what encrypts and decrypts with the configured keys."""
    return _box(tuple(settings.ENCRYPTION_KEYS) or (settings.SECRET_KEY,))


class EncryptedTextField(models.TextField[str, str]):
    """Text that is encrypted in the database and plain in Python."""

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        return box().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        if not value:
            return ""
        try:
            return box().decrypt(value.encode()).decode()
        except InvalidToken:
            raise CannotDecrypt(f"{self.model.__name__}.{self.name}") from None
