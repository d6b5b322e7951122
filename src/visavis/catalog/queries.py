"""Looking up what a company offers, and when somebody is open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from visavis.catalog.models import (
    Category,
    ClassSchedule,
    Offering,
    OfferingQuerySet,
    Provider,
    ProviderQuerySet,
    SpecialHours,
    TimeOff,
    WeeklyHours,
)
from visavis.catalog.operations import Hours, Interval
from visavis.companies.models import Company


def offerings(company: Company, kind: str) -> OfferingQuerySet:
    """Return a company's services or classes in order, with who offers them."""
    providers = Prefetch("providers", Provider.objects.active().in_order())
    return (
        Offering.objects.filter(company=company, kind=kind)
        .select_related("category", "company")
        .prefetch_related(providers)
        .in_order()
    )


def providers(company: Company) -> ProviderQuerySet:
    """Return a company's providers in order, with how many things each offers."""
    return (
        Provider.objects.filter(company=company)
        .select_related("member__user")
        .annotate(offered=Count("offerings", filter=Q(offerings__active=True)))
        .in_order()
    )


def week(owner: Hours) -> Mapping[int, list[Interval]]:
    """Return somebody's weekly hours, by weekday."""
    intervals: dict[int, list[Interval]] = defaultdict(list)
    for row in WeeklyHours.objects.filter(
        company=owner.company, provider=owner.provider, offering=owner.offering
    ).order_by("weekday", "starts"):
        intervals[row.weekday].append(Interval(row.starts, row.ends))
    return intervals


def special_days(owner: Hours, *, since: date) -> Mapping[date, list[Interval]]:
    """Return the dates with hours of their own, in order; a closed one has no interval."""
    days: dict[date, list[Interval]] = {}
    for row in SpecialHours.objects.filter(
        company=owner.company, provider=owner.provider, offering=owner.offering, day__gte=since
    ).order_by("day", "starts"):
        intervals = days.setdefault(row.day, [])
        if row.starts is not None and row.ends is not None:
            intervals.append(Interval(row.starts, row.ends))
    return days


def time_off(provider: Provider, *, since: date) -> Sequence[TimeOff]:
    """Return when a provider is away from a day on, in order."""
    return list(
        TimeOff.objects.filter(provider=provider, last_day__gte=since)
        .select_related("provider")
        .order_by("first_day", "starts")
    )


def schedules(offering: Offering, *, since: date) -> Sequence[ClassSchedule]:
    """Return a class's rules that still hold on or after a day."""
    return list(
        ClassSchedule.objects.filter(offering=offering)
        .filter(Q(last_day=None) | Q(last_day__gte=since))
        .select_related("provider", "offering__company")
        .order_by("first_day", "starts")
    )


def works_at_all(company: Company) -> bool:
    """Return whether any provider has weekly hours."""
    return WeeklyHours.objects.filter(company=company, provider__active=True).exists()


def categories(company: Company) -> QuerySet[Category]:
    """Return a company's headings in order, with how many things stand under each."""
    return (
        Category.objects.filter(company=company)
        .annotate(offered=Count("offerings", filter=Q(offerings__active=True)))
        .order_by("position", "name")
    )
