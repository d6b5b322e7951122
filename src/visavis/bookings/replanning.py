"""Planning reminders anew after a company changed when it reminds: by the worker, in portions.

A company may have thousands of bookings ahead; nobody waits for them on a page.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from visavis.bookings import reminders
from visavis.bookings.ahead import ahead
from visavis.bookings.locks import lock_calendars
from visavis.bookings.models import Booking
from visavis.catalog.models import Provider
from visavis.companies.models import Company
from visavis.core.quiet_hours import QuietHours
from visavis.notifications import muting
from visavis.notifications.models import Channel, ReminderTime, Timing

PORTION = 100


@transaction.atomic
def add_reminder(
    company: Company, *, audience: str, minutes_before: int, channel: str = Channel.EMAIL
) -> None:
    """Remind people so long before the start, of the bookings made already too."""
    ReminderTime.objects.get_or_create(
        company=company,
        audience=audience,
        channel=channel,
        minutes_before=minutes_before,
    )
    ask(company)


@transaction.atomic
def remove_reminder(reminder: ReminderTime) -> None:
    """Remind nobody then any more."""
    reminder.delete()
    ask(reminder.company)


@transaction.atomic
def set_timing(company: Company, *, quiet: QuietHours | None, follow_up_minutes: int) -> None:
    """Leave people alone at night, and follow up so long after the end, from now on."""
    Timing.objects.update_or_create(
        company=company,
        defaults={
            "quiet_starts": quiet.starts if quiet else None,
            "quiet_ends": quiet.ends if quiet else None,
            "follow_up_minutes": follow_up_minutes,
            "replan_after": 0,
        },
    )


@transaction.atomic
def set_mails(provider: Provider, *, wanted: Collection[str]) -> None:
    """Mail a provider these kinds of message, of the bookings ahead too, and what is owed."""
    muting.choose(provider, wanted)
    ask(provider.company)


def ask(company: Company) -> None:
    """Let a worker plan the reminders of all bookings ahead anew."""
    Timing.objects.update_or_create(company=company, defaults={"replan_after": 0})


def carry_on(now: datetime) -> None:
    """Do one portion for each company that asked."""
    for pk in Timing.objects.exclude(replan_after=None).values_list("pk", flat=True):
        _portion(pk, now=now)


@transaction.atomic
def _portion(pk: int, *, now: datetime) -> None:
    waiting = Timing.objects.filter(pk=pk).exclude(replan_after=None)
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    timing = waiting.select_related("company").first()
    if timing is None:
        return
    confirmed = ahead(timing.company, now=now).filter(status=Booking.Status.CONFIRMED)
    chosen = dict(
        confirmed.filter(pk__gt=timing.replan_after)
        .order_by("pk")
        .values_list("pk", "appointment__provider_id")[:PORTION]
    )
    lock_calendars(chosen.values())
    # Whatever went to another calendar meanwhile was planned anew by that.
    for booking in confirmed.filter(pk__in=chosen, appointment__provider__in=set(chosen.values())):
        reminders.plan(booking, now=now)
    timing.replan_after = max(chosen) if len(chosen) == PORTION else None
    timing.save(update_fields=["replan_after"])
