"""The texts that are sent where a company wrote none of its own.

They are translated like every other string, so a new language needs no code. A part
between `[if name]` and `[end]` stands only when the variable has a value.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.notifications.models import Audience, Channel, Event
from visavis.notifications.sms_texts import GIVEN, SMS_EDITABLE, default_sms


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a message, with variables in square brackets."""

    subject: str
    body: str


_GREETING = _("Hello [client],")
_CLIENT_FOOT = _(
    "[if online_meeting_link]Join the online meeting: [online_meeting_link]\n\n"
    "The link is yours alone. It stays the same if the booking is moved.\n\n[end]"
    "[if reschedule_link]Move or cancel: [reschedule_link]\n\n[end]"
    "[if my_bookings_link]All your bookings: [my_bookings_link]\n\n[end]"
    "[company]"
)
_OUR_FOOT = _(
    "[if online_meeting_provider_link]Open the online meeting: "
    "[online_meeting_provider_link]\n\n[end]"
    "[if booking_link]See the booking: [booking_link]\n\n[end]"
    "[company]"
)

_CLIENT_TEXTS: dict[str, tuple[Promise, Promise]] = {
    Event.CONFIRMED: (
        _("Your booking is confirmed: [service], [start]"),
        _("your booking is confirmed.\n\n[booking_details]"),
    ),
    Event.PENDING: (
        _("We received your request: [service], [start]"),
        _(
            "thank you for your request. We keep the time for you and will confirm it soon.\n\n"
            "[booking_details]"
        ),
    ),
    Event.APPROVED: (
        _("Your booking is confirmed: [service], [start]"),
        _("your request was accepted: the booking is confirmed.\n\n[booking_details]"),
    ),
    Event.DECLINED: (
        _("We cannot confirm your request: [service], [start]"),
        _(
            "we are sorry: we cannot confirm your request for [service] on [start]."
            "[if reason]\n\nReason: [reason][end]\n\nBook another time: [book_link]"
        ),
    ),
    Event.CHANGED: (
        _("Your booking was changed: [service], [start]"),
        _(
            "your booking was changed.[if old_start] It was on [old_start].[end]"
            "[if reason]\n\nReason: [reason][end]\n\n[booking_details]"
        ),
    ),
    Event.CANCELLED: (
        _("Your booking is cancelled: [service], [start]"),
        _(
            "your booking of [service] on [start] is cancelled."
            "[if reason]\n\nReason: [reason][end]\n\nBook another time: [book_link]"
        ),
    ),
    Event.REMINDER: (
        _("Reminder: [service], [start]"),
        _("we look forward to seeing you.\n\n[booking_details]"),
    ),
    Event.FOLLOW_UP: (
        _("Thank you for coming: [service]"),
        _("thank you for coming to [service].\n\nBook again: [book_link]"),
    ),
    Event.LINK_CHANGED: (
        _("How to join changed: [service], [start]"),
        _("how to join your booking changed.\n\n[booking_details]"),
    ),
}
_OUR_TEXTS: dict[str, tuple[Promise, Promise]] = {
    Event.CONFIRMED: (
        _("New booking: [client], [service], [start]"),
        _("[client] booked.\n\n[booking_details]"),
    ),
    Event.PENDING: (
        _("Approval wanted: [client], [service], [start]"),
        _("[client] asks for a booking. It waits for approval.\n\n[booking_details]"),
    ),
    Event.APPROVED: (
        _("Booking approved: [client], [service], [start]"),
        _("The booking of [client] is approved.\n\n[booking_details]"),
    ),
    Event.DECLINED: (
        _("Booking declined: [client], [service], [start]"),
        _("The booking of [client] was declined.[if reason]\n\nReason: [reason][end]"),
    ),
    Event.CHANGED: (
        _("Booking changed: [client], [service], [start]"),
        _(
            "The booking of [client] was changed.[if old_start] It was on [old_start].[end]"
            "[if reason]\n\nReason: [reason][end]\n\n[booking_details]"
        ),
    ),
    Event.CANCELLED: (
        _("Booking cancelled: [client], [service], [start]"),
        _(
            "The booking of [client] is cancelled: [service], [start]."
            "[if reason]\n\nReason: [reason][end]"
        ),
    ),
    Event.REMINDER: (
        _("Reminder: [client], [service], [start]"),
        _("Your next appointment.\n\n[booking_details]"),
    ),
    Event.LINK_CHANGED: (
        _("How to join changed: [client], [service], [start]"),
        _("How to join this booking changed.\n\n[booking_details]"),
    ),
}
_OTHER_TEXTS: dict[str, tuple[Promise, Promise]] = {
    Event.MY_BOOKINGS: (
        _("Your bookings with [company]"),
        _(
            "Hello [client],\n\nhere is the link to your bookings. Keep it to yourself: whoever "
            "has it can see and change them.\n\nMy bookings: [my_bookings_link]\n\n[company]"
        ),
    ),
    Event.INVITATION: (
        _("[inviter] invites you to [company] on Visavis"),
        _(
            "Hello,\n\n[inviter] invites you to work with [company] as: [role].\n\n"
            "Accept the invitation: [link]\n\nThe link is valid until [expires]."
        ),
    ),
    Event.CONNECTION_ATTENTION: (
        _("[company]: the connection to [platform] needs attention"),
        _(
            "Hello,\n\n[problem]\n\nBookings go on as usual, but online meetings cannot be "
            "opened until this is mended.\n\nSee what to do: [link]"
        ),
    ),
    Event.MEETING_FAULT: (
        _("[company]: online meetings need attention"),
        _("Hello,\n\n[problem]\n\n[meeting]\n\nSee what to do: [link]"),
    ),
}
_GIVEN = (
    _("Now with [colleague]: [client], [service], [start]"),
    _(
        "[colleague] has taken over the booking of [client]: [service], [start].\n\n"
        "It is not cancelled, but it leaves your calendar.[if reason]\n\nReason: [reason][end]"
        "\n\n[company]"
    ),
)
# The events whose texts a company can edit, in the order in which pages list them.
EDITABLE: dict[str, list[str]] = {
    Audience.CLIENT: list(_CLIENT_TEXTS),
    Audience.PROVIDER: list(_OUR_TEXTS),
    Audience.COMPANY: list(_OUR_TEXTS),
}


# What administrators are told of, in one text for all of the company, by e-mail alone.
STAFF_EDITABLE = (Event.CONNECTION_ATTENTION, Event.MEETING_FAULT)


def is_editable(event: str, audience: str, channel: str) -> bool:
    """Return whether a company can write a text for this of its own."""
    if audience == Audience.STAFF:
        return channel == Channel.EMAIL and event in STAFF_EDITABLE
    return event in editable(channel).get(audience, ())


def editable(channel: str) -> dict[str, list[str]]:
    """Return for each audience the events whose texts a company can edit."""
    return SMS_EDITABLE if channel == Channel.SMS else EDITABLE


def default_text(event: str, audience: str, language: str, channel: str = Channel.EMAIL) -> Text:
    """Return the default text in a language. Raises KeyError where there is none."""
    if channel == Channel.SMS:
        return Text("", default_sms(event, audience, language))
    with translation.override(language):
        if event in _OTHER_TEXTS:
            subject, body = _OTHER_TEXTS[event]
            return Text(str(subject), str(body))
        if audience == Audience.CLIENT:
            subject, body = _CLIENT_TEXTS[event]
            return Text(str(subject), f"{_GREETING}\n\n{body}\n\n{_CLIENT_FOOT}")
        subject, body = _OUR_TEXTS[event]
        return Text(str(subject), f"{body}\n\n{_OUR_FOOT}")


def given_text(language: str, channel: str = Channel.EMAIL) -> Text:
    """Return what somebody is told whose appointment was given to a colleague.

    To calendars, and to whoever switches messages off, that is a cancellation; a company's own
    text for one would say to a person what did not happen.
    """
    with translation.override(language):
        if channel == Channel.SMS:
            return Text("", str(GIVEN))
        subject, body = _GIVEN
        return Text(str(subject), str(body))
