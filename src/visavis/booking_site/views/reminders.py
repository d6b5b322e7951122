"""The page behind “no more reminders”, and the address that mail programs call for it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from visavis.booking_site.site import SiteRequest, private, site, site_page
from visavis.bookings import wishes
from visavis.bookings.models import Client


@csrf_exempt  # Mail programs have no cookie of ours (RFC 8058); the key in the address suffices.
@require_http_methods(["GET", "HEAD", "POST"])
@site(always=True)
@private
def reminders(request: SiteRequest, key: str) -> HttpResponse:
    """Show whether a client is reminded and gets texts; a POST stops one, or begins it again.

    A GET changes nothing: programs that look for viruses follow every link.
    """
    client, now = _client_or_404(request, key), timezone.now()
    if request.method == "POST":
        if "texts" in request.POST:
            wishes.text(client, wanted=request.POST["texts"] == "on", now=now)
        else:
            wishes.remind(client, wanted="again" in request.POST, now=now)
        if "List-Unsubscribe" not in request.POST:
            return redirect(request.path)
    context = {"client": client, "texts": wishes.texts_of(client)}
    return site_page(request, "booking_site/reminders.html", context)


def _client_or_404(request: SiteRequest, key: str) -> Client:
    try:
        client = wishes.client_with(key)
    except Client.DoesNotExist:
        raise Http404 from None
    if client.company != request.company:
        raise Http404
    return client
