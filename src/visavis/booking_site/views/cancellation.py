"""A client calls a booking off."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.booking_site.forms.cancellation import CancellationForm
from visavis.booking_site.mine import addresses_of, booking_or_404
from visavis.booking_site.refusals import CHANGES
from visavis.booking_site.site import SiteRequest, private, site, site_page
from visavis.booking_site.zones import zone_of
from visavis.bookings import policies
from visavis.bookings.actors import by_client
from visavis.bookings.models import Booking
from visavis.bookings.operations import ending
from visavis.bookings.policies import ChangeRefused
from visavis.core.policies import ChangeRefusal


@require_http_methods(["GET", "HEAD", "POST"])
@site(always=True)
@private
def cancellation(request: SiteRequest, token: str, code: str) -> HttpResponse:
    """Ask first, then cancel, as far as the company's rules allow."""
    booking, now = booking_or_404(request, token, code), timezone.now()
    refusal = policies.cancel_refusal(booking, now=now)
    form = CancellationForm(request.POST if request.method == "POST" else None)
    if refusal is None and form.is_valid():
        why = form.cleaned_data["reason"]
        try:
            ending.cancel(booking, by=by_client(booking.name), now=now, why=why)
        except ChangeRefused as refused:
            refusal = refused.why
        else:
            messages.success(request, _("Your booking has been cancelled."))
            return redirect(addresses_of(booking).booking)
    until = policies.cancellable_until(booking)
    return change_page(
        request, "booking_site/cancellation.html", booking, refusal, until=until, form=form
    )


def change_page(
    request: SiteRequest,
    template: str,
    booking: Booking,
    refusal: ChangeRefusal | None,
    *,
    until: datetime,
    **context: object,
) -> HttpResponse:
    """Render a page that changes a booking, or says why it cannot be changed.

    `until` is the last moment at which the client may.
    """
    common = {
        "booking": booking,
        "addresses": addresses_of(booking),
        "zone": zone_of(request, booking.time_zone),
        "refusal": CHANGES[refusal] if refusal else "",
        "too_late": refusal is ChangeRefusal.TOO_LATE,
        "until": until,
    }
    status = 422 if request.method == "POST" else 200
    return site_page(request, template, common | context, status=status)
