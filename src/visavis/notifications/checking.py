"""What is wrong with a text that somebody wrote, before anybody is sent it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from visavis.notifications.variables import BY_NAME, allowed, nearest

# A few words in brackets are meant as a variable, however they are written, if there is a letter
# in them: “[1]” and “[…]” are prose, and so is a sentence.
_BRACKETS = re.compile(r"\[(?=[^\[\]\n]*[^\W\d])([^\[\]\n]{1,60})\]")
_OPEN = re.compile(r"\[([^\W\d][\w-]*)[^\[\]\n]*(?=[\[\n]|\Z)")
# As other programs write theirs. It may be prose too, unless it is nearly one of ours.
_BRACES = re.compile(r"\{+\s*([^\W\d]\w*)\s*\}+")
_CONDITION = re.compile(r"if (\S+)")
END = "end"


class Fault(StrEnum):
    """In which way a text is wrong."""

    UNKNOWN = "unknown"  # no such variable
    NOT_FOR_THEM = "not_for_them"  # not in messages to this audience
    OPEN = "open"  # a bracket without its end
    BRACES = "braces"  # other signs around a name
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
    found = (
        *_wrong_names(text, audience, known),
        *_wrong_signs(text, audience),
        *_wrong_conditions(text),
    )
    return list(dict.fromkeys(found))


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


def _wrong_signs(text: str, audience: str) -> Iterator[Problem]:
    for name in _OPEN.findall(text):
        yield Problem(Fault.OPEN, name, _meant(name, audience))
    for written in _BRACES.finditer(text):
        if meant := _meant(written[1], audience):
            yield Problem(Fault.BRACES, written[0], meant)


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
