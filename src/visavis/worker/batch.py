"""What the messages of one batch are made of, looked up for all of them at once.

A batch may take minutes where a mail server is slow. So each booking is asked once more whether
it changed, right before a message about it leaves; and who is in a class is asked then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from visavis.bookings import messages, timeliness, wholes
from visavis.bookings.messages import NothingToSay
from visavis.bookings.models import Booking
from visavis.bookings.queries import with_all
from visavis.database.prepared import prepared
from visavis.notifications.choice import Choice, late_text, text_for
from visavis.notifications.models import GIVEN_TO, Message
from visavis.notifications.texts import Text, given_text


class Batch:
    """The bookings and the texts of some messages."""

    def __init__(self, due: Sequence[Message], *, now: datetime) -> None:
        about = [one.about_id for one in due if one.about == Message.About.BOOKING]
        self._bookings = {one.pk: one for one in with_all().filter(pk__in=filter(None, about))}
        self._known = timeliness.Known(due, now=now)
        self._texts: dict[tuple[Choice, bool], Text] = {}

    def bookings_of(self, message: Message) -> Sequence[Booking]:
        """Return the bookings a message tells of, as they are now; none if it tells of none.

        Raises NothingToSay if they are gone.
        """
        if message.about_id is None:
            return []
        if message.about == Message.About.APPOINTMENT:
            return wholes.bookings_of(message)
        return [self._booking(message.about_id)] if message.about == Message.About.BOOKING else []

    def _booking(self, pk: int) -> Booking:
        known = self._bookings.get(pk)
        if known is not None and _is_unchanged(known):
            return known
        try:
            booking = self._bookings[pk] = with_all().get(pk=pk)
        except Booking.DoesNotExist:
            raise NothingToSay(_("The booking was deleted.")) from None
        return booking

    def words(
        self, message: Message, bookings: Sequence[Booking], *, now: datetime
    ) -> tuple[Text, Mapping[str, str]]:
        """Return the company's text for a message, and the values of its variables.

        A reminder that comes late says so, in our words: the company's may say “tomorrow”.
        Raises NothingToSay, or NotYet for what must wait for the day.
        """
        if not bookings:
            return self._text(message, None, late=False), message.details
        first, *others = bookings
        timeliness.check(message, first, self._known, now=now)
        late = timeliness.late(message, first, now=now)
        values = messages.variables(message, first)
        if others:
            values = wholes.variables(values, bookings, language=message.language)
        return self._text(message, first, late=late), values

    def _text(self, message: Message, booking: Booking | None, *, late: bool) -> Text:
        assert message.company is not None
        if GIVEN_TO in message.details:
            return given_text(message.language, message.channel)
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
    return _state(pk=booking.pk) == [(booking.sequence, booking.status)]


@prepared
def _state(pk: int) -> QuerySet[Booking, tuple[int, str]]:
    return Booking.objects.filter(pk=pk).values_list("sequence", "status")
