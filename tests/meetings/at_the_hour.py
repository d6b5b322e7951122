"""What the tests about a meeting's hour share: a clock, bookings for soon, a worker's look."""

from datetime import timedelta

from django.utils import timezone

from visavis.bookings.actors import by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.meetings import tending
from visavis.meetings.models import JoinLink, Meeting, Room


class Clock:
    """A clock that is moved by hand, from the real now on: tokens of the simulator are real."""

    def __init__(self):
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def set(self, moment):
        self.now = moment


def book(offering, provider, clock, name="Grace Demo", *, email=None, places=1, minutes=30):
    """Return a booking that starts so many minutes from now."""
    starts_at = clock().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    details = ClientDetails(
        name=name,
        email=email or f"{name.split()[0].lower()}@example.com",
        time_zone="Europe/Paris",
    )
    wish = Wish(offering=offering, starts_at=starts_at, provider=provider, places=places)
    return making.book(wish, details, by=by_client(name), now=clock(), overriding=STAFF_OVERRIDES)


def tend(meeting, clock):
    """Let a worker look at a meeting."""
    meeting = Meeting.objects.select_related("provider__company", "company").get(pk=meeting.pk)
    assert tending.claim_one(meeting, now=clock())
    tending.tend(meeting, clock=clock)
    meeting.refresh_from_db()
    return meeting


def links_of(booking):
    """Return a booking's ways in, in the order of its places."""
    return list(
        JoinLink.objects.filter(side="client", holder_id=booking.pk)
        .select_related("meeting")
        .order_by("place")
    )


def room_of(booking):
    return Room.objects.current().get(meeting=booking.appointment.meeting_id)
