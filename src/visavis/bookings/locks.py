"""The lock that serialises changes to a provider's calendar.

Taken first, always, and in the order of the providers' keys: two operations can then never
wait for each other in a circle. First also means before a rule is changed, since that writes
the company's row (see `rules_version`). On SQLite there is nothing to do, since every transaction
begins by taking the only write lock (`transaction_mode` IMMEDIATE in the settings).
"""

from collections.abc import Iterable

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from visavis.bookings.models import Appointment, Booking
from visavis.catalog.models import Provider
from visavis.database.prepared import prepared
from visavis.meetings.models import MeetingProvider

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_DEADLOCK, _SERIALIZATION, _LOCKED = "40P01", "40001", "55P03"
# https://www.sqlite.org/rescode.html, whose extended codes keep more in the higher bits.
_SQLITE_BUSY, _SQLITE_LOCKED, _PRIMARY = 5, 6, 0xFF


def lock_calendars(provider_ids: Iterable[int]) -> None:
    """Hold the calendars of these providers until the transaction ends.

    With them those of whoever meets as the same host: that one leads one meeting at a time.
    """
    if connection.features.has_select_for_no_key_update:
        _locked(providers=sorted(set(provider_ids)))


@prepared
def _locked(providers: list[int]) -> QuerySet[Provider, tuple[int]]:
    mapped = MeetingProvider.objects.exclude(host_id="")
    hosts = mapped.filter(provider__in=providers).values("host_id")
    sharing = mapped.filter(host_id__in=hosts).values("provider")
    rows = Provider.objects.filter(Q(pk__in=providers) | Q(pk__in=sharing)).order_by("pk")
    return rows.select_for_update(no_key=True).values_list("pk")


def lock_word(word: str) -> None:
    """Let one transaction at a time go on with this word, until it ends. After the calendars."""
    if connection.features.has_select_for_no_key_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [word])


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
    while True:
        before = transaction.savepoint()
        lock_calendars(locked)
        # An appointment that is gone by now stands nowhere else.
        stands = there.first() or stands
        if stands in locked:
            transaction.savepoint_commit(before)
            return locked
        # Locks are let go of with the savepoint, and taken anew in the order of the keys:
        # one more on top could be the lower one.
        transaction.savepoint_rollback(before)
        locked.add(stands)


def is_lost_race(error: OperationalError) -> bool:
    """Return whether the database broke off because somebody else was quicker."""
    return getattr(error.__cause__, "sqlstate", None) in {_DEADLOCK, _SERIALIZATION}


def is_busy(error: OperationalError) -> bool:
    """Return whether others keep what is wanted: a lost race, or a lock that never came free."""
    if is_lost_race(error) or getattr(error.__cause__, "sqlstate", None) == _LOCKED:
        return True
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & _PRIMARY in {_SQLITE_BUSY, _SQLITE_LOCKED}
