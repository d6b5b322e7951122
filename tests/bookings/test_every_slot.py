"""What a month's page offers can be booked, and nothing else: through the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import NOW
from visavis.bookings import queries
from visavis.bookings.actors import by_client
from visavis.bookings.availability import Question
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused
from visavis.catalog.models import Offering, Provider, SpecialHours, TimeOff, WeeklyHours
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db

GRACE = ClientDetails(name="Grace Demo", email="grace@example.com", time_zone="Europe/Paris")
# The month in which the clocks of Paris change, and a day to look at closely.
MONTH = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
DAYS = [date(2027, 3, 2), date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)]
QUARTER = timedelta(minutes=15)

services = st.fixed_dictionaries(
    {
        "duration_minutes": st.sampled_from([15, 45, 120, 1440]),
        "step_minutes": st.sampled_from([None, 15, 60]),
        "buffer_before_minutes": st.sampled_from([0, 15, 90]),
        "buffer_after_minutes": st.sampled_from([0, 30, 1200]),
        "notice_minutes": st.sampled_from([None, 0, 2880]),
        "horizon_days": st.sampled_from([None, 1, 40]),
        "day_limit": st.sampled_from([None, 1, 2]),
        "seats": st.sampled_from([1, 3]),
    }
)
hours = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(1, 24)), min_size=4, max_size=14
)


class World:
    """A company in Paris, two providers in any zone, one service, and what is booked of it."""

    def __init__(self, data):
        self.company = Company.objects.create(
            slug="any",
            name="Any",
            time_zone="Europe/Paris",
            buffers_within_hours=data.draw(st.booleans()),
        )
        self.service = Offering.objects.create(
            company=self.company, name="Talk", slug="talk", kind="service", **data.draw(services)
        )
        zones = st.sampled_from(["Europe/Paris", "Asia/Kathmandu", "America/Los_Angeles"])
        for name in ("Ada", "Bea"):
            provider = Provider.objects.create(
                company=self.company, name=name, time_zone=data.draw(zones)
            )
            self.service.providers.add(provider)
            self._works(provider, data)
        for start in data.draw(st.lists(st.sampled_from(range(60)), max_size=5)):
            self.book(datetime(2027, 3, 27, 8, tzinfo=UTC) + start * QUARTER)

    def _works(self, provider, data):
        own = {"company": self.company, "provider": provider}
        for weekday, begins, length in data.draw(hours):
            times = {"starts": begins * 60, "ends": (begins + length) * 60}
            WeeklyHours.objects.create(weekday=weekday, **times, **own)
        if data.draw(st.booleans()):
            SpecialHours.objects.create(day=data.draw(st.sampled_from(DAYS)), **own)
        if data.draw(st.booleans()):
            day = data.draw(st.sampled_from(DAYS))
            TimeOff.objects.create(first_day=day, last_day=day, starts=600, ends=900, **own)

    def question(self):
        return Question(offering=self.service, places=1, now=NOW)

    def book(self, start):
        """Return the booking, or None if it is refused."""
        wish = Wish(offering=self.service, starts_at=start)
        try:
            with transaction.atomic():
                return making.book(wish, GRACE, by=by_client("Grace"), now=NOW)
        except StartRefused:
            return None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_what_a_month_offers_is_what_can_be_booked_one_by_one(db, data):
    with transaction.atomic():
        world = World(data)
        providers = list(world.service.providers.in_order())
        since, until = MONTH
        offered = set(queries.free_starts(world.question(), providers, since=since, until=until))
        day = datetime.combine(data.draw(st.sampled_from(DAYS)), datetime.min.time(), tzinfo=UTC)
        for start in [day + n * QUARTER for n in range(96)]:
            refusal = queries.refused(world.question(), None, start)
            assert (start in offered) == (refusal is None), (start, refusal)
        if offered:
            start = data.draw(st.sampled_from(sorted(offered)))
            assert world.book(start).appointment.starts_at == start
        transaction.set_rollback(True)
