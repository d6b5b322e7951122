"""What a message is made of when it is sent: the text that holds, and what its variables mean."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from visavis.bookings import messages, timeliness
from visavis.bookings.models import Booking
from visavis.bookings.queries import load
from visavis.notifications.choice import Choice, late_text, text_for
from visavis.notifications.models import Message
from visavis.notifications.texts import Text


def booking_of(message: Message) -> Booking | None:
    """Return the booking a message tells of, if it tells of one.

    Raises NothingToSay if it was deleted.
    """
    if message.about != Message.About.BOOKING or message.about_id is None:
        return None
    try:
        return load(message.about_id)
    except Booking.DoesNotExist:
        raise messages.NothingToSay(_("The booking was deleted.")) from None


def words(
    message: Message, booking: Booking | None, *, now: datetime
) -> tuple[Text, Mapping[str, str]]:
    """Return the company's text for a message, and the values of its variables.

    A reminder that comes late says so, in our words: the company's may say “tomorrow”.
    Raises NothingToSay, or NotYet for what must wait for the day.
    """
    assert message.company is not None
    if booking is not None:
        timeliness.check(message, booking, now=now)
    choice = Choice(
        company=message.company,
        event=message.event,
        audience=message.audience,
        language=message.language,
        channel=message.channel,
        offering_id=booking.appointment.offering_id if booking else None,
        provider_id=booking.appointment.provider_id if booking else None,
    )
    values = messages.variables(message, booking) if booking else message.details
    if booking is not None and timeliness.late(message, booking, now=now):
        return late_text(choice), values
    return text_for(choice), values
