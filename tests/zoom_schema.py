"""Zoom's own descriptions as a measure, where they are at hand.

They are not under an open-source licence, so they are no part of this project. Put `openapi.json`
and `webhooks.json` into a folder and name it in ZOOM_SPEC_FOLDER, or beside the checkout.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote

from jsonschema import Draft7Validator, Draft202012Validator

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("ZOOM_SPEC_FOLDER", CHECKOUT.parent / "shared" / "zoom"))
AVAILABLE = (FOLDER / "openapi.json").exists() and (FOLDER / "webhooks.json").exists()

# Faults of the descriptions themselves.
NOT_DESCRIBED = {
    # Real deliveries put `event_ts` on the top level; the description has it inside.
    "app_deauthorized",
    "endpoint.url_validation",
}


@cache
def _operations():
    description = json.loads((FOLDER / "openapi.json").read_text())
    found = []
    for path, methods in description["paths"].items():
        pattern = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
        # The more literal path first, so that /users/me/zak is not taken for a user.
        rank = path.count("{")
        found += [
            (rank, method.upper(), pattern, path, operation)
            for method, operation in methods.items()
            if method != "parameters"
        ]
    return sorted(found, key=lambda row: (row[0], row[3]))


@cache
def _events():
    return json.loads((FOLDER / "webhooks.json").read_text())["webhooks"]


def operation_of(method, path):
    """Return (path template, operation) for a call, or None."""
    for _, known, pattern, template, operation in _operations():
        if known == method and pattern.match(path.split("?")[0]):
            return template, operation
    return None


def operation_ids():
    return {operation["operationId"] for *_, operation in _operations()}


def described_fields(method, template, status, within=None):
    """Return the kinds of an answer's fields by their names; `within` names a list of it."""
    operation = next(row[4] for row in _operations() if row[1] == method and row[3] == template)
    schema = _schema(operation["responses"][str(status)])
    if within:
        schema = _merged(schema)["properties"][within]["items"]
    return {name: one.get("type") for name, one in _merged(schema)["properties"].items()}


def _merged(schema):
    parts = [_merged(part) for kind in ("allOf", "anyOf") for part in schema.get(kind, [])]
    merged = {k: v for one in reversed(parts) for k, v in one["properties"].items()}
    return {"properties": merged | schema.get("properties", {})}


def _schema(holder):
    return _lenient(next(iter(holder["content"].values()))["schema"])


def _lenient(schema):
    # The alternatives of `oneOf` have no required fields, so that every object fits them all.
    if isinstance(schema, dict):
        names = {"oneOf": "anyOf"}
        return {names.get(key, key): _lenient(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_lenient(value) for value in schema]
    return schema


def check_exchange(method, path, sent, response):
    """Check a REST call and its answer. Refused requests may be wrong on purpose."""
    found = operation_of(method, unquote(path)) or operation_of(method, path) if AVAILABLE else None
    if found is None:
        return
    _, operation = found
    described = operation["responses"].get(str(response.status_code))
    if response.status_code < 300:
        assert described, f"{method} {path} never answers {response.status_code}"
        if sent is not None and "requestBody" in operation:
            Draft7Validator(_schema(operation["requestBody"])).validate(sent)
        if "content" in described:
            Draft7Validator(_schema(described)).validate(response.json())
        else:
            assert response.content == b""


def check_request(method, path, query, sent):
    """Check what was asked, whatever came of it."""
    found = operation_of(method, unquote(path)) or operation_of(method, path) if AVAILABLE else None
    if found is None:
        return
    _, operation = found
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    unknown = set(parse_qs(query)) - known
    assert not unknown, f"{method} {path} knows no {', '.join(sorted(unknown))}"
    if sent is not None:
        Draft7Validator(_schema(operation["requestBody"])).validate(sent)


def check_event(body):
    """Check the body of an event."""
    if not AVAILABLE or body["event"] in NOT_DESCRIBED:
        return
    described = _events()[body["event"]]["post"]["requestBody"]
    Draft202012Validator(_schema(described)).validate(body)
