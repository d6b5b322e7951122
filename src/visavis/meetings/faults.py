"""Why an online meeting cannot be had, in words for people, each with what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visavis.connections.operations import REMOVED_AT_PLATFORM
from visavis.gateways.video import Fault
from visavis.meetings.platforms import HOST_TAKEN, NOT_CONNECTED, NOT_MAPPED

_WORDS: dict[str, Promise] = {
    NOT_CONNECTED: _("No Zoom account is connected. Connect one in the settings."),
    NOT_MAPPED: _("No meeting platform is chosen for this provider. Choose one in the settings."),
    HOST_TAKEN: _(
        "The host has another of our meetings at this time, and Zoom lets a user lead one at a "
        "time. Move one of the two, or let one of the providers meet as another Zoom user."
    ),
    REMOVED_AT_PLATFORM: _(
        "The app was removed in Zoom, so the account is no longer connected here. Connect an "
        "account again in the settings."
    ),
    Fault.UNREACHABLE: _("The platform does not answer at the moment. We keep trying."),
    Fault.RATE_LIMITED: _("The platform asks us to slow down. We try again in a moment."),
    Fault.DAY_LIMIT: _(
        "This host has reached Zoom's limit of meetings a day. Choose another host for today."
    ),
    Fault.RECONNECT: _(
        "Zoom no longer accepts the connection. Reconnect the account in the settings."
    ),
    Fault.KEY: _(
        "The key that protects the connection was changed, so that we can no longer read it. "
        "Please authorise anew in the settings."
    ),
    Fault.SCOPES: _(
        "The Zoom app lacks a permission. Add the missing scope to the app and reconnect."
    ),
    Fault.SHARED_ACCESS: _(
        "We may not act for this host: shared access was not allowed. Allow it in Zoom, or "
        "reconnect and tick the box."
    ),
    Fault.HOST_GONE: _(
        "The chosen host is no longer an active user of the Zoom account. Choose another host."
    ),
    Fault.HOST_NOT_ALLOWED: _(
        "The chosen host has no licence for meetings in Zoom. Assign one, or choose another host."
    ),
    Fault.HOST_BUSY: _("The host has another meeting in progress. End it, or choose another host."),
    Fault.APP: _(
        "Zoom does not accept the app as it is set up. Press Check in the settings of Zoom, or "
        "tell whoever runs this installation."
    ),
    Fault.PERSONAL_ROOM: _(
        "Zoom would use the host's personal meeting room. Switch off “Use Personal Meeting ID” "
        "for instant meetings in the host's Zoom settings."
    ),
    Fault.REFUSED: _("Zoom refused to open the meeting. Please look at the host's Zoom settings."),
}


def explanation(fault: str) -> str:
    """Return what a fault means and what to do, in the active language."""
    return str(_WORDS.get(fault, _("The online meeting cannot be opened at the moment.")))
