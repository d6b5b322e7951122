"""Why a moment can or cannot be booked, provider by provider, as the slots themselves know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from visavis.bookings import availability
from visavis.bookings.availability import Question
from visavis.bookings.models import Appointment
from visavis.bookings.seats import ALTERNATIVES, ALTERNATIVES_WITHIN
from visavis.catalog import holidays
from visavis.catalog.models import Provider
from visavis.core.nearest import nearest
from visavis.core.refusals import Owner, Refusal
from visavis.core.spans import to_minutes
from visavis.meetings.models import MeetingProvider

# Reasons that somebody's appointment is.
OCCUPIED = frozenset({Refusal.TAKEN, Refusal.BUFFER, Refusal.NOT_ENOUGH_SEATS})


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in one provider's way; without reasons they can be booked.

    `closed` says whose hours are shut, `holiday` how a public holiday is called, `in_the_way`
    which appointments take the time, `host_busy` which take the meeting host, and `nearest`
    when the provider is free, in the order of time.
    """

    provider: Provider
    reasons: Sequence[Refusal]
    closed: Sequence[tuple[Owner, Refusal]]
    holiday: str
    in_the_way: Sequence[Appointment]
    host_busy: Sequence[Appointment]
    nearest: Sequence[datetime]

    @property
    def overridable(self) -> bool:
        """Tell whether staff may book all the same."""
        return all(why.overridable for why in self.reasons)


def why_not(question: Question, providers: Sequence[Provider], starts_at: datetime) -> list[Answer]:
    """Return what stands in each provider's way at a moment."""
    since, until = starts_at - ALTERNATIVES_WITHIN, starts_at + ALTERNATIVES_WITHIN
    calendars = availability.prepare(question, providers, since=since, until=until)
    window = to_minutes(since), to_minutes(until)
    start = to_minutes(starts_at)
    around = _Around(question, providers, starts_at)
    answers = []
    for provider in providers:
        calendar = calendars[provider.pk]
        reasons = calendar.reasons(start)
        free = [one for one in calendar.slots(window) if one != start]
        close = sorted(nearest(free, start, count=ALTERNATIVES))
        answers.append(
            Answer(
                provider,
                reasons,
                calendar.closed(start),
                around.holiday(provider) if Refusal.PUBLIC_HOLIDAY in reasons else "",
                around.of(provider) if OCCUPIED.intersection(reasons) else (),
                around.of_host(provider) if Refusal.MEETING_HOST_BUSY in reasons else (),
                availability.instants(close),
            )
        )
    return answers


class _Around:
    """What the company has at a moment: appointments, meeting hosts, holidays."""

    def __init__(
        self, question: Question, providers: Sequence[Provider], starts_at: datetime
    ) -> None:
        company, keys = question.offering.company, [provider.pk for provider in providers]
        begins, ends = availability.rules_of(question).blocked(to_minutes(starts_at))
        blocked_from, blocked_until = availability.instants([begins, ends])
        self._starts_at = starts_at
        self._ends_at = starts_at + timedelta(minutes=question.offering.duration_minutes)
        self._appointments = list(
            Appointment.objects.active()
            .filter(company=company, blocked_from__lt=blocked_until, blocked_until__gt=blocked_from)
            .select_related("company", "offering", "provider", "meeting")
            .order_by("starts_at", "pk")
        )
        self._hosts = dict(
            MeetingProvider.objects.filter(provider__company=company)
            .exclude(host_id="")
            .values_list("provider_id", "host_id")
        )
        day = starts_at.date()
        self._holidays = holidays.observed(company, keys, since=day, until=day)

    def holiday(self, provider: Provider) -> str:
        """Return the name of the holiday that closes this provider's calendar."""
        return self._holidays.name_at(provider, self._starts_at)

    def of(self, provider: Provider) -> list[Appointment]:
        """Return what stands in a provider's own calendar, buffers included."""
        return [one for one in self._appointments if one.provider_id == provider.pk]

    def of_host(self, provider: Provider) -> list[Appointment]:
        """Return which meetings keep a provider's host busy."""
        host = self._hosts.get(provider.pk)
        return [
            one
            for one in self._appointments
            if self._hosts.get(one.provider_id) == host
            and one.starts_at < self._ends_at
            and one.ends_at > self._starts_at
        ]
