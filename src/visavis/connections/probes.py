"""Asking our own public addresses what Zoom would ask them, from this server."""

import json
from datetime import datetime

import httpx2

from visavis.gateways.video import TryLater
from visavis.gateways.video.zoom import errors, webhooks
from visavis.gateways.video.zoom.transport import ORDINARY, TimeLeft, send

# The callback page says by this header that it is ours.
CALLBACK_HEADER = ("x-visavis-page", "zoom-callback")


def is_our_callback(http: httpx2.Client, address: str) -> bool:
    """Tell whether this installation answers at an address that Zoom sends people to."""
    try:
        response = send(http, "GET", address, TimeLeft(ORDINARY))
    except TryLater:
        return False
    name, value = CALLBACK_HEADER
    return bool(response.headers.get(name) == value)


def answers_challenge(
    http: httpx2.Client, address: str, secret: str, *, token: str, now: datetime
) -> bool:
    """Tell whether a webhook address passes Zoom's own test of it."""
    plain = f"{webhooks.OWN_CHALLENGE}{token}"
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": plain}})
    headers = webhooks.signed(secret, body.encode(), now=now)
    try:
        response = send(
            http, "POST", address, TimeLeft(ORDINARY), content=body.encode(), headers=headers
        )
    except TryLater:
        return False
    return errors.json_object(response) == webhooks.challenge_answer(secret, plain)
