"""What every page of a booking site begins with: whose site it is, and in which language."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from visavis.companies.models import Company, FormerSlug, Member
from visavis.database import rules
from visavis.database.prepared import prepared


class SiteRequest(HttpRequest):
    """A visitor's request, with the company whose site they are on."""

    company: Company
    # A member looks at a site that is not public yet.
    preview: bool


Params = ParamSpec("Params")
View = Callable[Concatenate[SiteRequest, Params], HttpResponse]


def site(*, always: bool = False) -> Callable[[View[Params]], Callable[..., HttpResponse]]:
    """Resolve the company of the address. With `always` the page is there while unpublished.

    A former address redirects; a site that is not public is shown to members alone.
    """

    def wrap(view: View[Params]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: Any, company: str, *args: Any, **kwargs: Any) -> HttpResponse:
            found = next(iter(_companies(slug=company)), None)
            if found is None:
                return _redirect_from_former(request, company)
            request.company, request.preview = found, False
            if not _speaks(request):
                translation.activate(found.language)
                request.LANGUAGE_CODE = found.language
            if not found.published and not always:
                if not _is_member(request, found):
                    return site_page(request, "booking_site/unpublished.html", status=404)
                request.preview = True
            with rules.as_of(found.rules_version):
                return view(request, *args, **kwargs)

        return guarded

    return wrap


def private(view: View[Params]) -> Callable[..., HttpResponse]:
    """Keep a page whose address is a secret out of caches, search engines and other sites.

    Browsers send no `Origin` with forms of pages whose policy is `no-referrer`, and Django
    then refuses them; `same-origin` keeps the address from other sites just as well.
    """

    @wraps(view)
    def guarded(request: SiteRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def site_page(
    request: SiteRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the company's site."""
    frame = {
        "company": request.company,
        "home_url": reverse("booking_site:offerings", args=[request.company.slug]),
        "preview": request.preview,
    }
    return render(request, template, frame | dict(context or {}), status=status)


@prepared
def _companies(slug: str) -> QuerySet[Company]:
    return Company.objects.filter(slug=slug)


def _redirect_from_former(request: HttpRequest, slug: str) -> HttpResponse:
    former = FormerSlug.objects.select_related("company").filter(slug=slug).first()
    if former is None:
        raise Http404
    root = reverse("booking_site:offerings", args=[slug])
    new_root = reverse("booking_site:offerings", args=[former.company.slug])
    return redirect(request.get_full_path().replace(root, new_root, 1), preserve_request=True)


def _speaks(request: HttpRequest) -> bool:
    """Return whether the visitor chose a language, or their browser asks for one we have."""
    wanted = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    header = request.headers.get("Accept-Language", "")
    wanted += [code for code, _weight in parse_accept_lang_header(header)]
    return any(_have(code) for code in wanted)


def _have(code: str) -> bool:
    try:
        return bool(translation.get_supported_language_variant(code))
    except LookupError:
        return False


def _is_member(request: HttpRequest, company: Company) -> bool:
    user = request.user
    return user.is_authenticated and Member.objects.filter(company=company, user=user.pk).exists()
