"""The optional features of a company: *Custom features* in the back office.

A feature is one row of the table below; the rest of the product asks `enabled`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.companies.models import Company, Feature
from visavis.database.prepared import prepared_rules

ONLINE_MEETINGS = "online_meetings"
CLASSES = "classes"
FLEXIBLE_NOTIFICATIONS = "flexible_notifications"
APPROVAL = "approve_bookings"
RESCHEDULING = "client_rescheduling"
CANCELLING = "client_cancelling"


@dataclass(frozen=True, slots=True)
class Description:
    """What *Custom features* says about a feature."""

    key: str
    name: Promise
    summary: Promise
    icon: str
    on_from_the_start: bool = False


FEATURES: tuple[Description, ...] = (
    Description(
        ONLINE_MEETINGS,
        _("Online video meetings"),
        _("Clients and providers meet on Zoom or another platform, each by a link of their own."),
        "video",
    ),
    Description(
        CLASSES,
        _("Classes"),
        _("Group sessions at set times, with a number of places."),
        "users",
        on_from_the_start=True,
    ),
    Description(
        RESCHEDULING,
        _("Client rescheduling"),
        _("Clients move their own bookings, within the notice you set."),
        "calendar-clock",
        on_from_the_start=True,
    ),
    Description(
        CANCELLING,
        _("Client cancelling"),
        _("Clients cancel their own bookings, within the notice you set."),
        "calendar-x",
        on_from_the_start=True,
    ),
    Description(
        APPROVAL,
        _("Approve bookings"),
        _("New bookings of the services you choose wait until somebody approves them."),
        "circle-check",
    ),
    Description(
        FLEXIBLE_NOTIFICATIONS,
        _("Flexible notifications"),
        _("Texts of their own for a service, a class or a provider."),
        "mail-plus",
    ),
)
BY_KEY = {feature.key: feature for feature in FEATURES}


_remembered: ContextVar[dict[int, set[str]] | None] = ContextVar("features", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Look each company's features up once, as long as this lasts: for work in batches."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def enabled(company: Company, key: str) -> bool:
    """Return whether `company` has the feature switched on."""
    return key in enabled_keys(company)


def enabled_keys(company: Company) -> set[str]:
    """Return the keys of all features that are on, in one query."""
    memory = _remembered.get()
    if memory is None:
        return _keys_on(company)
    if company.pk not in memory:
        memory[company.pk] = _keys_on(company)
    return memory[company.pk]


def _keys_on(company: Company) -> set[str]:
    chosen = dict(_chosen(company=company.pk))
    return {
        feature.key for feature in FEATURES if chosen.get(feature.key, feature.on_from_the_start)
    }


@prepared_rules
def _chosen(company: int) -> QuerySet[Feature, tuple[str, bool]]:
    return Feature.objects.filter(company=company).values_list("key", "enabled")


def switch(company: Company, key: str, *, on: bool) -> Feature:
    """Switch a feature on or off. Raises KeyError for an unknown one."""
    feature, _created = Feature.objects.update_or_create(
        company=company, key=BY_KEY[key].key, defaults={"enabled": on}
    )
    return feature
