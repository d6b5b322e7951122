"""The demo company: what somebody sees who looks at Visavis for the first time."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from visavis.bookings.models import Appointment
from visavis.catalog.models import WeeklyHours
from visavis.demo import data
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db
MOMENTS = [
    datetime(2026, 11, 30, 0, 30, tzinfo=UTC),
    # Clocks have gone forward in New York and not yet in Paris.
    datetime(2027, 3, 20, 8, 0, tzinfo=UTC),
    datetime(2027, 7, 31, 22, 30, tzinfo=UTC),
]


def within_hours(appointment):
    """Whether it lies within the hours of its provider, where the provider is."""
    zone = ZoneInfo(appointment.provider.time_zone)
    starts, ends = appointment.starts_at.astimezone(zone), appointment.ends_at.astimezone(zone)
    minutes = [each.hour * 60 + each.minute for each in (starts, ends)]
    hours = WeeklyHours.objects.filter(provider=appointment.provider, weekday=starts.weekday())
    return any(one.starts <= minutes[0] and minutes[1] <= one.ends for one in hours)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_bookings_keep_to_the_hours_of_each_provider(now):
    data.load(now=now)

    # A class meets when its schedule says; one appointment begins within minutes, at any hour.
    booked = Appointment.objects.filter(offering__kind="service").exclude(
        bookings__name="Robin Sample"
    )
    assert [str(one) for one in booked if not within_hours(one)] == []
    each = Counter(one.provider.name for one in booked)
    assert len(each) == len(data.PROVIDERS)
    assert min(each.values()) > 5


def test_the_mailbox_begins_with_the_appointment_that_begins_first():
    data.load(now=MOMENTS[0])

    due = Message.objects.filter(due_at__lte=MOMENTS[0])
    assert set(due.values_list("event", "recipient")) == {
        ("confirmed", "robin@client.example"),
        ("confirmed", "alma@demo-practice.example"),
        ("confirmed", "office@demo-practice.example"),
    }
