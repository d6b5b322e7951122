"""How a start is written in an address: `20261126T1330Z`, always in UTC."""

from datetime import UTC, datetime

_FORMAT = "%Y%m%dT%H%MZ"


class StartConverter:
    """An instant, to the minute. Anything else is no address of ours."""

    regex = r"20\d{6}T\d{4}Z"

    def to_python(self, value: str) -> datetime:
        return datetime.strptime(value, _FORMAT).replace(tzinfo=UTC)

    def to_url(self, value: datetime) -> str:
        return value.astimezone(UTC).strftime(_FORMAT)


def written(start: datetime) -> str:
    """Return a start as addresses have it."""
    return StartConverter().to_url(start)


def read(text: str) -> datetime | None:
    """Return the start that a query string names, or None if it names none."""
    try:
        return StartConverter().to_python(text)
    except ValueError:
        return None
