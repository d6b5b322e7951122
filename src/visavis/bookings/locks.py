"""The lock that serialises changes to a provider's calendar.

Taken first, always, and in the order of the providers' keys: two operations can then never
wait for each other in a circle. On SQLite there is nothing to do, since every transaction
begins by taking the only write lock (`transaction_mode` IMMEDIATE in the settings).
"""

from collections.abc import Iterable

from django.db import OperationalError, connection
from django.db.models import Q

from visavis.bookings.models import Appointment, Booking
from visavis.catalog.models import Provider
from visavis.meetings.models import MeetingProvider

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_DEADLOCK, _SERIALIZATION = "40P01", "40001"


def lock_calendars(provider_ids: Iterable[int]) -> None:
    """Hold the calendars of these providers until the transaction ends.

    With them those of whoever meets as the same host: that one leads one meeting at a time.
    """
    if connection.features.has_select_for_no_key_update:
        wanted = set(provider_ids)
        mapped = MeetingProvider.objects.exclude(host_id="")
        hosts = mapped.filter(provider__in=wanted).values("host_id")
        sharing = mapped.filter(host_id__in=hosts).values("provider")
        rows = Provider.objects.filter(Q(pk__in=wanted) | Q(pk__in=sharing)).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def lock_calendar_of(place: Appointment | Booking, others: Iterable[int] = ()) -> set[int]:
    """Hold the calendar in which an appointment or a booking stands, and others with it.

    Somebody may have given it to another provider while we waited: then that one's is held too.
    Return whose calendars are held, by key.
    """
    there = Appointment.objects.values_list("provider_id", flat=True)
    if isinstance(place, Booking):
        stands, there = place.appointment.provider_id, there.filter(bookings=place.pk)
    else:
        stands, there = place.provider_id, there.filter(pk=place.pk)
    locked = {stands, *others}
    lock_calendars(locked)
    # An appointment that is gone by now stands nowhere else.
    while (stands := there.first() or stands) not in locked:
        locked.add(stands)
        lock_calendars(locked)
    return locked


def is_lost_race(error: OperationalError) -> bool:
    """Return whether the database broke off because somebody else was quicker."""
    return getattr(error.__cause__, "sqlstate", None) in {_DEADLOCK, _SERIALIZATION}
