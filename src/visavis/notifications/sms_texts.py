"""The short texts that phones get where a company wrote none of its own.

Short enough for one part without a link, in letters of GSM-7 wherever a language allows that.
"""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.notifications.models import Audience, Event

_JOIN = _("[if online_meeting_link] To join: [online_meeting_link][end]")
_OPEN = _("[if online_meeting_provider_link] To open it: [online_meeting_provider_link][end]")

_CLIENT_TEXTS: dict[str, Promise] = {
    Event.CONFIRMED: _("[company]: [service] is booked for [short_start]."),
    Event.PENDING: _("[company]: we received your request for [service], [short_start]."),
    Event.APPROVED: _("[company]: confirmed, [service], [short_start]."),
    Event.DECLINED: _("[company]: sorry, we cannot confirm [service], [short_start]."),
    Event.CHANGED: _("[company]: your booking was changed. It is now [service], [short_start]."),
    Event.CANCELLED: _("[company]: [service], [short_start], is cancelled."),
    Event.REMINDER: _("[company]: a reminder of [service], [short_start]."),
    Event.LINK_CHANGED: _("[company]: how to join [service], [short_start], changed."),
}
_OUR_TEXTS: dict[str, Promise] = {
    Event.CONFIRMED: _("New: [client], [service], [short_start]."),
    Event.PENDING: _("Approval wanted: [client], [service], [short_start]."),
    Event.APPROVED: _("Approved: [client], [service], [short_start]."),
    Event.DECLINED: _("Declined: [client], [service], [short_start]."),
    Event.CHANGED: _("Changed: [client], [service], [short_start]."),
    Event.CANCELLED: _("Cancelled: [client], [service], [short_start]."),
    Event.REMINDER: _("Next: [client], [service], [short_start]."),
    Event.LINK_CHANGED: _("How to join changed: [client], [service], [short_start]."),
}
GIVEN = _("Now with [colleague]: [client], [service], [short_start].")
_WITHOUT_LINK = frozenset({Event.PENDING, Event.DECLINED, Event.CANCELLED})

# The events for which there are texts to phones, in the order in which pages list them.
SMS_EDITABLE: dict[str, list[str]] = {
    Audience.CLIENT: list(_CLIENT_TEXTS),
    Audience.PROVIDER: list(_OUR_TEXTS),
    Audience.COMPANY: list(_OUR_TEXTS),
}


def default_sms(event: str, audience: str, language: str) -> str:
    """Return the default text in a language. Raises KeyError where there is none."""
    texts, link = (_CLIENT_TEXTS, _JOIN) if audience == Audience.CLIENT else (_OUR_TEXTS, _OPEN)
    with translation.override(language):
        return str(texts[event]) if event in _WITHOUT_LINK else f"{texts[event]}{link}"
