"""How instants read in the reader's language: always in a named zone, and with that zone beside.

The clock and the order of a date follow the language (`formats/`); nothing here reads a clock or
a setting of the machine. Instants must know their zone: a naive one is a ValueError.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.formats import get_format

from visavis.design.zones import zone_label, zone_phrase


@dataclass(frozen=True, slots=True)
class SpanText:
    """The parts of "Thursday 26 November 2026, 14:30 – 15:30, Paris time (UTC+1)"."""

    start: str
    start_zone: str
    """Empty unless the clocks change in between, so that the offsets differ."""
    end: str
    zone: str


def full_moment(value: datetime, zone: str) -> str:
    """Return day, time and zone as plain text, for titles and messages."""
    return f"{moment(value, zone)}, {zone_label(zone, value)}"


def short_moment(value: datetime, zone: str) -> str:
    """Return day, time and zone in as few signs as can be, for phones."""
    return f"{moment(value, zone, 'short')}, {zone_phrase(zone)}"


def moment(value: datetime, zone: str, style: str = "full") -> str:
    """Return day and time without the zone; whoever shows it puts `zone_label` beside it."""
    return f"{day(value, zone, style)}, {clock(value, zone)}"


def day(value: datetime | date, zone: str, style: str = "full") -> str:
    """Return the day on which an instant falls in `zone`; a plain date is taken as it is."""
    local = _local(value, zone) if isinstance(value, datetime) else value
    return dateformat.format(local, _day_pattern(style))


def clock(value: datetime, zone: str) -> str:
    """Return the time of day that clocks in `zone` show."""
    return dateformat.time_format(_local(value, zone).time(), get_format("TIME_FORMAT"))


def span(start: datetime, end: datetime, zone: str, style: str = "full") -> SpanText:
    """Return from and until; the day is said once when both are on the same one."""
    from_, until = _local(start, zone), _local(end, zone)
    same_day = from_.date() == until.date()
    shifted = from_.utcoffset() != until.utcoffset()
    return SpanText(
        start=moment(start, zone, style),
        start_zone=zone_label(zone, start) if shifted else "",
        end=clock(end, zone) if same_day else moment(end, zone, style),
        zone=zone_label(zone, end),
    )


def month_title(value: date) -> str:
    """Return "November 2026"."""
    return dateformat.format(value, get_format("YEAR_MONTH_FORMAT"))


def own_format(name: str, otherwise: str) -> str:
    """Return a format that only `formats/` has, or another one for languages without it."""
    value = str(get_format(name))
    return otherwise if value == name else value


def machine(value: datetime, zone: str) -> str:
    """Return an instant as <time datetime> wants it, with the zone's offset."""
    return _local(value, zone).isoformat(timespec="minutes")


def _local(value: datetime, zone: str) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(ZoneInfo(zone))


def _day_pattern(style: str) -> str:
    patterns = {
        "full": f"l {get_format('DATE_FORMAT')}",
        "medium": str(get_format("SHORT_DATE_FORMAT")),
        "short": own_format("SHORT_DAY_FORMAT", f"D {get_format('MONTH_DAY_FORMAT')}"),
    }
    return patterns[style]
