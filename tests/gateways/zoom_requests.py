"""Whether what we ask of Zoom is what Zoom lets one ask: every call of every test is looked at.

What Zoom's API reference allows of the calls we make is restated in `zoom_requests.json`. Where
its own descriptions are at hand (see `zoom_schema.py`), they are asked as well.
"""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from jsonschema import Draft7Validator

import zoom_schema


@cache
def _known():
    described = json.loads(Path(__file__).with_suffix(".json").read_text())
    return [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", call) + "$"), rules)
        for call, rules in described.items()
    ]


def check_all(calls):
    """Look at recorded calls. Those that Zoom refused of itself may be wrong on purpose."""
    for call in calls:
        refused = call["status"] is not None and call["status"] >= 400 and not call["fault"]
        # What people do on the consent page is no call of ours.
        if not refused and call["path"] != "/oauth/authorize":
            # A fault may come before the body is read.
            body = None if call["fault"] and not call["body"] else call["body"]
            check(call["method"], call["path"], call["query"], body)


def check(method, path, query="", body=""):
    """Look at one call; `body` is None where nobody knows it.

    Raises AssertionError or ValidationError.
    """
    asked = f"{method} {path}"
    rules = next((rules for pattern, rules in _known() if pattern.match(asked)), None)
    assert rules is not None, f"{asked} is not described in zoom_requests.json"
    _fields(asked, query, rules.get("query", {}))
    if body is None:
        return
    if "form" in rules:
        _fields(asked, body, rules["form"])
    elif "body" in rules:
        Draft7Validator(rules["body"]).validate(json.loads(body))
    else:
        assert body == "", f"{asked} has no body"
    if path.startswith("/v2/"):
        sent = json.loads(body) if body else None
        zoom_schema.check_request(method, path.removeprefix("/v2"), query, sent)


def _fields(asked, encoded, allowed):
    for name, values in parse_qs(encoded, keep_blank_values=True).items():
        assert name in allowed, f"{asked} knows no {name}"
        for value in values:
            assert re.fullmatch(allowed[name], value), f"{asked}: {name} is not {value!r}"
