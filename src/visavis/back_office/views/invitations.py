"""Accepting an invitation to join a company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from visavis.back_office.views.people import signed_in
from visavis.companies import operations
from visavis.companies.models import Invitation
from visavis.companies.operations import InvitationSpent


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever holds its link; a POST accepts it.

    Who has no sign-in yet signs up first: the session remembers what for.
    """
    found = operations.find_invitation(token)
    state = _state(found)
    if found is None or state != "open":
        request.session.pop("invitation", None)
        context = {"invitation": found, "state": state}
        status = 410 if found else 404
        return render(request, "back_office/entry/invitation_spent.html", context, status=status)
    if request.user.is_anonymous:
        request.session["invitation"] = token
    elif request.method == "POST":
        return _accept(request, found)
    return render(
        request, "back_office/entry/invitation.html", {"invitation": found, "token": token}
    )


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop("invitation", None)
    try:
        member = operations.accept_invitation(found, by=signed_in(request), now=timezone.now())
    except InvitationSpent:
        messages.error(request, _("Somebody used this invitation in the meantime."))
        return redirect("back_office:home")
    messages.success(request, _("Welcome to %(company)s.") % {"company": member.company})
    return redirect("back_office:dashboard", member.company.slug)


def _state(found: Invitation | None) -> str:
    if found is None:
        return "unknown"
    if found.withdrawn_at:
        return "withdrawn"
    if found.accepted_at:
        return "accepted"
    return "expired" if found.expires_at <= timezone.now() else "open"
