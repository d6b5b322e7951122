"""What a message is made of when it is sent: the text that holds, and what its variables mean."""

from collections.abc import Mapping

from visavis.bookings import messages
from visavis.bookings.models import Booking
from visavis.bookings.queries import load
from visavis.notifications.choice import Choice, text_for
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
        raise messages.NothingToSay("the booking was deleted") from None


def words(message: Message, booking: Booking | None) -> tuple[Text, Mapping[str, str]]:
    """Return the company's text for a message, and the values of its variables.

    Raises NothingToSay.
    """
    assert message.company is not None
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
    return text_for(choice), values
