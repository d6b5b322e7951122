"""Why a start cannot be booked, in words for staff."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.core.refusals import Refusal

WORDS: Mapping[Refusal, Promise] = {
    Refusal.IN_THE_PAST: _("This time has passed."),
    Refusal.TOO_SOON: _("The notice is shorter than your booking rules ask for."),
    Refusal.TOO_FAR_AHEAD: _("It is further ahead than your booking rules allow."),
    Refusal.NO_SESSION: _("The class has no session at this time."),
    Refusal.NOT_ENOUGH_SEATS: _("There are not enough free places."),
    Refusal.COMPANY_CLOSED: _("The company is closed at this time."),
    Refusal.PUBLIC_HOLIDAY: _("It is a public holiday."),
    Refusal.SPECIAL_DAY_CLOSED: _("This day is set as closed."),
    Refusal.TIME_OFF: _("The provider is away."),
    Refusal.PROVIDER_NOT_WORKING: _("The provider does not work at this time."),
    Refusal.OUTSIDE_OFFERING_HOURS: _("It is outside the hours of this service."),
    Refusal.DOES_NOT_FIT: _("It would last beyond the opening hours."),
    Refusal.OFF_GRID: _("Bookings do not usually start at this minute."),
    Refusal.DAY_LIMIT_REACHED: _("The provider has reached the most appointments for this day."),
    Refusal.TAKEN: _("The provider has another appointment at this time."),
    Refusal.BUSY_ELSEWHERE: _("The provider is busy in another calendar."),
    Refusal.BUFFER: _("It would cut into the pause before or after another appointment."),
    Refusal.MEETING_HOST_BUSY: _("The host of the online meeting leads another one at this time."),
}


def in_words(refusals: Iterable[Refusal]) -> list[Promise]:
    """Return what to tell staff, one sentence for each reason."""
    return [WORDS[why] for why in refusals]
