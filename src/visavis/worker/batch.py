"""What the messages of one batch are made of, looked up for all of them at once.

A batch may take minutes where a mail server is slow. So each booking is asked once more whether
it changed, right before a message about it leaves.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from visavis.bookings import messages, timeliness
from visavis.bookings.messages import NothingToSay
from visavis.bookings.models import Booking
from visavis.bookings.queries import load, with_all
from visavis.notifications.choice import Choice, late_text, text_for
from visavis.notifications.models import Message
from visavis.notifications.texts import Text


class Batch:
    """The bookings and the texts of some messages."""

    def __init__(self, due: Iterable[Message]) -> None:
        about = [one.about_id for one in due if one.about == Message.About.BOOKING]
        self._bookings = {one.pk: one for one in with_all().filter(pk__in=filter(None, about))}
        self._texts: dict[tuple[Choice, bool], Text] = {}

    def booking_of(self, message: Message) -> Booking | None:
        """Return the booking a message tells of as it is now, if it tells of one.

        Raises NothingToSay if it was deleted.
        """
        if message.about != Message.About.BOOKING or message.about_id is None:
            return None
        known = self._bookings.get(message.about_id)
        if known is not None and _is_unchanged(known):
            return known
        try:
            booking = self._bookings[message.about_id] = load(message.about_id)
        except Booking.DoesNotExist:
            raise NothingToSay(_("The booking was deleted.")) from None
        return booking

    def words(
        self, message: Message, booking: Booking | None, *, now: datetime
    ) -> tuple[Text, Mapping[str, str]]:
        """Return the company's text for a message, and the values of its variables.

        A reminder that comes late says so, in our words: the company's may say “tomorrow”.
        Raises NothingToSay, or NotYet for what must wait for the day.
        """
        if booking is None:
            return self._text(message, None, late=False), message.details
        timeliness.check(message, booking, now=now)
        late = timeliness.late(message, booking, now=now)
        return self._text(message, booking, late=late), messages.variables(message, booking)

    def _text(self, message: Message, booking: Booking | None, *, late: bool) -> Text:
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
        if (choice, late) not in self._texts:
            self._texts[choice, late] = late_text(choice) if late else text_for(choice)
        return self._texts[choice, late]


def _is_unchanged(booking: Booking) -> bool:
    # Every change of a booking, or of its appointment, raises the sequence.
    as_known = Booking.objects.filter(
        pk=booking.pk, sequence=booking.sequence, status=booking.status
    )
    return as_known.exists()
