"""Times of day as rules keep them, minutes after local midnight, in words."""

from collections.abc import Iterable
from datetime import time

from django.utils import formats
from django.utils.translation import gettext as _

from visavis.catalog.operations import Interval

DAY = 24 * 60


def clock(minutes: int) -> str:
    """Return the time that clocks on the wall show, in the reader's manner."""
    return formats.time_format(time(minutes // 60 % 24, minutes % 60))


def in_words(intervals: Iterable[Interval]) -> str:
    """Return "9:00 AM – 12:00 PM, 1:00 PM – 5:00 PM"."""
    return ", ".join(
        (_("%(from)s – %(until)s (the next day)") if one.ends > DAY else _("%(from)s – %(until)s"))
        % {"from": clock(one.starts), "until": clock(one.ends)}
        for one in intervals
    )
