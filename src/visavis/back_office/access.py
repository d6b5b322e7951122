"""Who may call a page of the back office.

Every view is wrapped by `office(permission, …)`: it resolves the company from the address,
refuses whoever is not a member (404: strangers learn nothing) or lacks the permission (403),
and hands both on. A test walks all routes as every role.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from visavis.companies.models import Company, FormerSlug, Member, User
from visavis.companies.permissions import Permission
from visavis.database.prepared import prepared


class OfficeRequest(HttpRequest):
    """A request of a signed-in member, with the company they work in."""

    user: User
    company: Company
    member: Member


Params = ParamSpec("Params")
View = Callable[Concatenate[OfficeRequest, Params], HttpResponseBase]


def office(
    *permissions: Permission,
) -> Callable[[View[Params]], Callable[..., HttpResponseBase]]:
    """Let members in who have at least one of these permissions (any member, if none is named)."""

    def wrap(view: View[Params]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, company: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_page_looked_at(request))
            member = _member(request.user, company)
            if member is None:
                return _redirect_from_former(request, company)
            if permissions and not any(member.may(one) for one in permissions):
                raise PermissionDenied
            request.company, request.member = member.company, member
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return wrap


def _page_looked_at(request: HttpRequest) -> str:
    """Return where to go on after signing in: what was pressed has an address but no page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()
    return reverse("back_office:home")


def _member(user: User, slug: str) -> Member | None:
    return next(iter(_members(user=user.pk, company=slug)), None)


@prepared
def _members(user: int, company: str) -> QuerySet[Member]:
    members = Member.objects.filter(user=user, company__slug=company)
    return members.select_related("company", "user")


def _redirect_from_former(request: HttpRequest, slug: str) -> HttpResponse:
    former = FormerSlug.objects.select_related("company").filter(slug=slug).first()
    member = former and _member(request.user, former.company.slug)  # type: ignore[arg-type]
    if not member:
        raise Http404
    root = reverse("back_office:dashboard", args=[slug])
    new_root = reverse("back_office:dashboard", args=[member.company.slug])
    return redirect(request.get_full_path().replace(root, new_root, 1))
