"""Sending a client the link to their bookings once more."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from visavis.booking_site.forms.lost_link import LostLinkForm
from visavis.booking_site.rate_limits import limited
from visavis.booking_site.site import SiteRequest, site, site_page
from visavis.bookings import clients


@require_http_methods(["GET", "HEAD", "POST"])
@limited("lost_link", most=10, seconds=600)
@site(always=True)
def lost_link(request: SiteRequest) -> HttpResponse:
    """Mail the link. The answer is the same whether or not we know the address."""
    if request.method == "POST":
        form = LostLinkForm(request.POST)
        if form.is_valid():
            clients.mail_my_bookings(
                request.company,
                form.cleaned_data["email"],
                language=get_language() or request.company.language,
                now=timezone.now(),
            )
            sent = reverse("booking_site:lost_link", args=[request.company.slug])
            return redirect(f"{sent}?sent")
    else:
        form = LostLinkForm()
    context = {"form": form, "sent": "sent" in request.GET and not form.is_bound}
    status = 422 if form.is_bound else 200
    return site_page(request, "booking_site/lost_link.html", context, status=status)
