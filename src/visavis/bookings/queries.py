"""What pages ask: what is free, why a start is not, and which bookings a client has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from visavis.bookings import availability, seats
from visavis.bookings.availability import Question
from visavis.bookings.models import Appointment, Booking, Client
from visavis.bookings.seats import StartRefused
from visavis.catalog.models import Provider
from visavis.core.any_provider import AnyProvider
from visavis.core.refusals import Refusal
from visavis.core.spans import to_minutes
from visavis.database import rules
from visavis.database.prepared import prepared
from visavis.meetings.models import JoinLink


def free_starts(
    question: Question,
    providers: Sequence[Provider],
    *,
    since: datetime,
    until: datetime,
    whole: bool = False,
) -> list[datetime]:
    """Return the starts between two instants at which at least one provider is free.

    With `whole` an appointment is to be moved there with everybody in it: it joins no other.
    """
    if not providers or since >= until:
        return []
    calendars = availability.prepare(question, providers, since=since, until=until, opening=whole)
    window = (to_minutes(since), to_minutes(until))
    return availability.instants(AnyProvider(calendars).slots(window))


def obstacles(
    question: Question, providers: Sequence[Provider], starts_at: datetime, *, whole: bool = False
) -> Sequence[Refusal]:
    """Return all that keeps a start from being booked, for whoever comes nearest to it.

    Whoever is hindered by nothing final comes before whoever is. With `whole` an appointment
    is to be moved there with everybody in it, so that it joins none.
    """
    ends_at = starts_at + timedelta(minutes=question.offering.duration_minutes)
    calendars = availability.prepare(
        question, providers, since=starts_at, until=ends_at, opening=whole
    )
    found = [one.reasons(to_minutes(starts_at)) for one in calendars.values()]
    return min(
        found,
        key=lambda reasons: (not all(why.overridable for why in reasons), len(reasons)),
        default=[Refusal.PROVIDER_NOT_WORKING],
    )


def refused(
    question: Question, provider: Provider | None, starts_at: datetime
) -> StartRefused | None:
    """Return why a start cannot be booked now, with the nearest free ones, or None if it can."""
    providers = seats.able_providers(question.offering, provider)
    try:
        seats.choose_provider(question, providers, starts_at)
    except StartRefused as refusal:
        refusal.instead = seats.alternatives(question, providers, starts_at)
        return refusal
    return None


def held_until(
    question: Question, providers: Sequence[Provider], starts_at: datetime
) -> datetime | None:
    """Return when a start is free again at the latest that only visitors' holds keep.

    None if booked time is in the way, or nothing is.
    """
    offering = question.offering
    length = timedelta(minutes=offering.duration_minutes + offering.buffer_after_minutes)
    in_the_way = _in_the_way(
        providers=[one.pk for one in providers],
        since=starts_at - timedelta(minutes=offering.buffer_before_minutes),
        until=starts_at + length,
        leaving=question.leaving_id or 0,
    )
    held: dict[int, list[datetime]] = defaultdict(list)
    booked = set()
    for provider_id, until in in_the_way:
        if until is None:
            booked.add(provider_id)
        else:
            held[provider_id].append(until)
    return min((max(held[one]) for one in held.keys() - booked), default=None)


@prepared
def _in_the_way(
    providers: list[int], since: datetime, until: datetime, leaving: int
) -> QuerySet[Appointment, tuple[int, datetime | None]]:
    return (
        Appointment.objects.active()
        .filter(provider__in=providers, blocked_until__gt=since, blocked_from__lt=until)
        .exclude(pk=leaving)
        .values_list("provider_id", Max("bookings__expires_at"))
    )


def bookings_of(client: Client) -> QuerySet[Booking]:
    """Return a client's bookings with what their pages show, the latest first."""
    return with_all().filter(client=client).order_by("-appointment__starts_at", "-pk")


def with_all() -> QuerySet[Booking]:
    """Return bookings with all that stands around them, in one query."""
    return Booking.objects.exclude(client=None).select_related(
        "company",
        "client__company",
        "appointment__offering__company",
        "appointment__provider",
        "appointment__meeting",
    )


def load(pk: int) -> Booking:
    """Return a booking with all that stands around it, for an operation that changes it.

    As the database has it now; so are its company's rules, from here on. Raises
    Booking.DoesNotExist, also for a seat that is only held.
    """
    booking = next(iter(_with_key(pk=pk)), None)
    if booking is None:
        raise Booking.DoesNotExist
    rules.under_lock(booking.company.rules_version)
    return booking


@prepared
def _with_key(pk: int) -> QuerySet[Booking]:
    return with_all().filter(pk=pk)


def find(client: Client, code: str) -> Booking | None:
    """Return the booking of a client that has this code, if there is one."""
    return next(iter(_with_code(client=client.pk, code=code)), None)


@prepared
def _with_code(client: int, code: str) -> QuerySet[Booking]:
    return with_all().filter(client=client, code=code)


def bookings_in(appointment: Appointment) -> list[Booking]:
    """Return the bookings in an appointment that people still expect to take place."""
    live = [Booking.Status.PENDING, Booking.Status.CONFIRMED]
    return list(with_all().filter(appointment=appointment, status__in=live).order_by("pk"))


def join_links(bookings: Iterable[Booking]) -> Mapping[int, Sequence[JoinLink]]:
    """Return the ways in of each of these bookings, by its key: one for each place."""
    links: dict[int, list[JoinLink]] = defaultdict(list)
    for link in (
        JoinLink.objects.standing()
        .filter(
            side=JoinLink.Side.CLIENT,
            holder_id__in=[booking.pk for booking in bookings],
            meeting__wanted=True,
        )
        .order_by("place")
    ):
        links[link.holder_id].append(link)
    return links
