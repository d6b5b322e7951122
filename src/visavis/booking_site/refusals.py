"""What clients are told when a start cannot be booked, or a booking cannot be changed."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.core.policies import ChangeRefusal
from visavis.core.refusals import Refusal

_CLOSED = _("Nobody is available at this time.")
_GONE = _("Somebody else has just taken this time.")

STARTS: dict[Refusal, Promise] = {
    Refusal.IN_THE_PAST: _("This time has already passed."),
    Refusal.TOO_SOON: _("This time is too soon to be booked online."),
    Refusal.TOO_FAR_AHEAD: _("This time is too far ahead to be booked yet."),
    Refusal.NO_SESSION: _("There is no session at this time."),
    Refusal.NOT_ENOUGH_SEATS: _("There are not enough places left at this time."),
    Refusal.COMPANY_CLOSED: _("We are closed at this time."),
    Refusal.PUBLIC_HOLIDAY: _("We are closed on this public holiday."),
    Refusal.SPECIAL_DAY_CLOSED: _("We are closed on this day."),
    Refusal.TIME_OFF: _CLOSED,
    Refusal.PROVIDER_NOT_WORKING: _CLOSED,
    Refusal.OUTSIDE_OFFERING_HOURS: _("This cannot be booked at this time of day."),
    Refusal.DOES_NOT_FIT: _("The appointment would last beyond closing time."),
    Refusal.OFF_GRID: _("Appointments do not begin at this time."),
    Refusal.DAY_LIMIT_REACHED: _("This day is fully booked."),
    Refusal.TAKEN: _GONE,
    Refusal.BUSY_ELSEWHERE: _CLOSED,
    Refusal.BUFFER: _GONE,
    Refusal.MEETING_HOST_BUSY: _("No online meeting can be held at this time."),
}

CHANGES: dict[ChangeRefusal, Promise] = {
    ChangeRefusal.NOT_BOOKED_YET: _("This booking is not complete yet."),
    ChangeRefusal.ALREADY_CANCELLED: _("This booking has been cancelled already."),
    ChangeRefusal.ALREADY_OVER: _("This appointment is over."),
    ChangeRefusal.ALREADY_STARTED: _("This appointment has already begun."),
    ChangeRefusal.NOT_ALLOWED: _("This change cannot be made online."),
    ChangeRefusal.TOO_LATE: _("It is too late to change this booking online."),
    ChangeRefusal.MOVED_TOO_OFTEN: _("You have moved this booking as often as is possible online."),
}
