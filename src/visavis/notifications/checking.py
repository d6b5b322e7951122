"""What is wrong with a text that somebody wrote, before anybody is sent it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from visavis.notifications.variables import BY_NAME, allowed, nearest

# Anything that looks like a name in brackets is meant as a variable, however it is written.
_BRACKETS = re.compile(r"\[(\s*[A-Za-z][^\[\]\n]{0,59})\]")
_CONDITION = re.compile(r"if (\S+)")
END = "end"


class Fault(StrEnum):
    """In which way a text is wrong."""

    UNKNOWN = "unknown"  # no such variable
    NOT_FOR_THEM = "not_for_them"  # not in messages to this audience
    NOT_CLOSED = "not_closed"  # an [if …] without its [end]
    NESTED = "nested"  # an [if …] inside another


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: with which name, and which one was probably meant."""

    fault: Fault
    name: str
    meant: str | None = None


def problems(text: str, audience: str) -> list[Problem]:
    """Return what is wrong with a text for an audience, in the order in which it stands there."""
    known = {variable.name for variable in allowed(audience)}
    return list(dict.fromkeys((*_wrong_names(text, audience, known), *_wrong_conditions(text))))


def mentions(text: str, name: str) -> bool:
    """Return whether a text has a variable in it."""
    return f"[{name}]" in text


def _wrong_names(text: str, audience: str, known: set[str]) -> Iterator[Problem]:
    for written in _BRACKETS.findall(text):
        condition = _CONDITION.fullmatch(written)
        name = condition[1] if condition else written
        if name in known or written == END:
            continue
        meant = _meant(name, audience)
        if condition and meant:
            meant = f"if {meant}"
        yield Problem(Fault.NOT_FOR_THEM if name in BY_NAME else Fault.UNKNOWN, written, meant)


def _wrong_conditions(text: str) -> Iterator[Problem]:
    open_one = ""
    for written in _BRACKETS.findall(text):
        condition = _CONDITION.fullmatch(written)
        if condition and open_one:
            yield Problem(Fault.NESTED, condition[1])
        elif condition:
            open_one = condition[1]
        elif written == END and not open_one:
            yield Problem(Fault.UNKNOWN, END)
        elif written == END:
            open_one = ""
    if open_one:
        yield Problem(Fault.NOT_CLOSED, open_one)


def _meant(name: str, audience: str) -> str | None:
    return nearest(re.sub(r"[\s-]+", "_", name.strip().lower()), audience)
