"""Who reads what: the client and the provider, or the company, each with a link of their own."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import make_provider, make_service
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making, moving
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail.memory import MemorySender
from visavis.worker import mail

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
GRACE, ADA, OFFICE = "grace@example.com", "ada@willow.example", "office@willow.example"
BEA = "bea@willow.example"


@pytest.fixture
def video(company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    return make_service(company, "Video", [provider], online=True)


def book(offering, now, starts_at=TEN):
    details = ClientDetails(name="Grace Demo", email=GRACE, time_zone="America/New_York")
    wish = Wish(offering=offering, starts_at=starts_at)
    return making.book(wish, details, by=by_client("Grace Demo"), now=now)


def sent(now):
    """Send what is due; return the texts by address."""
    line = MemorySender()
    mail.send_due(line, clock=lambda: now)
    texts = {}
    for one in line.sent:
        texts.setdefault(one.to, []).append(one.message.get_body(("plain",)).get_content())
    return texts


AS_SET = [
    ("provider", ADA, {ADA}),
    ("company", ADA, {OFFICE}),
    ("both", ADA, {ADA, OFFICE}),
    # Where both read the same mail it comes once.
    ("both", OFFICE, {OFFICE}),
    # The company stands in for a provider whom no mail reaches.
    ("provider", "", {OFFICE}),
    ("company", "", {OFFICE}),
    ("both", "", {OFFICE}),
]


@pytest.mark.parametrize(("setting", "address", "ours"), AS_SET)
def test_the_client_and_the_provider_or_the_company_are_told_as_set(
    company, provider, video, now, setting, address, ours
):
    company.recipients, provider.email = setting, address
    company.save(), provider.save()

    booking = book(video, now)
    booked = sent(now)
    later = TEN + timedelta(hours=1)
    moving.move(booking, starts_at=later, provider=None, by=by_client("Grace Demo"), now=now)
    moved = sent(now)
    ending.cancel(booking, by=by_client("Grace Demo"), now=now)
    cancelled = sent(now)

    for told in (booked, moved, cancelled):
        assert {reader: len(texts) for reader, texts in told.items()} == dict.fromkeys(
            {GRACE, *ours}, 1
        )
    links = {link.side: link.token for link in booking.appointment.meeting.links.all()}
    for told in (booked, moved):
        for reader, (text,) in told.items():
            own, other = ("client", "provider") if reader == GRACE else ("provider", "client")
            assert links[own] in text
            assert links[other] not in text


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("provider", {GRACE, ADA, BEA}),
        ("company", {GRACE, OFFICE}),
        ("both", {GRACE, ADA, BEA, OFFICE}),
    ],
)
def test_a_booking_that_changes_hands_is_told_to_both_providers_or_the_company_as_set(
    company, owner, video, now, setting, told
):
    company.recipients = setting
    company.save()
    booking = book(video, now)
    sent(now)
    bea = make_provider(company, "Bea Demo")
    video.providers.add(bea)

    moving.move(booking, starts_at=TEN, provider=bea, by=by_staff(owner), now=now)

    assert set(sent(now)) == told
