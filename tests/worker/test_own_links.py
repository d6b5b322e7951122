"""The link to the online meeting in texts that a company writes itself: in every one of them."""

from datetime import UTC, datetime, timedelta
from itertools import chain, product

import pytest

from factories import make_service
from visavis.bookings import online
from visavis.bookings.actors import by_client, by_staff
from visavis.bookings.clients import ClientDetails
from visavis.bookings.operations import ending, making, moving, statuses
from visavis.bookings.operations.making import Wish
from visavis.companies import features
from visavis.gateways.mail.memory import MemorySender
from visavis.gateways.sms.memory import MemoryGateway
from visavis.notifications.models import Message, ReminderTime, SmsAccount, Switch, Template
from visavis.notifications.texts import editable
from visavis.worker import mail, sms

pytestmark = pytest.mark.django_db
TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
SIDES = {"client": "client", "provider": "provider", "company": "provider"}
TEXTS = [
    (channel, event)
    for channel in ("email", "sms")
    for event in dict.fromkeys(chain(*editable(channel).values()))
]
# What is over has no way in.
OVER = {"declined", "cancelled", "follow_up"}
LATER = {"reminder": TEN - AN_HOUR, "follow_up": TEN + timedelta(days=2)}
LINKS = "Yours: [online_meeting_link][online_meeting_provider_link]"


@pytest.fixture
def video(company, provider):
    """A service that meets online; the provider and the company are both told, by all channels."""
    for feature in (features.ONLINE_MEETINGS, features.APPROVAL, features.FLEXIBLE_NOTIFICATIONS):
        features.switch(company, feature, on=True)
    for channel, to in product(("email", "sms"), ("client", "provider")):
        ReminderTime.objects.create(
            company=company, audience=to, channel=channel, minutes_before=60
        )
    SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")
    company.recipients, company.phone = "both", "+33612345671"
    company.save()
    provider.phone = "+33612345672"
    provider.save()
    return make_service(company, "Video", [provider], online=True)


def happen(event, video, owner, now):
    """Let something happen to a booking; return the booking, and when it is told."""
    staff, client = by_staff(owner), by_client("Grace Demo")
    video.approval_wanted = event in ("pending", "approved", "declined")
    video.online = event != "link_changed"
    video.save()
    details = ClientDetails(
        name="Grace Demo", email="grace@example.com", phone="+33612345673", texts="form"
    )
    booking = making.book(Wish(offering=video, starts_at=TEN), details, by=client, now=now)
    if event == "approved":
        statuses.approve(booking, by=staff, now=now)
    elif event == "declined":
        ending.decline(booking, by=staff, now=now)
    elif event == "changed":
        moving.move(booking, starts_at=TEN + AN_HOUR, provider=None, by=client, now=now)
    elif event == "cancelled":
        ending.cancel(booking, by=client, now=now)
    elif event == "link_changed":
        online.switch_online(video, True, by=staff, now=now)
    booking.refresh_from_db()
    return booking, LATER.get(event, now)


def readers_of(event, channel):
    return [audience for audience, events in editable(channel).items() if event in events]


def write(company, event, audience, channel, body, offering=None):
    """Write a text, and ask for this kind of message even if it is not sent at first."""
    Template.objects.create(
        company=company, event=event, audience=audience, channel=channel, language="en",
        offering=offering, body=body,
    )  # fmt: skip
    Switch.objects.update_or_create(
        company=company, event=event, audience=audience, channel=channel, defaults={"on": True}
    )


def send(now):
    mail.send_due(MemorySender(), clock=lambda: now)
    sms.send_due(clock=lambda: now, gateway_of=lambda account: MemoryGateway())


def told(event, channel):
    """Return what was sent, without the line by which reminders are stopped."""
    sent = Message.objects.filter(event=event, channel=channel, status=Message.Status.SENT)
    return {one.audience: one.text.partition("\n\n-- \n")[0] for one in sent}


@pytest.mark.parametrize("flexible", [False, True], ids=["general", "for the service"])
@pytest.mark.parametrize(("channel", "event"), TEXTS)
def test_an_own_text_gives_each_reader_their_own_link(
    company, video, owner, now, settings, channel, event, flexible
):
    for audience in readers_of(event, channel):
        write(company, event, audience, channel, "For others." if flexible else LINKS)
        if flexible:
            write(company, event, audience, channel, LINKS, video)

    booking, due = happen(event, video, owner, now)
    send(due)

    links = {link.side: link.token for link in booking.appointment.meeting.links.all()}
    assert told(event, channel) == {
        audience: "Yours:"
        if event in OVER
        else f"Yours: {settings.BASE_URL}/meet/{links[SIDES[audience]]}/"
        for audience in readers_of(event, channel)
    }
