"""Remembering what was read of a company's rules, for as long as its version of them lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_version: ContextVar[str | None] = ContextVar("rules_version", default=None)


@contextmanager
def as_of(version: str) -> Iterator[None]:
    """Let queries that read rules alone answer from memory, if they ran under this version.

    The version was read just before, and belongs to the one company that is asked about. Without
    a version they are asked, whatever was the case around: so it is until a decision has its lock.
    """
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def under_lock(version: str) -> None:
    """Let the rest of the surrounding `as_of` answer from memory, for a version read just now.

    For a decision whose calendars are locked: it is made by the rules of this moment.
    """
    assert _version.get() is not None, "nothing would forget it again"
    _version.set(version)


def version() -> str:
    """Return the version under which rules are read now, or nothing."""
    return _version.get() or ""
