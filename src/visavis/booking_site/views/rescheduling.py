"""A client moves a booking to another time."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.booking_site import converters
from visavis.booking_site.mine import addresses_of, booking_or_404
from visavis.booking_site.offered import Offered, offered_again
from visavis.booking_site.picking import picker_page
from visavis.booking_site.refusals import STARTS
from visavis.booking_site.site import SiteRequest, private, site
from visavis.booking_site.views.cancellation import change_page
from visavis.booking_site.zones import zone_of
from visavis.bookings import policies
from visavis.bookings.actors import by_client
from visavis.bookings.models import Booking
from visavis.bookings.operations import moving
from visavis.bookings.policies import ChangeRefused
from visavis.bookings.seats import StartRefused
from visavis.core.policies import ChangeRefusal


@require_http_methods(["GET", "HEAD", "POST"])
@site(always=True)
@private
def rescheduling(request: SiteRequest, token: str, code: str) -> HttpResponse:
    """Offer other times; a chosen one is confirmed first, then the booking moves."""
    booking, now = booking_or_404(request, token, code), timezone.now()
    refusal = policies.move_refusal(booking, now=now)
    if refusal is not None:
        return _refused(request, booking, refusal)
    wished = offered_again(booking, request.GET)
    start = converters.read(request.GET.get("start", ""))
    if request.method == "POST" and start is not None:
        return _move(request, booking, wished, start, now=now)
    if start is not None:
        return _confirmation(request, booking, wished, start)
    return picker_page(
        request,
        "booking_site/rescheduling.html",
        wished,
        now=now,
        slot_url=lambda other: _url(request, wished, other),
        moving=booking,
        context={"booking": booking, "addresses": addresses_of(booking)},
    )


def _move(
    request: SiteRequest, booking: Booking, wished: Offered, start: datetime, *, now: datetime
) -> HttpResponse:
    try:
        moving.move(
            booking, starts_at=start, provider=wished.provider, by=by_client(booking.name), now=now
        )
    except StartRefused as refused:
        return _confirmation(request, booking, wished, start, refused)
    except ChangeRefused as refused:
        return _refused(request, booking, refused.why)
    messages.success(request, _("Your booking has been moved."))
    return redirect(addresses_of(booking).booking)


def _refused(request: SiteRequest, booking: Booking, why: ChangeRefusal) -> HttpResponse:
    until = policies.movable_until(booking)
    return change_page(request, "booking_site/change_refused.html", booking, why, until=until)


def _confirmation(
    request: SiteRequest,
    booking: Booking,
    wished: Offered,
    start: datetime,
    refused: StartRefused | None = None,
) -> HttpResponse:
    length = booking.appointment.ends_at - booking.appointment.starts_at
    return change_page(
        request,
        "booking_site/rescheduling_confirm.html",
        booking,
        None,
        until=policies.movable_until(booking),
        offered=wished,
        start=start,
        end=start + length,
        zone=zone_of(request, booking.time_zone),
        start_refusal=STARTS[refused.why] if refused else "",
        instead=[
            (other, _url(request, wished, other)) for other in (refused.instead if refused else ())
        ],
        times_url=f"{request.path}?{urlencode(wished.query)}",
    )


def _url(request: SiteRequest, wished: Offered, start: datetime) -> str:
    query = {**wished.query, "start": converters.written(start)}
    return f"{request.path}?{urlencode(query)}"
