"""Hours of the night in which nobody is reminded of anything.

They are wall time in the zone of whoever would be woken.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

# A message put before the night arrives while its reader is still up.
BEFORE_THE_NIGHT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Minutes after midnight; a night that ends before it starts ends on the next day."""

    starts: int
    ends: int

    def night_around(self, moment: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
        """Return the night that holds an instant, or None if that is not at night."""
        today = moment.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begins = datetime.combine(day, _clock(self.starts), zone).astimezone(UTC)
            last_day = day if self.starts < self.ends else day + timedelta(days=1)
            ends = datetime.combine(last_day, _clock(self.ends), zone).astimezone(UTC)
            if self.starts != self.ends and begins <= moment < ends:
                return begins, ends
        return None

    def awake(self, due: datetime, *, event: datetime, zone: tzinfo) -> datetime:
        """Return when to remind somebody of an event who would have been reminded at `due`.

        Out of the night: after it, if at least half of the time until the event remains then,
        else half an hour before it.
        """
        night = self.night_around(due, zone)
        if night is None:
            return due
        begins, ends = night
        return ends if (event - ends) * 2 >= event - due else begins - BEFORE_THE_NIGHT


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
