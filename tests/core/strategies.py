"""Random calendars near the moments at which clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from visavis.core.hours import SpecialDay, TimeOff, Timetable, WeeklyHours
from visavis.core.rules import Rules
from visavis.core.spans import merge

from . import oracle

# A zone and a local day on which its clocks do something, or nothing, remarkable.
REMARKABLE = [
    ("Etc/UTC", datetime(2027, 3, 28)),
    ("Europe/Paris", datetime(2027, 3, 28)),  # 23 hours
    ("Europe/Paris", datetime(2027, 10, 31)),  # 25 hours
    ("America/New_York", datetime(2027, 3, 14)),
    ("Australia/Lord_Howe", datetime(2027, 4, 4)),  # half an hour back
    ("Australia/Lord_Howe", datetime(2027, 10, 3)),
    ("Asia/Kathmandu", datetime(2027, 6, 1)),  # UTC+5:45
    ("America/St_Johns", datetime(2010, 11, 7)),  # back over midnight, at one past
    ("America/Havana", datetime(2027, 3, 14)),  # no midnight
    ("America/Havana", datetime(2027, 11, 7)),
    ("America/Asuncion", datetime(2023, 3, 26)),  # back at midnight
    ("Africa/Cairo", datetime(2027, 10, 29)),
    ("Pacific/Apia", datetime(2011, 12, 30)),  # a day that never was
    ("Pacific/Chatham", datetime(2027, 4, 4)),  # UTC+13:45
]
MINUTE = timedelta(minutes=1)
SPAN_LENGTHS = st.one_of(st.integers(1, 90), st.integers(1, 600))


@st.composite
def places(draw):
    """A zone, and the first UTC minute of a remarkable day in it."""
    name, day = draw(st.sampled_from(REMARKABLE))
    zone = ZoneInfo(name)
    return zone, oracle.instant(day, zone)


@st.composite
def spans(draw, around, *, at_most=6, lengths=SPAN_LENGTHS):
    begins = draw(st.lists(st.integers(around - 1500, around + 2500), max_size=at_most))
    return [(begin, begin + draw(lengths)) for begin in begins]


@st.composite
def openings(draw, around):
    lengths = st.one_of(st.integers(30, 700), st.integers(1000, 4500))
    found = draw(spans(around, at_most=4, lengths=lengths))
    if not found or draw(st.booleans()):
        found.append((around - 300, around + draw(st.sampled_from([900, 2000, 5000]))))
    return Timetable(tuple(merge(found)))


def all_rules():
    return st.builds(
        Rules,
        duration=st.integers(1, 100),
        step=st.sampled_from([1, 5, 7, 15, 30, 45, 60, 90]),
        buffer_before=st.sampled_from([0, 0, 5, 30]),
        buffer_after=st.sampled_from([0, 0, 10, 45]),
        buffer_may_overrun_closing=st.booleans(),
        notice=st.sampled_from([0, 0, 60, 600]),
        horizon=st.sampled_from([None, None, 0, 700, 2000]),
        seats=st.sampled_from([1, 1, 8]),
        places=st.sampled_from([1, 1, 2]),
        day_limit=st.sampled_from([None, None, 1, 2]),
        sessions_only=st.sampled_from([False, False, False, True]),
    )


@st.composite
def cases(draw):
    """The arguments of an `Availability`, as a dict, and a window of a day and a half."""
    zone, day = draw(places())
    appointments = draw(spans(day))
    blocked = [
        (start - draw(st.integers(0, 30)), end + draw(st.integers(0, 30)))
        for start, end in appointments
    ]
    begins = [start for start, _ in appointments]
    joinable = draw(st.dictionaries(st.sampled_from(begins), st.integers(0, 3))) if begins else {}
    case = {
        "rules": draw(all_rules()),
        "zone": zone,
        "now": day + draw(st.integers(-1500, 600)),
        "company": draw(openings(day)),
        "provider": draw(openings(day)),
        "offering": draw(st.none() | openings(day)),
        "taken": appointments,
        "blocked": blocked,
        "joinable": joinable,
        "host_busy": draw(spans(day, at_most=2)),
        "host_overbooked": draw(spans(day, at_most=1)),
        "elsewhere": draw(spans(day, at_most=2)),
    }
    return case, (day - 300, day + 1860)


def weekly_hours():
    return st.builds(
        lambda weekday, starts, length: WeeklyHours(weekday, starts, starts + length),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 1440),
    )


def special_days(day):
    intervals = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
        lambda pair: (pair[0], sum(pair))
    )
    return st.builds(
        SpecialDay,
        near(day).map(lambda local: local.date()),
        st.lists(intervals, max_size=2).map(tuple),
    )


def time_off(day):
    return st.builds(
        lambda start, length: TimeOff(start, start + length),
        near(day),
        st.timedeltas(min_value=MINUTE, max_value=30 * 60 * MINUTE),
    )


def near(day):
    return st.integers(-3000, 4500).map(lambda minutes: day + minutes * MINUTE)
