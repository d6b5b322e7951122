"""A company's rules about time, read once and spelt out for whoever they bind."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from visavis.catalog import holidays
from visavis.catalog.models import Offering, Provider, SpecialHours, TimeOff, WeeklyHours
from visavis.core import hours
from visavis.core.spans import Span
from visavis.database.prepared import prepared_rules

ALWAYS = [hours.WeeklyHours(weekday, 0, 1440) for weekday in range(7)]
# The same rules give the same hours: only what was read decides what is remembered.
_timetable = lru_cache(maxsize=1024)(hours.timetable)


class Timetables:
    """The hours that matter to one offering and these providers, between two instants."""

    def __init__(
        self,
        offering: Offering,
        providers: Collection[Provider],
        *,
        since: datetime,
        until: datetime,
    ) -> None:
        ids = [provider.pk for provider in providers]
        first, last = since.date(), until.date()
        owners: dict[str, Any] = {
            "company": offering.company_id,
            "offering": offering.pk,
            "providers": ids,
        }
        self._offering = offering
        self._holidays = holidays.observed(offering.company, ids, since=first, until=last)
        self._weekly: dict[Any, list[hours.WeeklyHours]] = defaultdict(list)
        self._special: dict[Any, dict[date, list[tuple[int, int]]]] = defaultdict(dict)
        self._time_off: dict[int, list[hours.TimeOff]] = defaultdict(list)
        for *owner, weekday, starts, ends in _weekly_hours(**owners):
            self._weekly[_owner(*owner)].append(hours.WeeklyHours(weekday, starts, ends))
        for *owner, day, opens, closes in _special_hours(**owners, first=first, last=last):
            intervals = self._special[_owner(*owner)].setdefault(day, [])
            if opens is not None and closes is not None:
                intervals.append((opens, closes))
        for provider_id, first_day, starts, last_day, ends in _time_off(
            providers=ids, first=first, last=last
        ):
            self._time_off[provider_id].append(
                hours.TimeOff(_wall(first_day, starts), _wall(last_day, ends))
            )

    def of_company(self, provider: Provider, zone: ZoneInfo, window: Span) -> hours.Timetable:
        """Return the company's hours as they bind a provider.

        A holiday of the company's does not bind who follows other holidays, nor who says of the
        day that they work.
        """
        working = {day for day, own in self._special["provider", provider.pk].items() if own}
        closed = self._holidays.of_company(provider.pk) - working
        return self._table(None, zone, window, closed)

    def of_provider(self, provider: Provider, window: Span) -> hours.Timetable:
        """Return a provider's own hours."""
        owner, zone = ("provider", provider.pk), ZoneInfo(provider.time_zone)
        return self._table(owner, zone, window, self._holidays.of_provider(provider.pk))

    def of_offering(self, zone: ZoneInfo, window: Span) -> hours.Timetable | None:
        """Return the offering's own hours, or None when it has none."""
        owner = ("offering", self._offering.pk)
        if not self._weekly[owner] and not self._special[owner]:
            return None
        return self._table(owner, zone, window)

    def _table(
        self,
        owner: tuple[str, int] | None,
        zone: ZoneInfo,
        window: Span,
        closed_days: Iterable[date] = (),
    ) -> hours.Timetable:
        """Return an owner's hours. Only a provider without any hours is never there."""
        weekly, person = self._weekly[owner], owner is not None and owner[0] == "provider"
        return _timetable(
            weekly=tuple(weekly if weekly or person else ALWAYS),
            special=tuple(
                hours.SpecialDay(day, tuple(intervals))
                for day, intervals in self._special[owner].items()
            ),
            time_off=tuple(self._time_off[owner[1]]) if owner is not None and person else (),
            closed_days=frozenset(closed_days),
            zone=zone,
            window=window,
        )


@prepared_rules
def _weekly_hours(
    company: int, offering: int, providers: list[int]
) -> QuerySet[WeeklyHours, tuple[int, int, int, int, int]]:
    return WeeklyHours.objects.filter(_owned(company, offering, providers)).values_list(
        "provider_id", "offering_id", "weekday", "starts", "ends"
    )


@prepared_rules
def _special_hours(
    company: int, offering: int, providers: list[int], first: date, last: date
) -> QuerySet[SpecialHours, tuple[int, int, date, int | None, int | None]]:
    rows = SpecialHours.objects.filter(
        _owned(company, offering, providers), day__gte=first, day__lte=last
    )
    return rows.values_list("provider_id", "offering_id", "day", "starts", "ends")


@prepared_rules
def _time_off(
    providers: list[int], first: date, last: date
) -> QuerySet[TimeOff, tuple[int, date, int, date, int]]:
    return TimeOff.objects.filter(
        provider__in=providers, last_day__gte=first, first_day__lte=last
    ).values_list("provider_id", "first_day", "starts", "last_day", "ends")


def _owned(company: int, offering: int, providers: list[int]) -> Q:
    return Q(company=company) & (
        Q(provider=None, offering=None) | Q(provider__in=providers) | Q(offering=offering)
    )


def _owner(provider_id: int | None, offering_id: int | None) -> tuple[str, int] | None:
    if provider_id:
        return "provider", provider_id
    return ("offering", offering_id) if offering_id else None


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)
