"""What pages ask of the calendars before somebody books: what is free, and why not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from visavis.bookings import availability
from visavis.bookings.availability import Question
from visavis.catalog.models import Provider
from visavis.core.any_provider import AnyProvider
from visavis.core.refusals import Refusal
from visavis.core.spans import to_minutes


def free_starts(
    question: Question, providers: Sequence[Provider], *, since: datetime, until: datetime
) -> list[datetime]:
    """Return the starts between two instants at which at least one provider is free."""
    if not providers or since >= until:
        return []
    calendars = availability.prepare(question, providers, since=since, until=until)
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
