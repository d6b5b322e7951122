"""Zoom's webhook signature, version 0 (Zoom developer documentation, "Using webhooks")."""

import hashlib
import hmac


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of `x-zm-signature` for these exact bytes."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def answer_to_challenge(secret: str, plain_token: str) -> str:
    """Return the `encryptedToken` which proves that an endpoint knows the secret."""
    return hmac.new(secret.encode(), plain_token.encode(), hashlib.sha256).hexdigest()
