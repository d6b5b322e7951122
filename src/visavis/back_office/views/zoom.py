"""The way to Zoom's consent page and back, and what can be done with a connection.

Zoom sends everybody back to one address, whichever their company. What was begun is kept in
the session: who, for which company, the secret half of PKCE, and until when. It can be used
once. However people come back, they meet a page that says what happened and what to do.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.views import zoom_answers as answers
from visavis.back_office.views.zoom_answers import Answer
from visavis.companies.models import Company, Member, User, new_token
from visavis.companies.permissions import Permission
from visavis.connections import authorising, hosts, operations, zoom
from visavis.connections.authorising import AlreadyConnected, ConnectedElsewhere
from visavis.connections.models import Connection, Mode
from visavis.connections.probes import CALLBACK_HEADER
from visavis.connections.registrations import Registration
from visavis.gateways.video import TellAdministrator, VideoError
from visavis.gateways.video.zoom.oauth import new_verifier
from visavis.meetings.models import Meeting
from visavis.meetings.operations import look_again

SESSION_KEY = "zoom_authorisation"
VALID = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """An authorisation that somebody went to Zoom for."""

    state: str
    verifier: str
    company_id: int
    user_id: int
    at: str

    def expired(self, now: datetime) -> bool:
        return now - datetime.fromisoformat(self.at) > VALID


def callback_address() -> str:
    """Return where Zoom sends people back to, as it must be registered there."""
    return f"{settings.BASE_URL}{reverse('connect:zoom_callback')}"


@office(Permission.MANAGE_CONNECTIONS)
@require_POST
def authorise(request: OfficeRequest) -> HttpResponse:
    """Connect Zoom: go there to be asked, or let the company's Server-to-Server app in."""
    try:
        registration = authorising.required(request.company)
    except TellAdministrator:
        return redirect("back_office:zoom_setup", request.company.slug)
    return _connect_account(request) if registration.server else _depart(request, registration)


@office(Permission.MANAGE_CONNECTIONS)
@require_POST
def reconnect(request: OfficeRequest) -> HttpResponse:
    """End the connection so that Zoom asks for consent again, and go there at once."""
    try:
        registration = authorising.required(request.company)
    except TellAdministrator:
        return redirect("back_office:zoom_setup", request.company.slug)
    connection = operations.live_connection(request.company)
    if connection is not None and not (registration.server and registration.made(connection)):
        operations.disconnect(connection, because="reconnected", now=timezone.now())
    return _connect_account(request) if registration.server else _depart(request, registration)


@office(Permission.MANAGE_CONNECTIONS)
@require_POST
def disconnect(request: OfficeRequest) -> HttpResponse:
    connection = operations.live_connection(request.company)
    if connection is None:
        messages.info(request, _("Zoom was not connected."))
    elif connection.mode == Mode.SERVER:
        operations.disconnect(connection, because="disconnected", now=timezone.now())
        messages.success(
            request,
            _(
                "Zoom is disconnected. The Server-to-Server app itself stays in Zoom: deactivate "
                "it there if nobody needs it."
            ),
        )
    elif operations.disconnect(connection, because="disconnected", now=timezone.now()):
        messages.success(
            request, _("Zoom is disconnected, and Zoom confirmed that it removed the app.")
        )
    else:
        messages.warning(
            request,
            _(
                "Zoom is disconnected here, but Zoom did not confirm that it removed the app. "
                "Please remove it in Zoom's list of installed apps as well."
            ),
        )
    return redirect("back_office:online_meetings", request.company.slug)


@office(Permission.MANAGE_CONNECTIONS)
@require_POST
def refresh_users(request: OfficeRequest) -> HttpResponse:
    connection = operations.live_connection(request.company)
    if connection is not None:
        hosts.look_around(connection, clock=timezone.now)
        count = connection.users.filter(gone_at=None).count()
        messages.success(
            request,
            ngettext(
                "One Zoom user can be chosen as host.",
                "%(count)s Zoom users can be chosen as hosts.",
                count,
            )
            % {"count": count},
        )
    return redirect("back_office:online_meetings", request.company.slug)


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Take what Zoom sent back, finish what was begun, or say what is in the way."""
    response = _callback(request)
    name, value = CALLBACK_HEADER
    response[name] = value
    return response


def _callback(request: HttpRequest) -> HttpResponse:
    begun = _begun(request)
    if begun is None or not constant_time_compare(begun.state, request.GET.get("state", "")):
        signed_in = request.user.is_authenticated
        return _say(request, answers.unknown() if signed_in else answers.signed_out())
    del request.session[SESSION_KEY]
    member = _member(request, begun)
    if member is None:
        return _say(request, answers.not_allowed())
    if begun.expired(timezone.now()):
        return _say(request, answers.too_late(), member.company)
    if request.GET.get("error"):
        declined = request.GET["error"] == "access_denied"
        answer = answers.declined() if declined else answers.refused(request.GET["error"])
        return _say(request, answer, member.company)
    if not request.GET.get("code"):
        return _say(request, answers.no_code(), member.company)
    return _complete(request, member, begun)


def _complete(request: HttpRequest, member: Member, begun: Begun) -> HttpResponse:
    company = member.company
    try:
        connection = authorising.complete_authorisation(
            company,
            code=request.GET["code"],
            verifier=begun.verifier,
            redirect_uri=callback_address(),
            by=member.user,
            clock=timezone.now,
        )
    except AlreadyConnected:
        return _say(request, answers.already_connected(), company)
    except ConnectedElsewhere:
        return _say(request, answers.connected_elsewhere(), company)
    except VideoError as error:
        return _say(request, answers.failed(error), company)
    return _connected(request, connection)


def _connect_account(request: OfficeRequest) -> HttpResponse:
    """Connect the account of a Server-to-Server app: nobody needs to be asked at Zoom."""
    try:
        connection = authorising.connect_account(
            request.company, by=request.user, clock=timezone.now
        )
    except AlreadyConnected:
        return _say(request, answers.already_connected(), request.company)
    except ConnectedElsewhere:
        return _say(request, answers.account_elsewhere(), request.company)
    except VideoError as error:
        return _say(request, answers.account_failed(error), request.company)
    return _connected(request, connection)


def _connected(request: HttpRequest, connection: Connection) -> HttpResponse:
    company = connection.company
    # What was found wrong while nothing was connected may be right now.
    look_again(Meeting.objects.filter(company=company).exclude(fault=""), now=timezone.now())
    _congratulate(request, connection)
    return redirect("back_office:online_meetings", company.slug)


def _congratulate(request: HttpRequest, connection: Connection) -> None:
    if connection.shared_access == Connection.SharedAccess.NO:
        messages.warning(
            request, _("Zoom is connected, but access is not shared: read what that means.")
        )
    else:
        messages.success(request, _("Zoom is connected. Now choose who meets as which Zoom user."))


def _depart(request: OfficeRequest, registration: Registration) -> HttpResponse:
    """Remember what is begun and send the browser to Zoom, from a page of our own.

    Not by a redirect: our Content-Security-Policy would hold every hop of what follows a form
    against `form-action`, and where Zoom sends people for their sign-in is Zoom's affair.
    """
    begun = Begun(
        state=new_token(),
        verifier=new_verifier(),
        company_id=request.company.pk,
        user_id=request.user.pk,
        at=timezone.now().isoformat(),
    )
    request.session[SESSION_KEY] = asdict(begun)
    url = zoom.app(registration).authorise_url(
        redirect_uri=callback_address(), state=begun.state, verifier=begun.verifier
    )
    page = {"company": request.company, "url": url}
    return render(request, "back_office/meetings/departure.html", page)


def _begun(request: HttpRequest) -> Begun | None:
    try:
        return Begun(**request.session[SESSION_KEY])
    except (KeyError, TypeError):
        return None


def _member(request: HttpRequest, begun: Begun) -> Member | None:
    """Return who comes back, if they still are who left and still may connect."""
    user = cast("User", request.user)
    if user.pk != begun.user_id:
        return None
    member = (
        Member.objects.select_related("company", "user")
        .filter(company=begun.company_id, user=user)
        .first()
    )
    return member if member and member.may(Permission.MANAGE_CONNECTIONS) else None


def _say(request: HttpRequest, answer: Answer, company: Company | None = None) -> HttpResponse:
    page: dict[str, Any] = {"answer": answer, "company": company, "settings_page": ""}
    if company is not None:
        page["settings_page"] = reverse("back_office:online_meetings", args=[company.slug])
    return render(request, "back_office/meetings/answer.html", page, status=answer.status)
