"""Changing what a company offers, who provides it, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError, QuerySet
from django.utils.text import slugify

from visavis.catalog.models import (
    Category,
    HolidayCalendar,
    Offering,
    Provider,
    SpecialHours,
    TimeOff,
    WeeklyHours,
)
from visavis.companies.models import Company, Member
from visavis.companies.pictures import forget_picture

SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Whose hours: a provider's, an offering's, or (neither given) the company's."""

    company: Company
    provider: Provider | None = None
    offering: Offering | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """From and until, in minutes after local midnight; beyond 1440 is the next day."""

    starts: int
    ends: int


# Monday to Friday, nine to five with an hour for lunch.
OFFICE_HOURS = {day: [Interval(540, 720), Interval(780, 1020)] for day in range(5)}


@transaction.atomic
def save_offering(offering: Offering, providers: Iterable[Provider] | None = None) -> Offering:
    """Save a service or class, new or changed, and (if given) who offers it.

    A new one stands last and gets a direct link made from its name, which never changes.
    """
    if offering.pk is None:
        offering.slug = _free_slug(offering.company, offering.name)
        offering.position = _last(offering.company.offerings.all()) + 1
    else:
        forget_picture(Offering.objects.get(pk=offering.pk).photo, unless=offering.photo.name)
    offering.save()
    if providers is not None:
        offering.providers.set(providers)
    return offering


def remove_offering(offering: Offering) -> None:
    """Offer something no longer. What was ever booked is kept, and bookings ahead stand."""
    try:
        with transaction.atomic():
            forget_picture(offering.photo)
            offering.delete()
    except ProtectedError:
        Offering.objects.filter(pk=offering.pk).update(active=False)


def restore_offering(offering: Offering) -> Offering:
    """Offer again what was retired."""
    offering.active = True
    offering.save(update_fields=["active"])
    return offering


@transaction.atomic
def save_provider(
    provider: Provider, *, hours: dict[int, list[Interval]] | None = None
) -> Provider:
    """Save a provider, new or changed; a new one stands last and may begin with weekly hours."""
    if provider.pk is None:
        provider.position = _last(provider.company.providers.all()) + 1
    else:
        forget_picture(Provider.objects.get(pk=provider.pk).photo, unless=provider.photo.name)
    if provider.member is not None:
        # A member is one provider at most.
        Provider.objects.filter(member=provider.member).exclude(pk=provider.pk).update(member=None)
    provider.save()
    if hours is not None:
        set_weekly_hours(Hours(provider.company, provider), hours)
    return provider


def retire_provider(provider: Provider) -> Provider:
    """Let a provider go. Callers make sure that nothing of theirs lies ahead."""
    provider.active = False
    provider.member = None
    provider.save(update_fields=["active", "member"])
    return provider


def restore_provider(provider: Provider) -> Provider:
    """Bring a provider back."""
    provider.active = True
    provider.save(update_fields=["active"])
    return provider


def link_provider(provider: Provider, member: Member | None) -> Provider:
    """Say which member a provider is, or that they are none."""
    provider.member = member
    return save_provider(provider)


@transaction.atomic
def set_weekly_hours(owner: Hours, week: dict[int, list[Interval]]) -> None:
    """Replace somebody's weekly hours; weekdays that are not named are closed."""
    WeeklyHours.objects.filter(**_owned_by(owner)).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(**_owned_by(owner), weekday=day, starts=one.starts, ends=one.ends)
        for day, intervals in week.items()
        for one in intervals
    )


@transaction.atomic
def set_special_day(owner: Hours, day: date, intervals: Sequence[Interval]) -> None:
    """Give one date hours of its own; without any it is closed."""
    clear_special_day(owner, day)
    SpecialHours.objects.bulk_create(
        SpecialHours(**_owned_by(owner), day=day, starts=one.starts, ends=one.ends)
        for one in intervals
    )
    if not intervals:
        SpecialHours.objects.create(**_owned_by(owner), day=day)


def clear_special_day(owner: Hours, day: date) -> None:
    """Let the weekly hours hold on a date again."""
    SpecialHours.objects.filter(**_owned_by(owner), day=day).delete()


def set_holidays(
    owner: Hours, *, country: str, subdivision: str = "", kept_open: Iterable[date] = ()
) -> HolidayCalendar:
    """Close on the public holidays of a place, but for the days kept open.

    The owner is a company or a provider; only a provider may have no country, and so no holidays.
    """
    calendar, _made = HolidayCalendar.objects.update_or_create(
        company=owner.company,
        provider=owner.provider,
        defaults={
            "country": country,
            "subdivision": subdivision,
            "kept_open": [day.isoformat() for day in sorted(kept_open)],
        },
    )
    return calendar


def clear_holidays(owner: Hours) -> None:
    """Close on no public holiday any more; a provider then follows the company."""
    HolidayCalendar.objects.filter(company=owner.company, provider=owner.provider).delete()


def add_time_off(absence: TimeOff) -> TimeOff:
    """Note when a provider is away. What is booked in it stands until somebody moves it."""
    absence.save(force_insert=True)
    return absence


def remove_time_off(absence: TimeOff) -> None:
    """The provider is there after all."""
    absence.delete()


def save_category(category: Category) -> Category:
    """Save a heading; a new one stands last."""
    if category.pk is None:
        category.position = _last(category.company.categories.all()) + 1
    category.save()
    return category


def remove_category(category: Category) -> None:
    """Remove a heading; what stood under it stands without one."""
    category.delete()


@transaction.atomic
def move_up(
    row: Offering | Provider | Category, siblings: Sequence[Offering | Provider | Category]
) -> None:
    """Let a row stand before the one above it. `siblings` are in order and include it."""
    keys = [sibling.pk for sibling in siblings]
    place = keys.index(row.pk)
    if place > 0:
        keys[place - 1], keys[place] = keys[place], keys[place - 1]
    for position, key in enumerate(keys):
        type(row)._default_manager.filter(pk=key).update(position=position)


def _owned_by(owner: Hours) -> dict[str, Company | Provider | Offering | None]:
    return {"company": owner.company, "provider": owner.provider, "offering": owner.offering}


def _free_slug(company: Company, name: str) -> str:
    wished = slugify(name)[: SLUG_LENGTH - 5].strip("-") or "booking"
    taken = set(company.offerings.filter(slug__startswith=wished).values_list("slug", flat=True))
    numbered = (f"{wished}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wished, *numbered) if slug not in taken)


def _last(rows: QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return last or 0
