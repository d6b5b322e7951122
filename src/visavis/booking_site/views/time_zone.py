"""The zone in which a visitor reads times."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from visavis.booking_site.forms.time_zone import TimeZoneForm
from visavis.booking_site.site import SiteRequest, site, site_page
from visavis.booking_site.zones import ZONE_KEY, zone_of


@require_http_methods(["GET", "HEAD", "POST"])
@site(always=True)
def time_zone(request: SiteRequest) -> HttpResponse:
    """Let a visitor choose a zone, and remember it."""
    back = _back(request)
    if request.method == "POST":
        form = TimeZoneForm(request.POST)
        if form.is_valid():
            request.session[ZONE_KEY] = form.cleaned_data["time_zone"]
            return redirect(back)
    else:
        zone = zone_of(request, request.company.time_zone, online=True)
        form = TimeZoneForm(initial={"time_zone": zone})
    context = {"form": form, "back": back}
    status = 422 if form.is_bound else 200
    return site_page(request, "booking_site/time_zone.html", context, status=status)


def _back(request: SiteRequest) -> str:
    """Return the page the visitor came from, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("booking_site:offerings", args=[request.company.slug])
