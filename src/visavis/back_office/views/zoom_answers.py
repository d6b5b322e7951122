"""What people read when they come back from Zoom and nothing was connected."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from visavis.gateways.video import Fault, NeedsReconnect, VideoError
from visavis.meetings.faults import explanation


@dataclass(frozen=True, slots=True)
class Answer:
    """What happened, what to do, and whether trying again is the thing to do."""

    title: str
    text: str
    again: bool = True
    status: int = 400
    # Somewhere else to go, with the words on the button.
    url: str = ""
    label: str = ""


def declined() -> Answer:
    return Answer(
        _("You declined in Zoom"),
        _(
            "Zoom was not connected and nothing has changed. To let clients and providers meet "
            "on Zoom, authorise again and choose Allow."
        ),
        status=200,
    )


def refused(error: str) -> Answer:
    return Answer(
        _("Zoom did not allow it"),
        _(
            "Zoom sent you back with the word “%(error)s” and nothing was connected. An "
            "administrator of your Zoom account may have to approve the app first."
        )
        % {"error": error[:60]},
    )


def no_code() -> Answer:
    return Answer(
        _("Zoom sent you back without an answer"),
        _("Nothing was connected. Please authorise again and choose Allow."),
    )


def too_late() -> Answer:
    return Answer(
        _("That took a little too long"),
        _("For safety, an authorisation must be finished within ten minutes. Please try again."),
    )


def unknown() -> Answer:
    return Answer(
        _("This authorisation is not open any more"),
        _(
            "It was finished already, replaced by a newer one, or begun in another browser. "
            "Nothing has changed. Please begin again in the settings of Online video meetings."
        ),
        again=False,
        url="/office/",
        label=_("Go to the back office"),
    )


def signed_out() -> Answer:
    return Answer(
        _("You are signed out"),
        _(
            "Nothing was connected, because you were signed out while you were at Zoom. Please "
            "sign in and authorise again."
        ),
        again=False,
        url="/office/",
        label=_("Sign in"),
    )


def not_allowed() -> Answer:
    return Answer(
        _("You may not connect Zoom for this company"),
        _(
            "Nothing was connected. You are signed in as somebody else than before, or your "
            "rights changed meanwhile. Ask an administrator of the company."
        ),
        again=False,
        status=403,
        url="/office/",
        label=_("Go to the back office"),
    )


def already_connected() -> Answer:
    return Answer(
        _("Another Zoom account is connected already"),
        _(
            "A company is connected to one Zoom account at a time, and this one stays connected "
            "as it was. To change accounts, disconnect the present one first."
        ),
        again=False,
        status=409,
    )


def connected_elsewhere() -> Answer:
    return Answer(
        _("This Zoom user is connected to another company"),
        _(
            "Zoom lets one of its users be connected only once here; a second time would break "
            "the first. Disconnect it there, or authorise as another Zoom user."
        ),
        status=409,
    )


def account_elsewhere() -> Answer:
    return Answer(
        _("This Zoom account is connected to another company"),
        _(
            "Each token of a Server-to-Server app ends the one before, so that two companies would "
            "throw each other out. Make a second app in Zoom for this company."
        ),
        status=409,
    )


def account_failed(error: VideoError) -> Answer:
    """Return what to say when a Server-to-Server app was not let in."""
    if error.fault in {Fault.UNREACHABLE, Fault.RATE_LIMITED}:
        return failed(error)
    return Answer(
        _("Zoom did not let the app in"),
        _(
            "Nothing was connected. Look whether account ID, client ID and client secret are those "
            "that Zoom shows, and whether the app is activated there."
        ),
        status=502,
    )


def failed(error: VideoError) -> Answer:
    """Return what to say when Zoom did not give the grant after all."""
    if error.fault == Fault.UNREACHABLE or error.fault == Fault.RATE_LIMITED:
        return Answer(
            _("Zoom does not answer at the moment"),
            _("Nothing was connected. Please try again in a few minutes."),
            status=503,
        )
    if error.fault == Fault.RECONNECT or isinstance(error, NeedsReconnect):
        if error.fault == Fault.SCOPES:
            return Answer(_("The Zoom app lacks a permission"), explanation(error.fault))
        return Answer(
            _("Zoom did not accept the authorisation"),
            _(
                "The code that Zoom sent with you has expired or was used already. Nothing was "
                "connected. Please authorise again."
            ),
        )
    return Answer(
        _("Zoom could not be connected"),
        explanation(error.fault),
        status=502,
        url=settings.ZOOM_INSTALLED_APPS_URL,
        label=_("See the apps installed in Zoom"),
    )
