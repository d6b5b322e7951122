"""A small company in which everything that can happen to bookings happens, written down twice:

by the product in its database, and here, as somebody would who keeps the books by hand.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from factories import NOW, make_member, make_provider, make_service
from visavis.bookings import sessions
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.models import Appointment
from visavis.bookings.operations.making import Wish
from visavis.catalog.models import ClassSchedule
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import MeetingProvider

# Nine to half past eleven in Paris, the next day; the class meets at ten and at eleven.
STARTS = [datetime(2027, 3, 2, 8, 0, tzinfo=UTC) + n * timedelta(minutes=30) for n in range(6)]

MOVES_ALLOWED = 2


@dataclass
class Hold:
    """A seat that a visitor holds, and for what."""

    wish: Wish
    appointment: int
    places: int
    until: datetime


@dataclass
class Entry:
    """One booking in the books kept by hand, and a line for each change of it."""

    status: str
    start: datetime
    provider: str
    places: int
    moves: int = 0
    lines: list = field(default_factory=list)

    def write(self, what, by, now, **changed):
        """Change it, and write down who did what, when, from where and to where."""
        before = (self.status, self.start, self.provider) if self.lines else ("", None, "")
        for name, value in changed.items():
            setattr(self, name, value)
        after = (self.status, self.start, self.provider)
        self.lines.append((what, by.name, now, *before, *after))


class World:
    """Two providers, four things to book, three visitors, and somebody on the staff."""

    def __init__(self):
        self.now = NOW
        self.company = Company.objects.create(
            slug="oak",
            name="Oak",
            time_zone="Europe/Paris",
            published=True,
            cancel_notice_minutes=0,
            move_notice_minutes=0,
            moves_allowed=MOVES_ALLOWED,
        )
        for key in (features.ONLINE_MEETINGS, features.APPROVAL):
            features.switch(self.company, key, on=True)
        self.providers = [make_provider(self.company, name) for name in ("Ada Demo", "Bea Demo")]
        self.staff = by_staff(make_member(self.company, "owner", "owner@oak.example").user)
        self.client = by_client("Grace Demo")
        ada, bea = self.providers
        make = self._makes
        self.offerings = [
            make("Talk", [ada, bea], online=True),
            make("Advice", [ada, bea], approval_wanted=True, duration_minutes=60, step_minutes=30),
            make("Circle", [ada], seats=3, places_max=2, online=True, buffer_after_minutes=10),
            make("Yoga", [bea], kind="class", seats=2, places_max=2, online=True),
        ]
        self._meets(self.offerings[3], bea)

    def sessions(self):
        """Return the sessions of the class, by the start that its rule gave."""
        made = Appointment.objects.exclude(schedule=None)
        return list(made.order_by("rule_start").prefetch_related("bookings"))

    def share_a_host(self):
        """Let both providers meet clients as one Zoom user."""
        for provider in self.providers:
            MeetingProvider.objects.create(provider=provider, platform="zoom", host_id="one-host")

    def _makes(self, name, providers, **fields):
        return make_service(self.company, name, providers, **fields)

    def _meets(self, yoga, provider):
        for hour in (10, 11):
            schedule = ClassSchedule(
                offering=yoga,
                provider=provider,
                first_day=date(2027, 3, 2),
                last_day=date(2027, 3, 2),
                starts=hour * 60,
                rule="FREQ=DAILY",
            )
            sessions.save_schedule(schedule, now=self.now)
