"""Trying a text out: on sample values or on a booking ahead, as a preview or as a test mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest
from visavis.back_office.mail_frames import framed
from visavis.bookings.ahead import ahead
from visavis.bookings.models import Booking
from visavis.bookings.queries import with_all
from visavis.bookings.samples import made_up_way_out, sample_values, values_of
from visavis.companies.models import Company
from visavis.gateways.sms.length import Length, length
from visavis.notifications import operations, sms
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel
from visavis.notifications.rendering import Look, Rendered, render, render_sms
from visavis.notifications.texts import Text

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be sent. `html` is a whole document for a sandboxed frame."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class SmsPreview:
    """A text as a phone shows it, and what it takes."""

    text: str
    length: Length
    # What the company allows; None while it has no gateway.
    most_parts: int | None

    @property
    def too_long(self) -> bool:
        return self.most_parts is not None and self.length.parts > self.most_parts


def examples(place: Place) -> Sequence[Booking]:
    """Return the next few bookings for which the text would be used: none, if of none it tells."""
    if place.audience == Audience.STAFF:
        return []
    bookings = ahead(place.company, now=timezone.now())
    if place.offering is not None:
        bookings = bookings.filter(appointment__offering=place.offering)
    if place.provider is not None:
        bookings = bookings.filter(appointment__provider=place.provider)
    return list(bookings[:EXAMPLES])


def next_few(company: Company) -> Sequence[Booking]:
    """Return the next few bookings of a company."""
    return list(ahead(company, now=timezone.now())[:EXAMPLES])


def booking_with(company: Company, code: str) -> Booking | None:
    """Return the booking with a code that somebody typed or chose, ahead or not."""
    if not code.strip():
        return None
    booked = with_all().filter(company=company, client__isnull=False)
    return booked.filter(code=code.strip().upper()).first()


def example(request: OfficeRequest) -> str:
    """Return the code of the booking that a text is tried out on, as it was typed."""
    return request.POST.get("example", request.GET.get("example", ""))


def tried(request: OfficeRequest, place: Place, text: Text) -> Preview | SmsPreview:
    """Return the text filled in for a preview."""
    if place.channel == Channel.SMS:
        filled = render_sms(text, _values(request, place))
        account = sms.account_of(place.company)
        return SmsPreview(filled, length(filled), account.most_parts if account else None)
    rendered = _rendered(request, place, text)
    return Preview(rendered.subject, rendered.text, framed(rendered.html))


def send(request: OfficeRequest, place: Place, text: Text, *, to: str) -> None:
    """Send the text, filled in, to the address or the number of whoever asks."""
    if place.channel == Channel.SMS:
        words = Rendered("", render_sms(text, _values(request, place)), "")
    else:
        rendered = _rendered(request, place, text)
        subject = _("[Test] %(subject)s") % {"subject": rendered.subject}
        words = replace(rendered, subject=subject[:300])
    operations.plan_test(
        place.company,
        words,
        channel=Channel(place.channel),
        address=to,
        to=str(request.user),
        now=timezone.now(),
    )


def _rendered(request: OfficeRequest, place: Place, text: Text) -> Rendered:
    company = place.company
    look = Look(
        company.name,
        company.accent_colour,
        place.language,
        company.address,
        way_out=made_up_way_out(event=place.event, audience=place.audience),
    )
    return render(text, _values(request, place), look)


def _values(request: OfficeRequest, place: Place) -> Mapping[str, str]:
    now = timezone.now()
    booking = booking_with(place.company, example(request))
    if booking is None or place.audience == Audience.STAFF:
        return sample_values(
            place.company,
            event=place.event,
            audience=place.audience,
            language=place.language,
            now=now,
        )
    return values_of(booking, event=place.event, audience=place.audience, language=place.language)
