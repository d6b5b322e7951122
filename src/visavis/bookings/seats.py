"""Taking and giving back seats: the parts that every booking operation is made of.

Callers hold the lock of the calendars concerned.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from visavis.bookings import availability, buffers
from visavis.bookings.availability import Question
from visavis.bookings.models import Appointment
from visavis.catalog.models import Offering, Provider
from visavis.companies import features
from visavis.core.any_provider import AnyProvider, Candidate, choose
from visavis.core.availability import Availability
from visavis.core.nearest import nearest
from visavis.core.refusals import OVERRIDABLE, Refusal
from visavis.core.spans import to_minutes
from visavis.database.prepared import prepared_rules
from visavis.database.writing import insert
from visavis.meetings import operations as meetings
from visavis.meetings.models import JoinLink, Meeting

# How far around a lost start other times are looked for, and how many are offered.
ALTERNATIVES_WITHIN = timedelta(days=7)
ALTERNATIVES = 3
# What staff set aside when they book outside the rules: never true time, never seats.
STAFF_OVERRIDES = OVERRIDABLE
NOTHING: Collection[Refusal] = frozenset()


class StartRefused(Exception):
    """The start cannot be booked. `why` says it, `instead` are the nearest free starts."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why
        self.instead: Sequence[datetime] = ()


def able_providers(offering: Offering, provider: Provider | None) -> list[Provider]:
    """Return who may take a booking: the provider asked for, or all who offer it."""
    if provider is not None:
        return [provider]
    return active_providers(offering)


def active_providers(offering: Offering) -> list[Provider]:
    """Return who offers it, in the order in which they are shown."""
    return _providers(offering=offering.pk)


@prepared_rules
def _providers(offering: int) -> QuerySet[Provider]:
    return Provider.objects.active().filter(offerings=offering).in_order()


def choose_provider(
    question: Question,
    providers: Sequence[Provider],
    starts_at: datetime,
    *,
    overriding: Collection[Refusal] = NOTHING,
) -> Provider:
    """Return who takes the booking. Raises StartRefused if nobody can."""
    ends_at = starts_at + timedelta(minutes=question.offering.duration_minutes)
    calendars = availability.prepare(question, providers, since=starts_at, until=ends_at)
    start = to_minutes(starts_at)
    chosen = choose(start, _candidates(calendars, providers, starts_at))
    for provider in providers:
        # Rules are set aside only for a start that nobody can take within them.
        if provider.pk == chosen or (
            chosen is None and calendars[provider.pk].refusal(start, overriding=overriding) is None
        ):
            return provider
    raise StartRefused(_nearest_refusal(calendars, start, overriding))


def room_for(
    appointment: Appointment,
    provider: Provider,
    starts_at: datetime,
    *,
    now: datetime,
    overriding: Collection[Refusal],
) -> None:
    """Raise StartRefused unless a whole appointment fits there."""
    question = question_of(appointment, now=now)
    ends_at = starts_at + (appointment.ends_at - appointment.starts_at)
    calendar = availability.prepare(
        question, [provider], since=starts_at, until=ends_at, opening=True
    )[provider.pk]
    refusal = calendar.refusal(to_minutes(starts_at), overriding=overriding)
    if refusal is not None:
        raise StartRefused(refusal)


def question_of(appointment: Appointment, *, now: datetime) -> Question:
    """Return what moving a whole appointment asks of the calendars."""
    return Question(offering=appointment.offering, places=1, now=now, leaving_id=appointment.pk)


def alternatives(
    question: Question, providers: Sequence[Provider], wished: datetime, *, opening: bool = False
) -> list[datetime]:
    """Return the nearest free starts around a wished one; with `opening`, those that join none."""
    since = max(question.now, wished - ALTERNATIVES_WITHIN)
    until = wished + ALTERNATIVES_WITHIN
    if not providers or since >= until:
        return []
    calendars = availability.prepare(question, providers, since=since, until=until, opening=opening)
    starts = AnyProvider(calendars).slots((to_minutes(since), to_minutes(until)))
    return sorted(availability.instants(nearest(starts, to_minutes(wished), count=ALTERNATIVES)))


def standing(offering: Offering, provider: Provider, starts_at: datetime) -> Appointment | None:
    """Return the appointment that a booking at this start would join."""
    if not (offering.is_group or offering.is_class):
        return None
    return (
        Appointment.objects.active()
        .filter(provider=provider, offering=offering, starts_at=starts_at)
        .select_related("meeting", "offering__company", "provider")
        .first()
    )


def take(
    question: Question,
    provider: Provider,
    starts_at: datetime,
    *,
    held: bool = False,
    overriding: Collection[Refusal] = NOTHING,
) -> Appointment:
    """Take the seats: in the appointment that stands at this start, or in a new one.

    Seats that are only held need no meeting yet. `overriding` is what `choose_provider` was asked
    to set aside: buffers perhaps, which then give way.
    """
    joined = standing(question.offering, provider, starts_at)
    if joined is not None:
        Appointment.objects.filter(pk=joined.pk).update(
            seats_taken=F("seats_taken") + question.places
        )
        joined.seats_taken += question.places
        return joined
    opened = _new_appointment(question, provider, starts_at)
    if overriding:
        buffers.make_way(opened)
    if not held and meets_online(question.offering):
        _plan_meeting(opened, now=question.now)
    return insert(opened)


def _new_appointment(question: Question, provider: Provider, starts_at: datetime) -> Appointment:
    """Return a new appointment, with the offering's buffers as they are today."""
    offering = question.offering
    ends_at = starts_at + timedelta(minutes=offering.duration_minutes)
    return Appointment(
        company=offering.company,
        offering=offering,
        provider=provider,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked_from=starts_at - timedelta(minutes=offering.buffer_before_minutes),
        blocked_until=ends_at + timedelta(minutes=offering.buffer_after_minutes),
        seats=offering.seats,
        seats_taken=question.places,
        created_at=question.now,
    )


def release(appointment: Appointment, places: int, *, now: datetime) -> None:
    """Give seats back. An appointment that nobody is in any more ends, a class session stays."""
    Appointment.objects.filter(pk=appointment.pk).update(seats_taken=F("seats_taken") - places)
    # Others in it may have gone a moment ago, by another copy of it.
    appointment.refresh_from_db(fields=["seats_taken", "active"])
    if appointment.active and appointment.seats_taken == 0 and appointment.schedule_id is None:
        close(appointment, because=JoinLink.Revoked.CANCELLED, now=now)


def close(appointment: Appointment, *, because: JoinLink.Revoked, now: datetime) -> None:
    """End an appointment: its time is free again and its meeting is no longer wanted."""
    appointment.active = False
    appointment.save(update_fields=["active"])
    if appointment.meeting is not None:
        meetings.give_up(appointment.meeting, because=because, now=now)


def relocate(
    appointment: Appointment, *, provider: Provider, starts_at: datetime, now: datetime
) -> Appointment:
    """Move a whole appointment, with everybody in it and its meeting. Buffers stay as booked."""
    shift = starts_at - appointment.starts_at
    appointment.provider = provider
    appointment.starts_at += shift
    appointment.ends_at += shift
    appointment.blocked_from += shift
    appointment.blocked_until += shift
    buffers.make_way(appointment)
    appointment.save(
        update_fields=["provider", "starts_at", "ends_at", "blocked_from", "blocked_until"]
    )
    # One that was given up stays so: its offering does not meet online any more.
    if appointment.meeting is not None and appointment.meeting.wanted:
        _reschedule(appointment.meeting, appointment, now=now)
    return appointment


def bring_online(appointment: Appointment, *, now: datetime) -> None:
    """Plan the online meeting of an appointment that should have one and has none.

    One that was given up while the offering did not meet online is wanted again.
    """
    if not meets_online(appointment.offering):
        return
    if appointment.meeting is None:
        _plan_meeting(appointment, now=now)
        appointment.save(update_fields=["meeting"])
    elif not appointment.meeting.wanted:
        _revive(appointment.meeting, appointment, now=now)


def _plan_meeting(appointment: Appointment, *, now: datetime) -> None:
    appointment.meeting = meetings.want(
        company=appointment.company,
        provider=appointment.provider,
        topic=appointment.offering.name,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        now=now,
    )
    appointment.meeting_is_new = True


def meets_online(offering: Offering) -> bool:
    """Return whether bookings of this offering get join links."""
    return offering.online and features.enabled(offering.company, features.ONLINE_MEETINGS)


def _revive(meeting: Meeting, appointment: Appointment, *, now: datetime) -> None:
    _reschedule(meeting, appointment, now=now)
    if not meeting.links.standing().filter(side=JoinLink.Side.PROVIDER).exists():
        meetings.invite_provider(meeting)


def _reschedule(meeting: Meeting, appointment: Appointment, *, now: datetime) -> None:
    meetings.reschedule(
        meeting,
        provider=appointment.provider,
        topic=appointment.offering.name,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        now=now,
    )


def _candidates(
    calendars: dict[int, Availability], providers: Sequence[Provider], starts_at: datetime
) -> list[Candidate[int]]:
    booked = _booked_around(providers, starts_at) if len(providers) > 1 else {}
    return [
        Candidate(provider.pk, calendars[provider.pk], booked.get(provider.pk, 0))
        for provider in providers
    ]


def _booked_around(providers: Sequence[Provider], starts_at: datetime) -> dict[int, int]:
    """Count each provider's appointments in the weeks around, so that work is shared fairly."""
    counts: dict[int, int] = {}
    for provider_id in (
        Appointment.objects.active()
        .filter(
            provider__in=[provider.pk for provider in providers],
            starts_at__range=(starts_at - timedelta(days=14), starts_at + timedelta(days=14)),
        )
        .values_list("provider_id", flat=True)
    ):
        counts[provider_id] = counts.get(provider_id, 0) + 1
    return counts


def _nearest_refusal(
    calendars: dict[int, Availability], start: int, overriding: Collection[Refusal]
) -> Refusal:
    refusals = [
        why
        for one in calendars.values()
        if (why := one.refusal(start, overriding=overriding)) is not None
    ]
    return max(refusals, key=lambda why: why.rank, default=Refusal.PROVIDER_NOT_WORKING)
