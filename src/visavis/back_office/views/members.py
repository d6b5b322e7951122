"""The team: who belongs to the company, as what, and who is invited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.members import ROLE_NOTES, InviteForm, RoleForm
from visavis.back_office.pages import office_page
from visavis.companies import operations
from visavis.companies.models import Invitation, Member
from visavis.companies.operations import AlreadyMember, LastOwner, OwnersOnly
from visavis.companies.permissions import Permission, Role
from visavis.notifications import team


@office(Permission.MANAGE_MEMBERS)
def members(request: OfficeRequest) -> HttpResponse:
    """List the members and the open invitations, with what each role may do."""
    rank = {role: place for place, role in enumerate(Role.values)}
    team_rows = Member.objects.filter(company=request.company).select_related("user", "provider")
    open_ones = Invitation.objects.open().filter(company=request.company)
    context = {
        "members": sorted(team_rows, key=lambda one: (rank[one.role], str(one.user).lower())),
        "invitations": open_ones.select_related("invited_by").order_by("-created_at"),
        "roles": [(label, ROLE_NOTES[role]) for role, label in Role.choices],
        "now": timezone.now(),
        "zone": request.company.time_zone,
    }
    return office_page(request, "back_office/company/members.html", context, current="members")


@office(Permission.MANAGE_MEMBERS)
def invite_member(request: OfficeRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST or None, by=request.member, initial={"role": Role.PROVIDER})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = team.invite(
                request.company,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=request.member,
                now=timezone.now(),
            )
        except AlreadyMember:
            form.add_error("email", _("This person is in the team already."))
        else:
            messages.success(
                request,
                _("An invitation is on its way to %(email)s.") % {"email": invitation.email},
            )
            return redirect("back_office:members", request.company.slug)
    return _page(request, "invite_member", {"form": form}, rejected=bool(form.errors))


@office(Permission.MANAGE_MEMBERS)
@require_POST
def resend_invitation(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link in place of the old one."""
    found = _invitation(request, pk)
    try:
        team.invite(
            request.company,
            email=found.email,
            role=Role(found.role),
            by=request.member,
            now=timezone.now(),
        )
    except OwnersOnly:
        messages.error(request, _("Only owners invite owners."))
    except AlreadyMember:
        messages.info(request, _("This person is in the team already."))
    else:
        messages.success(
            request, _("An invitation is on its way to %(email)s.") % {"email": found.email}
        )
    return redirect("back_office:members", request.company.slug)


@office(Permission.MANAGE_MEMBERS)
@require_POST
def withdraw_invitation(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    team.withdraw_invitation(_invitation(request, pk), now=timezone.now())
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("back_office:members", request.company.slug)


@office(Permission.MANAGE_MEMBERS)
def member(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    found = _member(request, pk)
    form = RoleForm(request.POST or None, by=request.member, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_role(found, Role(form.cleaned_data["role"]), by=request.member)
        except (LastOwner, OwnersOnly) as refused:
            form.add_error("role", _why_not(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(
                "back_office:dashboard" if found == request.member else "back_office:members",
                request.company.slug,
            )
    return _page(request, "member", {"form": form, "one": found}, rejected=bool(form.errors))


@office(Permission.MANAGE_MEMBERS)
@require_POST
def remove_member(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take somebody out of the team; or leave it oneself."""
    found = _member(request, pk)
    try:
        operations.remove_member(found, by=request.member)
    except (LastOwner, OwnersOnly) as refused:
        messages.error(request, _why_not(refused))
        return redirect("back_office:member", request.company.slug, pk)
    if found.user == request.user:
        messages.success(request, _("You left %(company)s.") % {"company": request.company})
        return redirect("back_office:home")
    messages.success(request, _("%(name)s left the team.") % {"name": found.user})
    return redirect("back_office:members", request.company.slug)


def _why_not(refused: Exception) -> str:
    if isinstance(refused, LastOwner):
        return _("The company needs at least one owner. Make somebody else an owner first.")
    return _("Only owners make, change or remove owners.")


def _member(request: OfficeRequest, pk: int) -> Member:
    found: Member = get_object_or_404(
        Member.objects.select_related("user", "company"), company=request.company, pk=pk
    )
    return found


def _invitation(request: OfficeRequest, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(Invitation.objects.open(), company=request.company, pk=pk)
    return found


def _page(
    request: OfficeRequest, name: str, context: dict[str, object], *, rejected: bool
) -> HttpResponse:
    return office_page(
        request,
        f"back_office/company/{name}.html",
        context,
        current="members",
        status=422 if rejected else 200,
    )
