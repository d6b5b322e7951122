"""A company's privacy terms."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from visavis.booking_site.site import SiteRequest, site, site_page


@require_safe
@site(always=True)
def privacy(request: SiteRequest) -> HttpResponse:
    """Show the terms to which clients agree."""
    if not request.company.privacy_terms:
        raise Http404
    return site_page(request, "booking_site/privacy.html")
