"""On which public holidays a company and its providers are closed."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from visavis.catalog.models import HolidayCalendar, Provider
from visavis.catalog.operations import Hours
from visavis.companies.models import Company
from visavis.core.holidays import ENGLISH, public_holidays
from visavis.database.prepared import prepared_rules

logger = logging.getLogger(__name__)

Calendars = Mapping[int | None, HolidayCalendar]


@dataclass(frozen=True, slots=True)
class Observed:
    """The holidays between two dates, of a company and of providers by their keys."""

    calendars: Calendars
    since: date
    until: date

    def of_company(self, provider_id: int) -> frozenset[date]:
        """Return the company's holidays, as far as they concern this provider."""
        return frozenset() if provider_id in self.calendars else self._closed(None)

    def of_provider(self, provider_id: int) -> frozenset[date]:
        """Return the holidays that a provider has instead of the company's."""
        return self._closed(provider_id)

    def name_at(self, provider: Provider, moment: datetime) -> str:
        """Return what the holiday a provider has at a moment is called, or nothing."""
        own = self.calendars.get(provider.pk)
        calendar = own or self.calendars.get(None)
        if calendar is None:
            return ""
        zone = provider.time_zone if own else provider.company.time_zone
        day = moment.astimezone(ZoneInfo(zone)).date()
        return named(calendar, [day.year]).get(day, "")

    def _closed(self, owner: int | None) -> frozenset[date]:
        calendar = self.calendars.get(owner)
        if calendar is None:
            return frozenset()
        days = _days(calendar, range(self.since.year, self.until.year + 1), ENGLISH)
        return frozenset(days) - calendar.days_kept_open


def observed(
    company: Company, provider_ids: Collection[int], *, since: date, until: date
) -> Observed:
    """Return the holidays between two dates, in one query."""
    rows = _calendars(company=company.pk, providers=list(provider_ids))
    return Observed({row.provider_id: row for row in rows}, since, until)


@prepared_rules
def _calendars(company: int, providers: list[int]) -> QuerySet[HolidayCalendar]:
    return HolidayCalendar.objects.filter(
        Q(provider=None) | Q(provider__in=providers), company=company
    )


def calendar_of(owner: Hours) -> HolidayCalendar | None:
    """Return what an owner of hours has chosen, if anything."""
    return HolidayCalendar.objects.filter(company=owner.company, provider=owner.provider).first()


def named(calendar: HolidayCalendar, years: Iterable[int]) -> Mapping[date, str]:
    """Return the holidays of some years in order, with names in the reader's language."""
    return _days(calendar, years, get_language() or ENGLISH)


def _days(calendar: HolidayCalendar, years: Iterable[int], language: str) -> Mapping[date, str]:
    if not calendar.country:
        return {}
    try:
        return public_holidays(calendar.country, calendar.subdivision, years, language=language)
    except NotImplementedError:
        # A newer library may know a region by another name. Bookings must go on.
        logger.warning("holiday calendar %s: %s is unknown", calendar.pk, calendar)
        return {}
